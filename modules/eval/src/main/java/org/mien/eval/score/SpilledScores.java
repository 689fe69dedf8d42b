package org.mien.eval.score;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mien.core.error.DataException;

/**
 * Scores of one kind in a temporary file, as runs that are each sorted. A count is the sum of those
 * of the runs, the score at an index is found by bisection over counts, and a walk merges the runs:
 * they never become one file. In memory lie the runs' {@linkplain #BLOCK blocks} that are looked at
 * and the first score of every other one. Reading moves a buffer: not for several threads.
 */
final class SpilledScores implements AscendingScores, AutoCloseable {
  /** Scores that are read at once. */
  static final int BLOCK = 1 << 14;

  /** A sorted part of the file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Run(long start, int length, float[] lowestOfBlocks) {}

  private final String kind;
  private final Path file;
  private final FileChannel channel;
  private final List<Run> runs = new ArrayList<>();
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.nativeOrder());
  private final float[] block = new float[BLOCK];
  private float[] buffer;
  private int buffered;
  private long size;

  SpilledScores(Path folder, String kind, int runLength) {
    this.kind = kind;
    this.buffer = new float[runLength];
    try {
      file = Files.createTempFile(folder, "mien-scores-", ".tmp");
      channel = open(file);
    } catch (IOException e) {
      throw DataException.in(folder, "takes no temporary file of scores (" + e + ")", e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(
          file,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      Files.delete(file); // created a moment ago, and nobody would delete it later
      throw e;
    }
  }

  void add(float similarity) {
    if (buffer == null) {
      throw new IllegalStateException("these scores are complete");
    }
    float checked = ArrayScores.checked(similarity, size, kind);
    if (buffered == buffer.length) {
      spill();
    }
    buffer[buffered++] = checked;
    size++;
  }

  /** Writes what is left; nothing can be added any more. */
  void complete() {
    if (buffer != null) {
      spill();
      buffer = null;
    }
  }

  private void spill() {
    if (buffered == 0) {
      return;
    }
    Arrays.parallelSort(buffer, 0, buffered);
    float[] lowest = new float[(buffered - 1) / BLOCK + 1];
    long start = size - buffered;
    try {
      for (int b = 0; b < lowest.length; b++) {
        int first = b * BLOCK;
        int count = Math.min(BLOCK, buffered - first);
        lowest[b] = buffer[first];
        bytes.clear();
        bytes.asFloatBuffer().put(buffer, first, count);
        bytes.limit(count * Float.BYTES);
        long at = (start + first) * Float.BYTES;
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      }
    } catch (IOException e) {
      throw DataException.in(
          file, "cannot be written (" + e + "); " + size + " scores so far, 4 bytes each", e);
    }
    runs.add(new Run(start, buffered, lowest));
    buffered = 0;
  }

  /** Reads a block of a run and returns how many scores it has. */
  private int read(Run run, int number, float[] into) {
    int first = number * BLOCK;
    int count = Math.min(BLOCK, run.length - first);
    bytes.clear().limit(count * Float.BYTES);
    long at = (run.start + first) * Float.BYTES;
    try {
      while (bytes.hasRemaining()) {
        int read = channel.read(bytes, at);
        if (read < 0) {
          throw DataException.in(file, "has become shorter while it was in use");
        }
        at += read;
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
    bytes.flip().order(ByteOrder.nativeOrder()).asFloatBuffer().get(into, 0, count);
    return count;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long below(double bound) {
    long below = 0;
    for (Run run : runs) {
      // All blocks before the last one that begins below the bound lie below it as a whole.
      int last = ArrayScores.below(run.lowestOfBlocks, run.lowestOfBlocks.length, bound) - 1;
      if (last >= 0) {
        int count = read(run, last, block);
        below += (long) last * BLOCK + ArrayScores.below(block, count, bound);
      }
    }
    return below;
  }

  @Override
  public float get(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index + " of " + size + " scores");
    }
    // Floats are ordered as these keys: the highest that no more than index scores are below.
    long low = key(-Float.MAX_VALUE);
    long high = key(Float.MAX_VALUE);
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      if (below(value(middle)) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return value(low) + 0.0f;
  }

  private static long key(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }

  private static float value(long key) {
    int bits = (int) key;
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & 0x7fffffff));
  }

  @Override
  public Cursor descending() {
    RunCursor[] cursors = runs.stream().map(RunCursor::new).toArray(RunCursor[]::new);
    return new Cursor() {
      private float value = highest();

      private float highest() {
        float highest = Float.NEGATIVE_INFINITY;
        for (RunCursor cursor : cursors) {
          highest = Math.max(highest, cursor.value);
        }
        return highest;
      }

      @Override
      public float value() {
        return value;
      }

      @Override
      public long take(float similarity) {
        if (value != similarity) {
          return 0;
        }
        long taken = 0;
        float highest = Float.NEGATIVE_INFINITY;
        for (RunCursor cursor : cursors) {
          while (cursor.value == similarity) {
            cursor.advance();
            taken++;
          }
          highest = Math.max(highest, cursor.value);
        }
        value = highest;
        return taken;
      }
    };
  }

  private final class RunCursor {
    private final Run run;
    private final float[] values;
    private int block;
    private int left;
    private float value;

    RunCursor(Run run) {
      this.run = run;
      this.values = new float[Math.min(BLOCK, run.length)];
      this.block = run.lowestOfBlocks.length;
      advance();
    }

    void advance() {
      if (left == 0) {
        if (block == 0) {
          value = Float.NEGATIVE_INFINITY;
          return;
        }
        left = read(run, --block, values);
      }
      value = values[--left];
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.in(file, "cannot be closed (" + e + ")", e);
    }
  }
}
