package org.mien.model.task;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.loss.OrdinalLoss;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * An age in years, as answers to "older than 0?", "older than 1?" and so on. See {@link
 * OrdinalLoss}.
 *
 * @param oldest the oldest age there is
 */
@TypeName("age-ordinal")
public record AgeOrdinalTaskConfig(
    @Setting(
            value = "The oldest age there is; an output for each year before it asks: older?",
            defaultValue = "120",
            min = 1,
            max = 150)
        int oldest)
    implements TaskLossConfig {
  public AgeOrdinalTaskConfig {
    ModelTask.requireOldest(oldest);
  }

  @Override
  public ILossFunction toLossFunction() {
    return new OrdinalLoss();
  }

  @Override
  public ModelTask resolve(String name, String attribute, SortedMap<String, Integer> counts) {
    return new ModelTask(
        name, attribute, ModelTask.Kind.AGE_ORDINAL, List.of(), Optional.of(oldest));
  }
}
