package org.mien.data.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A list of short texts that grows at its end: their bytes in UTF-8 and 4 bytes each, rather than
 * objects of 60 bytes and more. It holds up to 4 GiB of text.
 */
final class StoredTexts {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long MAXIMUM_BYTES = (1L << 32) - 1;

  private byte[][] chunks = new byte[4][];
  private int[] starts = new int[64]; // unsigned
  private int size;
  private long end;

  /** Open addressing, index + 1; null until the first text is looked up. */
  private int[] table;

  int size() {
    return size;
  }

  /**
   * Returns whether a text can be stored: one with half a surrogate pair, as a file's name on
   * Windows may have, cannot.
   */
  static boolean canStore(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** Adds a text at the end. */
  void add(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the index of a text, which is added if it is not there; not to be mixed with add. */
  int indexOf(String text) {
    if (table == null) {
      table = new int[64];
    } else if (2L * (size + 1) > table.length) {
      grow();
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int slot = slot(bytes);
    if (table[slot] == 0) {
      append(bytes);
      table[slot] = size;
    }
    return table[slot] - 1;
  }

  String get(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  /** Gives back what growing left over; texts may not be added afterwards. */
  StoredTexts trimmed() {
    starts = Arrays.copyOf(starts, size);
    table = null;
    int last = (int) (end / CHUNK_BYTES);
    if (last < chunks.length && chunks[last] != null) {
      chunks[last] = Arrays.copyOf(chunks[last], (int) (end % CHUNK_BYTES));
    }
    return this;
  }

  private void append(byte[] bytes) {
    if (end + bytes.length > MAXIMUM_BYTES) {
      throw new IllegalStateException("more than 4 GiB of names");
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size + (size >> 1));
    }
    starts[size++] = (int) end;
    for (int from = 0; from < bytes.length; ) {
      int chunk = (int) (end / CHUNK_BYTES);
      if (chunk == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunk);
      }
      if (chunks[chunk] == null) {
        chunks[chunk] = new byte[CHUNK_BYTES];
      }
      int at = (int) (end % CHUNK_BYTES);
      int count = Math.min(bytes.length - from, CHUNK_BYTES - at);
      System.arraycopy(bytes, from, chunks[chunk], at, count);
      from += count;
      end += count;
    }
  }

  private byte[] bytes(int index) {
    long start = Integer.toUnsignedLong(starts[index]);
    long stop = index + 1 < size ? Integer.toUnsignedLong(starts[index + 1]) : end;
    byte[] bytes = new byte[(int) (stop - start)];
    for (int to = 0; to < bytes.length; ) {
      int at = (int) ((start + to) % CHUNK_BYTES);
      int count = Math.min(bytes.length - to, CHUNK_BYTES - at);
      System.arraycopy(chunks[(int) ((start + to) / CHUNK_BYTES)], at, bytes, to, count);
      to += count;
    }
    return bytes;
  }

  /** Returns where a text is in the table, or the empty place where it belongs. */
  private int slot(byte[] bytes) {
    int slot = spread(Arrays.hashCode(bytes)) & (table.length - 1);
    while (table[slot] != 0 && !Arrays.equals(bytes, bytes(table[slot] - 1))) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private void grow() {
    table = new int[2 * table.length];
    for (int i = 0; i < size; i++) {
      // All are different, so the first empty place is the right one.
      int slot = spread(Arrays.hashCode(bytes(i))) & (table.length - 1);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = i + 1;
    }
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 15;
  }
}
