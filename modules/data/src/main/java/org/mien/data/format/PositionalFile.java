package org.mien.data.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mien.core.error.DataException;

/**
 * A file that several threads read at any place. Unlike a channel it survives the interruption of a
 * thread that reads: Java closes the channel then, and this class opens it anew for the others.
 */
public final class PositionalFile implements AutoCloseable {
  private final Path file;
  private final long size;
  private FileChannel channel;
  private boolean closed;

  private PositionalFile(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @param expected what it should be, for the message where it is missing
   * @throws DataException if it is missing, a folder, or cannot be read
   */
  @SuppressWarnings("resource") // closed by close()
  public static PositionalFile open(Path file, String expected) {
    try {
      if (Files.isDirectory(file)) {
        throw DataException.in(file, "is a folder; expected " + expected);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new PositionalFile(file, channel, channel.size());
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected " + expected, e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  public Path path() {
    return file;
  }

  /** Returns the length in bytes that the file had when it was opened. */
  public long size() {
    return size;
  }

  /**
   * Reads bytes.
   *
   * @param at of the first byte
   * @param count must not reach beyond {@link #size()}; the caller has checked it
   * @return a little-endian buffer over a new array of {@code count} bytes
   * @throws DataException if the file has become shorter or cannot be read
   */
  public ByteBuffer read(long at, int count) {
    if (at < 0 || count < 0 || count > size - at) {
      throw new IllegalArgumentException(
          count + " bytes at " + at + " reach beyond the " + size + " of " + file);
    }
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    boolean interrupted = false;
    try {
      while (bytes.hasRemaining()) {
        try {
          if (open().read(bytes, at + bytes.position()) < 0) {
            throw DataException.in(file, "has become shorter while it was read");
          }
        } catch (ClosedChannelException e) {
          // This thread or another one was interrupted; open() makes a new channel.
          interrupted |= Thread.interrupted();
        }
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return bytes.flip();
  }

  private synchronized FileChannel open() throws IOException {
    if (closed) {
      throw new IllegalStateException(file + " was closed");
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
    return channel;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.in(file, "cannot be closed (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
