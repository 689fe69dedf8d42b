package org.mien.data.prepare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;

/**
 * The folder of an aligned copy, held by one process at a time: the only class that knows the names
 * inside.
 *
 * <pre>
 * images/          the pictures, by key
 * manifest.csv     a row for each picture, once all samples were tried
 * skipped.csv      a row for each sample that could not be used
 * prepared.json    parameters and counts
 * .journal         what is done so far
 * .partial/        pictures in the making
 * .lock            held while a process writes
 * </pre>
 */
final class PreparedFolder implements AutoCloseable {
  static final String IMAGES = "images";
  static final String MANIFEST = "manifest.csv";
  static final String SKIPPED = "skipped.csv";
  private static final String RECORD = "prepared.json";
  private static final String JOURNAL = ".journal";
  private static final String PARTIAL = ".partial";
  private static final String LOCK = ".lock";

  private final Path root;
  private final FileChannel lock;

  private PreparedFolder(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes a folder: a new or empty one, or one that was begun with the same parameters.
   *
   * @throws ConfigException if it holds something else, was begun with other parameters, or is
   *     being written by another process
   * @throws DataException if it cannot be made or written
   */
  static PreparedFolder open(Path root, PreparationRecord parameters) {
    try {
      Files.createDirectories(root);
      boolean begun = Files.exists(root.resolve(RECORD));
      if (!begun) {
        checkEmpty(root);
      }
      FileChannel lock = lock(root);
      try {
        if (begun) {
          checkSame(root, parameters);
        } else {
          Json.write(root.resolve(RECORD), parameters);
        }
        Files.createDirectories(root.resolve(IMAGES));
        Files.createDirectories(root.resolve(PARTIAL));
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root.resolve(PARTIAL))) {
          for (Path leftover : leftovers) {
            Files.delete(leftover);
          }
        }
        return new PreparedFolder(root, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw DataException.in(root, "no aligned copy can be written there (" + e + ")", e);
    }
  }

  private static void checkEmpty(Path root) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(root)) {
      for (Path path : content) {
        String name = path.getFileName().toString();
        // A process that died before it wrote its parameters leaves its lock and half a file.
        if (!name.equals(LOCK) && !name.startsWith("." + RECORD + ".tmp-")) {
          throw new ConfigException(
              root
                  + ": holds other files ("
                  + name
                  + ") and no "
                  + RECORD
                  + "; an aligned copy wants a new or empty folder");
        }
      }
    }
  }

  private static void checkSame(Path root, PreparationRecord parameters) {
    PreparationRecord earlier = Json.read(root.resolve(RECORD), PreparationRecord.class);
    List<String> differences = parameters.differences(earlier);
    if (!differences.isEmpty()) {
      throw new ConfigException(
          root
              + ": was begun with other parameters: "
              + String.join("; ", differences)
              + ". Choose another folder, or delete this one");
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel channel =
        FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // another thread of this process
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new ConfigException(
        root + ": another process is writing this aligned copy; wait for its end");
  }

  Path root() {
    return root;
  }

  Path journal() {
    return root.resolve(JOURNAL);
  }

  Path manifest() {
    return root.resolve(MANIFEST);
  }

  Path skipped() {
    return root.resolve(SKIPPED);
  }

  /** Returns a picture's path relative to the folder, as the manifest names it. */
  static String fileOf(String name) {
    return IMAGES + "/" + name;
  }

  /** Returns whether a picture of so many bytes is in place. */
  boolean holds(String name, long bytes) {
    Path picture = root.resolve(fileOf(name));
    try {
      return Files.isRegularFile(picture) && Files.size(picture) == bytes;
    } catch (IOException e) {
      return false; // gone since, or unreadable: it is made again
    }
  }

  /**
   * Puts a picture in its place in one step.
   *
   * @param worker who writes; no two at once may use one number
   * @throws DataException if it cannot be written
   */
  void put(String name, byte[] picture, int worker) {
    Path target = root.resolve(fileOf(name));
    Path partial = root.resolve(PARTIAL).resolve(Integer.toString(worker));
    try {
      Files.createDirectories(target.getParent());
      Files.write(partial, picture);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw DataException.in(target, "lies on another file system than " + root, e);
    } catch (IOException e) {
      throw DataException.in(
          target,
          String.format(
              Locale.ROOT,
              "cannot be written (%s); %s. Run it again to go on",
              e.getMessage() == null ? e : e.getMessage(),
              space()),
          e);
    }
  }

  void complete(PreparationRecord record) {
    Json.write(root.resolve(RECORD), record);
    try {
      Files.deleteIfExists(root.resolve(PARTIAL));
    } catch (IOException e) {
      throw DataException.in(root.resolve(PARTIAL), "cannot be removed (" + e + ")", e);
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw DataException.in(root.resolve(LOCK), "cannot be unlocked (" + e + ")", e);
    }
  }

  private String space() {
    try {
      return String.format(
          Locale.ROOT, "%.1f MB are free", Files.getFileStore(root).getUsableSpace() / 1e6);
    } catch (IOException e) {
      return "the space left is unknown";
    }
  }
}
