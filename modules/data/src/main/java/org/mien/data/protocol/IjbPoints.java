package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.mien.core.error.DataException;
import org.mien.data.format.KeyList;
import org.mien.data.image.FacePoints;

/**
 * IJB's five points and detector scores, {@code ijbc_name_5pts_score.txt}: lines {@code image x1 y1
 * ... x5 y5 score}, in pixels of the loosely cropped image. About 55 bytes an image.
 */
public final class IjbPoints {
  private static final int NUMBERS = 11;

  private final KeyList keys;
  private final float[] numbers;

  private IjbPoints(KeyList keys, float[] numbers) {
    this.keys = keys;
    this.numbers = numbers;
  }

  /**
   * Reads a list.
   *
   * @throws DataException naming the line at fault
   */
  public static IjbPoints read(Path file) {
    Rows rows = new Rows(file);
    TextLines.read(file, "IJB's five points 'image x1 y1 ... x5 y5 score'", rows::add);
    return new IjbPoints(
        rows.keys.build(), Arrays.copyOf(rows.numbers, NUMBERS * rows.keys.size()));
  }

  /**
   * Reads the points of the images of another list, which both name in the same order.
   *
   * @throws DataException also if they do not
   */
  public static IjbPoints read(Path file, IjbMembers members) {
    IjbPoints points = read(file);
    if (points.keys.size() != members.size()) {
      throw DataException.in(
          file,
          "has points of "
              + points.keys.size()
              + " images; the list of templates and media has "
              + members.size());
    }
    for (int i = 0; i < members.size(); i++) {
      if (!points.keys.get(i).equals(members.keys().get(i))) {
        throw DataException.in(
            file,
            "image "
                + (i + 1)
                + " is "
                + TextLines.quoted(points.keys.get(i))
                + "; the list of templates and media has "
                + TextLines.quoted(members.keys().get(i)));
      }
    }
    return points;
  }

  private static final class Rows {
    private final Path file;
    private final KeyList.Builder keys = new KeyList.Builder();
    private float[] numbers = new float[NUMBERS * 256];

    Rows(Path file) {
      this.file = file;
    }

    void add(long line, String text) {
      String[] fields = text.strip().split("\\s+", -1);
      if (fields.length != NUMBERS + 1) {
        throw malformed(line, text);
      }
      int first = NUMBERS * keys.size();
      if (first == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * first);
      }
      for (int i = 0; i < NUMBERS; i++) {
        try {
          numbers[first + i] = Float.parseFloat(fields[i + 1]);
        } catch (NumberFormatException e) {
          throw malformed(line, text);
        }
        if (!Float.isFinite(numbers[first + i])) {
          throw malformed(line, text);
        }
      }
      keys.add(TextLines.key(file, line, fields[0]));
    }

    private DataException malformed(long line, String text) {
      return DataException.atLine(
          file, line, "expected 'image x1 y1 ... x5 y5 score', found " + TextLines.quoted(text));
    }
  }

  /** Returns how many images there are. */
  public int size() {
    return keys.size();
  }

  /** Returns the keys of the images, in the order of the list. */
  public List<String> keys() {
    return keys;
  }

  /** Returns the five points of an image. */
  public FacePoints points(int image) {
    double[] xy = new double[NUMBERS - 1];
    for (int i = 0; i < xy.length; i++) {
      xy[i] = numbers[NUMBERS * image + i];
    }
    return FacePoints.of(xy);
  }

  /** Returns how sure the detector was of an image's face; 0 to 1 in the published lists. */
  public float score(int image) {
    return numbers[NUMBERS * image + NUMBERS - 1];
  }
}
