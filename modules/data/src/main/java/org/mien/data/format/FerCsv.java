package org.mien.data.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;

/**
 * FER2013's table ({@code fer2013.csv}): a header, then a line an image with its emotion (0 to 6),
 * its 48x48 grey values from the upper left row by row as decimal numbers with spaces, and its
 * usage. Columns {@code emotion}, {@code pixels} and {@code Usage} may be in any order and in any
 * case.
 *
 * <p>Opening reads the file once and keeps 18 bytes a line; pixels are read where they lie when
 * they are asked for. Several threads may ask at once.
 *
 * <p>I. Goodfellow et al.: Challenges in Representation Learning: A report on three machine
 * learning contests, ICONIP 2013.
 */
public final class FerCsv implements AutoCloseable {
  /** Width and height of every image in pixels. */
  public static final int SIZE_PIXELS = 48;

  /** What the numbers of emotions mean, in their order. */
  public static final List<String> EMOTIONS =
      List.of("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral");

  private static final int PIXELS = SIZE_PIXELS * SIZE_PIXELS;

  /** 48 times 48 numbers of three digits with spaces take 9,215. */
  private static final int MAXIMUM_LINE = 1 << 15;

  private static final int CHUNK_BYTES = 1 << 20;

  private final PositionalFile file;
  private long[] offsets = new long[1024]; // of the pixels
  private int[] lengths = new int[1024];
  private int[] lines = new int[1024];
  private byte[] emotions = new byte[1024];
  private byte[] usages = new byte[1024];
  private String[] usageNames = new String[0];
  private int size;

  private int emotionAt = -1;
  private int pixelsAt = -1;
  private int usageAt = -1;
  private int columns;

  private FerCsv(PositionalFile file) {
    this.file = file;
  }

  /**
   * Reads where the images are.
   *
   * @throws DataException with file and line if it is missing or a line is malformed; the pixels
   *     themselves are looked at when they are read
   */
  @SuppressWarnings("resource") // closed by close()
  public static FerCsv open(Path path) {
    PositionalFile file = PositionalFile.open(path, "FER2013's table (fer2013.csv)");
    try {
      FerCsv csv = new FerCsv(file);
      csv.index();
      return csv;
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** Returns how many images there are. */
  public int size() {
    return size;
  }

  /** Returns an image's line in the file, counted from 1. */
  public int line(int index) {
    return lines[index];
  }

  /** Returns which of {@link #EMOTIONS} an image has. */
  public int emotion(int index) {
    return emotions[index];
  }

  /** Returns what an image is for: {@code Training}, {@code PublicTest} or {@code PrivateTest}. */
  public String usage(int index) {
    return usageNames[usages[index]];
  }

  public Path path() {
    return file.path();
  }

  /**
   * Returns an image's grey values, 48 rows of 48.
   *
   * @throws DataException with file and line if they are not 2,304 numbers of 0 to 255
   */
  public byte[] pixels(int index) {
    byte[] text = file.read(offsets[index], lengths[index]).array();
    byte[] grey = new byte[PIXELS];
    int count = 0;
    int at = 0;
    while (at < text.length) {
      if (text[at] == ' ') {
        at++;
        continue;
      }
      int value = 0;
      int start = at;
      while (at < text.length && text[at] >= '0' && text[at] <= '9' && at - start < 4) {
        value = 10 * value + text[at++] - '0';
      }
      if (at == start || value > 255) {
        throw problem(
            lines[index],
            "expected grey values of 0 to 255 with spaces, found otherwise at byte "
                + (offsets[index] + start));
      }
      if (count < PIXELS) {
        grey[count] = (byte) value;
      }
      count++;
    }
    if (count != PIXELS) {
      throw problem(lines[index], "expected 2304 grey values (48x48), found " + count);
    }
    return grey;
  }

  @Override
  public void close() {
    file.close();
  }

  private void index() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long lineStart = 0;
    int number = 0;
    for (long at = 0; at < file.size(); ) {
      byte[] bytes = file.read(at, (int) Math.min(CHUNK_BYTES, file.size() - at)).array();
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, start, i - start);
          line(++number, lineStart, line.toByteArray());
          line.reset();
          start = i + 1;
          lineStart = at + start;
        } else if (line.size() + i - start > MAXIMUM_LINE) {
          throw problem(number + 1, "is longer than " + MAXIMUM_LINE + " bytes");
        }
      }
      line.write(bytes, start, bytes.length - start);
      at += bytes.length;
    }
    if (line.size() > 0) {
      line(++number, lineStart, line.toByteArray());
    }
    if (number == 0 || columns == 0) {
      throw DataException.in(file.path(), "is empty; expected emotion,pixels,Usage");
    }
  }

  private void line(int number, long start, byte[] bytes) {
    int length =
        bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    if (length == 0) {
      return;
    }
    int[] ends = fieldEnds(bytes, length);
    if (columns == 0) {
      header(number, bytes, ends);
      return;
    }
    if (ends.length != columns) {
      throw problem(number, "expected " + columns + " fields, found " + ends.length);
    }
    if (size == offsets.length) {
      grow();
    }
    String emotion = field(bytes, ends, emotionAt);
    if (emotion.length() != 1 || emotion.charAt(0) < '0' || emotion.charAt(0) > '6') {
      throw problem(number, "expected an emotion of 0 to 6, found " + shown(emotion));
    }
    int from = pixelsAt == 0 ? 0 : ends[pixelsAt - 1] + 1;
    int to = ends[pixelsAt];
    if (to - from >= 2 && bytes[from] == '"' && bytes[to - 1] == '"') {
      from++;
      to--;
    }
    offsets[size] = start + from;
    lengths[size] = to - from;
    lines[size] = number;
    emotions[size] = (byte) (emotion.charAt(0) - '0');
    usages[size] = usageAt < 0 ? usage(number, "") : usage(number, field(bytes, ends, usageAt));
    size++;
  }

  private void header(int number, byte[] bytes, int[] ends) {
    for (int i = 0; i < ends.length; i++) {
      switch (field(bytes, ends, i).strip().toLowerCase(Locale.ROOT)) {
        case "emotion" -> emotionAt = i;
        case "pixels" -> pixelsAt = i;
        case "usage" -> usageAt = i;
        default -> {
          // another column, of no use here
        }
      }
    }
    if (emotionAt < 0 || pixelsAt < 0) {
      int shown = Math.min(80, bytes.length);
      throw problem(
          number,
          "expected the header emotion,pixels,Usage, found "
              + shown(new String(bytes, 0, shown, StandardCharsets.UTF_8)));
    }
    columns = ends.length;
  }

  private byte usage(int number, String usage) {
    int known = Arrays.asList(usageNames).indexOf(usage);
    if (known < 0) {
      if (usageNames.length == 16) {
        throw problem(number, "names a seventeenth usage " + shown(usage));
      }
      if (usage.chars().anyMatch(Character::isISOControl)) {
        throw problem(number, "expected a usage such as Training, found " + shown(usage));
      }
      known = usageNames.length;
      usageNames = Arrays.copyOf(usageNames, known + 1);
      usageNames[known] = usage;
    }
    return (byte) known;
  }

  /** Where each field ends; commas in quotes do not end one. */
  private static int[] fieldEnds(byte[] bytes, int length) {
    int[] ends = new int[8];
    int count = 0;
    boolean quoted = false;
    for (int i = 0; i <= length; i++) {
      if (i == length || (bytes[i] == ',' && !quoted)) {
        if (count == ends.length) {
          ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = i;
      } else if (bytes[i] == '"') {
        quoted = !quoted;
      }
    }
    return Arrays.copyOf(ends, count);
  }

  private static String field(byte[] bytes, int[] ends, int index) {
    int from = index == 0 ? 0 : ends[index - 1] + 1;
    String text = new String(bytes, from, ends[index] - from, StandardCharsets.UTF_8);
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private void grow() {
    int longer = size + (size >> 1);
    offsets = Arrays.copyOf(offsets, longer);
    lengths = Arrays.copyOf(lengths, longer);
    lines = Arrays.copyOf(lines, longer);
    emotions = Arrays.copyOf(emotions, longer);
    usages = Arrays.copyOf(usages, longer);
  }

  private DataException problem(int line, String problem) {
    return DataException.atLine(file.path(), line, problem);
  }

  private static String shown(String text) {
    String beginning = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return "'" + beginning.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
