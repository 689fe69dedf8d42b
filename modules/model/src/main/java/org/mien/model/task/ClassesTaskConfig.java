package org.mien.model.task;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.loss.CategoryLoss;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * One of several categories, such as an expression: softmax over the values that the training
 * images have, in sorted order. See {@link CategoryLoss}.
 *
 * @param labelSmoothing share of the target that is spread evenly over all categories
 */
@TypeName("classes")
public record ClassesTaskConfig(
    @Setting(
            value = "Share of the target that is spread evenly over all categories.",
            defaultValue = "0.0",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double labelSmoothing)
    implements TaskLossConfig {
  /** More are hardly categories: an attribute of numbers or of names was meant otherwise. */
  private static final int MOST = 1000;

  public ClassesTaskConfig {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "expected a label smoothing in [0, 1), was " + labelSmoothing);
    }
  }

  @Override
  public ILossFunction toLossFunction() {
    return new CategoryLoss(labelSmoothing);
  }

  @Override
  public ModelTask resolve(String name, String attribute, SortedMap<String, Integer> counts) {
    if (counts.size() < 2 || counts.size() > MOST) {
      throw new IllegalArgumentException(
          "expected 2 to "
              + MOST
              + " different values among the training images, found "
              + (counts.size() < 2
                  ? "only " + counts.keySet()
                  : counts.size() + "; is it a number, for type: age?"));
    }
    return new ModelTask(
        name, attribute, ModelTask.Kind.CLASSES, List.copyOf(counts.keySet()), Optional.empty());
  }
}
