package org.mien.trainer.loop;

import org.mien.core.config.Setting;

/**
 * Ends a training that no longer gets better on the validation rows. Which epoch is kept does not
 * depend on it: {@link TrainingState#bestEpoch}.
 *
 * @param patience epochs without a better one
 * @param measure what better means
 */
public record EarlyStopping(
    @Setting(
            value = "Epochs without a better one after which the training ends.",
            min = 1,
            max = 100_000)
        int patience,
    @Setting(
            value =
                "What is better: a higher accuracy (among equals, a lower loss) or a lower loss, on"
                    + " the validation images.",
            defaultValue = "accuracy")
        Measure measure) {

  /** What better means. */
  public enum Measure {
    ACCURACY,
    LOSS
  }

  /** Whether the training ends here: a function of the epochs alone, so it resumes exactly. */
  boolean endsAfter(TrainingState state) {
    int best = measure == Measure.LOSS ? state.lowestLossEpoch() : state.bestEpoch();
    return best > 0 && state.epochs().size() - best >= patience;
  }
}
