package org.mien.data.source;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mien.core.error.DataException;
import org.mien.data.manifest.Skipped;

/**
 * Lists the folders of a data set and collects what cannot be used. Names are in the order of their
 * UTF-16 code units, whatever the locale or the file system. Hidden files (names that begin with a
 * dot) are passed over in silence.
 *
 * <p>Symbolic links are followed inside the data set's folder only: one that leads out of it is
 * listed and not read. The data set's folder itself may be a link.
 */
final class FolderListing {
  /**
   * Something in a folder.
   *
   * @param name its own
   * @param key its path below the data set's folder, with slashes
   * @param path to open it
   * @param kind a folder, a file or something else; never a link that leaves
   */
  record Entry(String name, String key, Path path, FolderTree.Kind kind) {
    boolean isFolder() {
      return kind == FolderTree.Kind.FOLDER;
    }

    boolean isFile() {
      return kind == FolderTree.Kind.FILE;
    }
  }

  private final Path folder;
  private final FolderTree tree;
  private final String expected;
  private final Path root;
  private final List<Skipped> skipped = new ArrayList<>();

  /**
   * @param expected what the folder should hold, after the words "a folder that holds"
   * @throws DataException if it does not exist
   */
  FolderListing(Path folder, FolderTree tree, String expected) {
    this.folder = folder;
    this.tree = tree;
    this.expected = expected;
    try {
      root = tree.realRoot(folder);
    } catch (NoSuchFileException e) {
      throw DataException.in(
          folder.toAbsolutePath().normalize(),
          "does not exist; expected a folder that holds "
              + expected
              + ". If it is part of a collection of data sets, set MIEN_DATA to the folder that"
              + " collection lies in",
          e);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** Returns the last part of a path, as a name for reports. */
  static String nameOf(Path folder) {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    return last == null ? folder.toString() : last.toString();
  }

  /** Lists the data set's folder. */
  List<Entry> entries() {
    return entries(folder, "");
  }

  /** Lists a folder in it. */
  List<Entry> entries(Entry inside) {
    return entries(inside.path, inside.key + "/");
  }

  /** Lists something as unusable. */
  void skip(String key, String reason) {
    skipped.add(new Skipped(key, reason));
  }

  /** Returns what cannot be used, in the order of the keys. */
  List<Skipped> skipped() {
    skipped.sort(Comparator.comparing(Skipped::key));
    return List.copyOf(skipped);
  }

  /** The error of a data set of which nothing is left, with the first reasons. */
  DataException nothingUsable(String problem) {
    List<Skipped> reasons = skipped();
    StringBuilder message = new StringBuilder(problem);
    for (Skipped skip : reasons.subList(0, Math.min(3, reasons.size()))) {
      message.append("; ").append(skip.key()).append(": ").append(skip.reason());
    }
    if (reasons.size() > 3) {
      message.append("; and ").append(reasons.size() - 3).append(" more");
    }
    return DataException.in(folder, message.toString());
  }

  private List<Entry> entries(Path directory, String prefix) {
    List<String> names;
    try {
      names = new ArrayList<>(tree.names(directory));
    } catch (NotDirectoryException e) {
      throw DataException.in(directory, "is not a folder; expected one that holds " + expected, e);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
    names.removeIf(name -> name.startsWith("."));
    names.sort(null); // not Path's own order, which some file systems make blind to case
    List<Entry> entries = new ArrayList<>(names.size());
    for (String name : names) {
      Entry entry = entry(directory, prefix + name, name);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** Returns an entry, or null after listing it as unusable. */
  private Entry entry(Path directory, String key, String name) {
    if (key.chars().anyMatch(Character::isISOControl)) {
      skip(key.replaceAll("\\p{Cntrl}", "?"), "has a control character in its name");
      return null;
    }
    if (!StoredTexts.canStore(name)) {
      skip(key, "has a name that is not valid Unicode");
      return null;
    }
    try {
      Path path = directory.resolve(name);
      FolderTree.Kind kind = tree.kind(root, path);
      if (kind == FolderTree.Kind.LINK_THAT_LEAVES) {
        skip(key, "is a link that leaves the data set's folder; not followed");
        return null;
      }
      return new Entry(name, key, path, kind);
    } catch (IOException e) {
      skip(key, "cannot be read (" + e.getClass().getSimpleName() + ")");
      return null;
    }
  }

  private static DataException unreadable(Path path, IOException e) {
    return DataException.in(path, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
  }
}
