package org.mien.core.error;

import java.util.Locale;

/** The loss became NaN or infinite; exit code 4. */
public final class TrainingDivergedException extends MienException {
  private static final long serialVersionUID = 1L;

  public TrainingDivergedException(int epoch, long step, double loss, String advice) {
    super(
        4,
        String.format(
            Locale.ROOT,
            "training diverged in epoch %d at step %d: the loss is %s. %s",
            epoch,
            step,
            loss,
            advice),
        null);
  }
}
