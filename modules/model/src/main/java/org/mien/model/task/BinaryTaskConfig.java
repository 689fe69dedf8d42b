package org.mien.model.task;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.loss.OrdinalLoss;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Something a face has or not, by a sigmoid: cross-entropy of one answer, which is {@link
 * OrdinalLoss} with one question.
 *
 * @param positive values of the attribute that mean yes; every other value means no
 */
@TypeName("binary")
public record BinaryTaskConfig(
    @Setting(
            value = "Values of the attribute that mean yes; every other value means no.",
            defaultValue = "['true', '1', 'yes']")
        List<String> positive)
    implements TaskLossConfig {
  public BinaryTaskConfig {
    positive = List.copyOf(positive);
    if (positive.isEmpty()) {
      throw new IllegalArgumentException("positive: expected at least one value that means yes");
    }
  }

  @Override
  public ILossFunction toLossFunction() {
    return new OrdinalLoss();
  }

  @Override
  public ModelTask resolve(String name, String attribute, SortedMap<String, Integer> counts) {
    boolean some = counts.keySet().stream().anyMatch(positive::contains);
    if (!some || positive.containsAll(counts.keySet())) {
      throw new IllegalArgumentException(
          "positive: "
              + (some ? "every" : "no")
              + " training image has one of the values "
              + positive
              + ", so there is nothing to tell apart; the values are "
              + ModelTask.some(counts.keySet()));
    }
    return new ModelTask(name, attribute, ModelTask.Kind.BINARY, positive, Optional.empty());
  }
}
