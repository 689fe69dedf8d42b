package org.mien.trainer.loop;

import org.mien.core.config.Setting;

/**
 * Ends a training that no longer gets better on the validation rows. Which epoch is kept does not
 * depend on it: {@link EpochChoice}.
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
                "What is better, on the validation images: what chooseBy says, a higher accuracy of"
                    + " the identities (among equals, a lower loss), or a lower loss of theirs.",
            defaultValue = "choice")
        Measure measure) {

  /** What better means. */
  public enum Measure {
    CHOICE,
    ACCURACY,
    LOSS
  }

  /** Whether the training ends here: a function of the epochs alone, so it resumes exactly. */
  boolean endsAfter(TrainingState state, EpochChoice choice) {
    int best =
        state.bestEpoch(
            switch (measure) {
              case CHOICE -> choice;
              case ACCURACY -> EpochChoice.ACCURACY;
              case LOSS -> EpochChoice.LOSS;
            });
    return best > 0 && state.epochs().size() - best >= patience;
  }
}
