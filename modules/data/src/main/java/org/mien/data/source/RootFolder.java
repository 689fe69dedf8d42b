package org.mien.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.error.DataException;

/** A folder that lists refer into, and that nothing they say may leave. */
final class RootFolder {
  private final Path folder;
  private final Path real;

  private RootFolder(Path folder, Path real) {
    this.folder = folder;
    this.real = real;
  }

  /**
   * @throws DataException if it does not exist
   */
  static RootFolder of(Path folder) {
    try {
      return new RootFolder(folder, folder.toRealPath());
    } catch (NoSuchFileException e) {
      throw DataException.in(
          folder.toAbsolutePath().normalize(), "does not exist; expected a folder of images", e);
    } catch (IOException e) {
      throw DataException.in(folder, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /**
   * Returns a path under this folder, or nothing if it would leave it: absolute, by {@code ..}, or
   * no path at all.
   */
  Optional<Path> resolve(String relative) {
    try {
      Path path = folder.resolve(relative).normalize();
      boolean inside = path.startsWith(folder.normalize()) && !Path.of(relative).isAbsolute();
      return inside && !relative.isBlank() ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private boolean liesBehindLink(Path file) {
    for (Path part = file; part != null && !part.equals(folder); part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        return true;
      }
    }
    return false;
  }

  /** Returns why a file under this folder cannot be used; nothing if it can. */
  Optional<String> problemWith(Path file) {
    if (liesBehindLink(file)) {
      try {
        if (!file.toRealPath().startsWith(real)) {
          return Optional.of("is a link that leaves the data set's folder; not followed");
        }
      } catch (IOException e) {
        return Optional.of("is missing");
      }
    }
    return Files.isRegularFile(file) ? Optional.empty() : Optional.of("is missing");
  }
}
