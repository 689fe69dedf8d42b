package org.mien.core.run;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.mien.core.error.DataException;

/**
 * Writes files so that a reader, or a crash, finds the old content or the new, never half of it:
 * under a temporary name in the same folder, forced to the disk, then moved in one step.
 *
 * <p>The target's folder is created if need be. On any failure the temporary file is removed and
 * the target stays as it was; an {@link IOException}, such as a full disk, becomes a {@link
 * DataException} that names the target and the space left.
 */
public final class AtomicFiles {
  private AtomicFiles() {}

  /**
   * Writes what {@code content} puts into the stream, which is buffered; closing it is allowed and
   * not needed.
   */
  public static void write(Path target, IoConsumer<OutputStream> content) {
    replace(
        target,
        temporary -> {
          try (OutputStream out =
              new BufferedOutputStream(
                  Files.newOutputStream(
                      temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                  1 << 16)) {
            content.accept(
                new FilterOutputStream(out) {
                  @Override
                  public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length); // the superclass goes byte by byte
                  }
                });
          }
        });
  }

  /** Writes text in UTF-8. */
  public static void writeString(Path target, String text) {
    writeBytes(target, text.getBytes(StandardCharsets.UTF_8));
  }

  public static void writeBytes(Path target, byte[] bytes) {
    write(target, out -> out.write(bytes));
  }

  /**
   * Copies a file.
   *
   * @throws DataException if the source is missing, or as for every other write
   */
  public static void copy(Path source, Path target) {
    if (!Files.isRegularFile(source)) {
      throw DataException.in(
          source, "does not exist or is no file; it was to be copied to " + target);
    }
    write(target, out -> Files.copy(source, out));
  }

  /**
   * Lets {@code writer} make a file under a temporary name, then puts it in the target's place: for
   * libraries that only write to a path, and for checking a file before anyone can see it.
   *
   * @param writer must leave a file at the path it is given; whatever it throws leaves the target
   *     untouched
   */
  public static void replace(Path target, IoConsumer<Path> writer) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("expected a file, was the root folder " + target);
    }
    Path temporary = folder.resolve(temporaryName(target));
    try {
      Files.createDirectories(folder);
      writer.accept(temporary);
      force(temporary, StandardOpenOption.WRITE);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(folder);
    } catch (IOException e) {
      remove(temporary, e);
      throw DataException.in(target, "cannot be written (" + reason(e) + "); " + space(folder), e);
    } catch (RuntimeException | Error e) {
      remove(temporary, e);
      throw e;
    }
  }

  private static String temporaryName(Path target) {
    return "."
        + target.getFileName()
        + ".tmp-"
        + ProcessHandle.current().pid()
        + "-"
        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private static void force(Path file, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(file, mode)) {
      channel.force(true);
    }
  }

  /** Makes the move itself last; not every system lets a folder be opened, and the file is safe. */
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      // Windows refuses; the content is on the disk, only the name may be lost in a power cut.
    }
  }

  private static void remove(Path temporary, Throwable cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName();
    return e.getMessage() == null ? name : name + ": " + e.getMessage();
  }

  private static String space(Path folder) {
    Path existing = folder;
    while (existing != null && !Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return "the space left is unknown";
    }
    try {
      FileStore store = Files.getFileStore(existing);
      return String.format(
          Locale.ROOT, "%.1f MB are free on %s", store.getUsableSpace() / 1e6, store);
    } catch (IOException e) {
      return "the space left is unknown";
    }
  }
}
