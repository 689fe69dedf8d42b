package org.mien.trainer.loop;

/** The work was asked to stop and did so; what was done so far is kept. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message where it stopped, in words
   */
  public StoppedException(String message) {
    super(message);
  }

  StoppedException(int epoch, int step) {
    this("stopped in epoch " + epoch + " after step " + step);
  }
}
