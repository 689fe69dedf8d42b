package org.mien.core.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;

/**
 * The right to write a run, held until closed. The lock file stays behind, empty of meaning: to
 * delete it would let two processes lock two files of one name.
 */
public final class RunLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static RunLock acquire(String run, Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (tryLock(channel)) {
          writeOwner(channel);
          return new RunLock(file, channel);
        }
        throw new ConfigException(
            "run " + run + " is being written by " + readOwner(channel) + "; wait for its end");
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be locked (" + e + ")", e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process
    }
  }

  private static void writeOwner(FileChannel channel) throws IOException {
    String owner = "process " + ProcessHandle.current().pid();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static String readOwner(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    int length = channel.read(buffer, 0);
    return length <= 0
        ? "another process"
        : new String(buffer.array(), 0, length, StandardCharsets.UTF_8);
  }

  /** Gives the run back; closing twice is allowed. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.in(file, "cannot be unlocked (" + e + ")", e);
    }
  }
}
