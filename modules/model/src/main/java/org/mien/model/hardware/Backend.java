package org.mien.model.hardware;

import java.util.Locale;
import org.mien.core.error.ConfigException;

/** What the user wants networks to run on. */
public enum Backend {
  /** The processor, whatever GPU there is. */
  CPU,

  /** An NVIDIA GPU, or an error that says what is in the way. */
  CUDA,

  /** The GPU where one can be used, else the processor. */
  AUTO;

  /** System property that names the backend; read once, when ND4J starts. */
  public static final String PROPERTY = "mien.backend";

  /** Environment variable that names it where the property does not. */
  public static final String VARIABLE = "MIEN_BACKEND";

  /**
   * Reads {@code cpu}, {@code cuda} or {@code auto}.
   *
   * @param source where the word stands, for errors, such as {@code --backend}
   */
  public static Backend parse(String word, String source) {
    for (Backend backend : values()) {
      if (backend.word().equals(word)) {
        return backend;
      }
    }
    throw new ConfigException(source + ": expected cpu, cuda or auto, was " + word);
  }

  /** What this process was told to use: the property, else the variable, else {@link #AUTO}. */
  public static Backend wanted() {
    String property = System.getProperty(PROPERTY);
    if (property != null) {
      return parse(property, "the system property " + PROPERTY);
    }
    String variable = System.getenv(VARIABLE);
    return variable == null || variable.isEmpty()
        ? AUTO
        : parse(variable, "the environment variable " + VARIABLE);
  }

  /** Returns the word that {@link #parse} reads. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
