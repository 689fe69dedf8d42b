package org.mien.data.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mien.core.error.DataException;

/** The names in one folder, in order, without hidden ones. */
final class FlatFolder {
  private FlatFolder() {}

  static List<String> filesIn(Path folder) {
    return namesIn(folder, false);
  }

  static List<String> foldersIn(Path folder) {
    return namesIn(folder, true);
  }

  private static List<String> namesIn(Path folder, boolean directories) {
    if (!Files.isDirectory(folder)) {
      throw DataException.in(
          folder.toAbsolutePath().normalize(),
          (Files.exists(folder) ? "is not a folder" : "does not exist")
              + "; expected a folder of images");
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && Files.isDirectory(entry) == directories) {
          names.add(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw DataException.in(folder, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    names.sort(null);
    return names;
  }
}
