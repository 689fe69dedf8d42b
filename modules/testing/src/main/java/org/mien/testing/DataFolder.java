package org.mien.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder of real data: {@code MIEN_DATA}, else {@code ../shared} beside the project. */
public final class DataFolder {
  private DataFolder() {}

  /** Returns the folder, whether it exists or not. */
  public static Path path() {
    String named = System.getProperty("MIEN_DATA", System.getenv("MIEN_DATA"));
    return named != null && !named.isBlank()
        ? Path.of(named)
        : projectRoot().resolve("../shared").normalize();
  }

  /** Returns the root of the project's checkout. */
  public static Path projectRoot() {
    String home = System.getProperty("mien.home");
    if (home != null && !home.isBlank()) {
      return Path.of(home).toAbsolutePath().normalize();
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("modules"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside Mien's checkout; set -Dmien.home");
    }
    return folder;
  }
}
