package org.mien.trainer.loop;

/** The training was asked to stop and did so after writing a checkpoint. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppedException(int epoch, int step) {
    super("stopped in epoch " + epoch + " after step " + step);
  }
}
