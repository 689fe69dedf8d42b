package org.mien.model.task;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.loss.ExpectationLoss;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * An age in years, as the expectation of a softmax over whole years. See {@link ExpectationLoss}.
 *
 * @param oldest the last year that has an output; the first is 0
 * @param deviationYears how far a year's label spreads to its neighbours; 0 not at all
 * @param expectationWeight of the distance in years between expectation and label
 */
@TypeName("age")
public record AgeTaskConfig(
    @Setting(
            value = "The oldest age there is; outputs are the years from 0 to it.",
            defaultValue = "120",
            min = 1,
            max = 150)
        int oldest,
    @Setting(
            value =
                "How far the label of a year spreads to its neighbours, in years; 0: not at all.",
            defaultValue = "2.0",
            min = 0,
            max = 1000)
        double deviationYears,
    @Setting(
            value =
                "Weight of the distance in years between estimated and true age, beside the"
                    + " cross-entropy of the years.",
            defaultValue = "1.0",
            min = 0,
            max = 1000)
        double expectationWeight)
    implements TaskLossConfig {
  public AgeTaskConfig {
    ModelTask.requireOldest(oldest);
  }

  @Override
  public ILossFunction toLossFunction() {
    return new ExpectationLoss(deviationYears, expectationWeight);
  }

  @Override
  public ModelTask resolve(String name, String attribute, SortedMap<String, Integer> counts) {
    return new ModelTask(name, attribute, ModelTask.Kind.AGE, List.of(), Optional.of(oldest));
  }
}
