package org.mien.core.error;

import java.nio.file.Path;

/** A data or weight file is missing, damaged or not what it should be; exit code 3. */
public final class DataException extends MienException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    this(message, null);
  }

  public DataException(String message, Throwable cause) {
    super(3, message, cause);
  }

  /** An error in a file as a whole: {@code file: what is wrong and what was expected}. */
  public static DataException in(Path file, String problem) {
    return new DataException(file + ": " + problem);
  }

  /** As {@link #in(Path, String)}, with the error that made it known. */
  public static DataException in(Path file, String problem, Throwable cause) {
    return new DataException(file + ": " + problem, cause);
  }

  /** As {@link #in(Path, String)}, for what lies inside a container: {@code where: problem}. */
  public static DataException in(String where, String problem) {
    return new DataException(where + ": " + problem);
  }

  /** As {@link #in(String, String)}, with the error that made it known. */
  public static DataException in(String where, String problem, Throwable cause) {
    return new DataException(where + ": " + problem, cause);
  }

  /** An error in one line (counted from 1) of a text file: {@code file:line: problem}. */
  public static DataException atLine(Path file, long line, String problem) {
    return new DataException(file + ":" + line + ": " + problem);
  }
}
