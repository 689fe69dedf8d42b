package org.mien.core.error;

/** The configuration or the command line is wrong; exit code 2. */
public final class ConfigException extends MienException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    this(message, null);
  }

  public ConfigException(String message, Throwable cause) {
    super(2, message, cause);
  }
}
