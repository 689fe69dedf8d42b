package org.mien.cli;

import java.nio.file.Path;
import java.util.Map;

/** What recipes may write as {@code ${NAME}}. */
final class DataVariables {
  private DataVariables() {}

  /** Returns the root of Mien's own files: where {@code configs} lies. */
  static Path home() {
    String home = System.getProperty("mien.home");
    return home == null ? Path.of("").toAbsolutePath() : Path.of(home);
  }

  /**
   * {@code MIEN_DATA}: the system property or environment variable of that name, else the folder
   * {@code shared} beside Mien's own.
   */
  static Map<String, String> values() {
    String data = System.getProperty("MIEN_DATA", System.getenv("MIEN_DATA"));
    if (data == null || data.isBlank()) {
      data = home().resolve("../shared").normalize().toString();
    }
    return Map.of("MIEN_DATA", data, "MIEN_HOME", home().toString());
  }
}
