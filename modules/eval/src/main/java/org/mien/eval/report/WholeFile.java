package org.mien.eval.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.mien.core.error.DataException;

/** Writes a text file so that a reader sees either the old one or the whole new one. */
final class WholeFile {
  private WholeFile() {}

  /**
   * Writes UTF-8 text to a temporary name beside {@code file} and moves it there.
   *
   * @throws DataException where it cannot be written; an older file is then unharmed
   */
  static void write(Path file, String text) {
    Path target = file.toAbsolutePath();
    // Not createTempFile: its files are private to the user, and a report is there to be shared.
    Path temporary =
        target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.writeString(temporary, text, StandardCharsets.UTF_8);
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      DataException failure =
          DataException.in(file, "cannot be written (" + e.getClass().getSimpleName() + ")", e);
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }
}
