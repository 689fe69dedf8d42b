package org.mien.data.format;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Many short texts in one array: their bytes and 4 more each, where a list of strings takes about
 * 60 bytes more. Strings are made when they are asked for.
 */
public final class KeyList extends AbstractList<String> implements RandomAccess {
  private final byte[] bytes;
  private final int[] ends;

  private KeyList(byte[] bytes, int[] ends) {
    this.bytes = bytes;
    this.ends = ends;
  }

  public static KeyList of(List<String> texts) {
    Builder builder = new Builder();
    texts.forEach(builder::add);
    return builder.build();
  }

  @Override
  public String get(int index) {
    int start = index == 0 ? 0 : ends[index - 1];
    return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
  }

  @Override
  public int size() {
    return ends.length;
  }

  /** Takes texts one by one; 2 GiB of them at most. */
  public static final class Builder {
    private byte[] bytes = new byte[1024];
    private int[] ends = new int[64];
    private int size;
    private int used;

    public void add(String text) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      int end = Math.addExact(used, encoded.length);
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, larger(end));
      }
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, larger(size + 1));
      }
      System.arraycopy(encoded, 0, bytes, used, encoded.length);
      used = end;
      ends[size++] = end;
    }

    private static int larger(int needed) {
      return (int) Math.min(Integer.MAX_VALUE - 16L, needed + (needed >> 1) + 16L);
    }

    public int size() {
      return size;
    }

    public KeyList build() {
      return new KeyList(Arrays.copyOf(bytes, used), Arrays.copyOf(ends, size));
    }
  }
}
