package org.mien.core.error;

/** An error with a cause outside the program, told to the user in one clear message. */
public abstract class MienException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  MienException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Returns the code the process exits with. */
  public final int exitCode() {
    return exitCode;
  }
}
