package org.mien.core.error;

import java.util.Locale;

/** A loss, gradient or weight became NaN or infinite, or the loss exploded; exit code 4. */
public final class TrainingDivergedException extends MienException {
  private static final long serialVersionUID = 1L;

  /**
   * @param epoch from 1
   * @param step from 1, over the whole training
   * @param problem what was seen, on which images, at which learning rate
   * @param advice what to try
   */
  public TrainingDivergedException(int epoch, long step, String problem, String advice) {
    super(
        4,
        String.format(
            Locale.ROOT,
            "training diverged in epoch %d at step %d: %s. %s",
            epoch,
            step,
            problem,
            advice),
        null);
  }
}
