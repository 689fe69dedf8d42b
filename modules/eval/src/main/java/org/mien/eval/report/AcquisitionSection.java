package org.mien.eval.report;

import java.util.List;
import java.util.Objects;

/**
 * Images of which no embedding could be made (failure to acquire, ISO/IEC 19795-1).
 *
 * @param treatment what becomes of pairs and searches with such an image, as a sentence
 * @param stages where images were lost, in the order in which they pass
 */
public record AcquisitionSection(String treatment, List<Stage> stages) {

  /**
   * One step.
   *
   * @param name such as {@code reading}, {@code detection}, {@code quality}
   * @param failures of the images that came to this step
   */
  public record Stage(String name, CountedRate failures) {
    public Stage {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(failures, "failures");
    }

    /** Counts images, each independent. */
    public static Stage of(String name, long failures, long images) {
      return new Stage(name, CountedRate.of(failures, images));
    }
  }

  public AcquisitionSection {
    Objects.requireNonNull(treatment, "treatment");
    stages = ReportParts.list(stages);
  }
}
