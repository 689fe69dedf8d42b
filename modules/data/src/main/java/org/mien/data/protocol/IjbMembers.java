package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.mien.core.error.DataException;
import org.mien.data.format.KeyList;

/**
 * IJB's list of images with their template and medium, {@code ijbc_face_tid_mid.txt}: lines {@code
 * image template medium}. About 20 bytes an image.
 */
public final class IjbMembers {
  private final KeyList keys;
  private final int[] templates;
  private final int[] media;

  private IjbMembers(KeyList keys, int[] templates, int[] media) {
    this.keys = keys;
    this.templates = templates;
    this.media = media;
  }

  /**
   * Reads a list.
   *
   * @throws DataException naming the line at fault
   */
  public static IjbMembers read(Path file) {
    Rows rows = new Rows(file);
    TextLines.read(file, "IJB's list 'image template medium'", rows::add);
    if (rows.keys.size() == 0) {
      throw DataException.in(file, "names no image");
    }
    return new IjbMembers(
        rows.keys.build(),
        Arrays.copyOf(rows.templates, rows.keys.size()),
        Arrays.copyOf(rows.media, rows.keys.size()));
  }

  private static final class Rows {
    private final Path file;
    private final KeyList.Builder keys = new KeyList.Builder();
    private int[] templates = new int[1024];
    private int[] media = new int[1024];

    Rows(Path file) {
      this.file = file;
    }

    void add(long line, String text) {
      String[] fields = text.strip().split("\\s+", -1);
      if (fields.length != 3 || !isNumber(fields[1]) || !isNumber(fields[2])) {
        throw DataException.atLine(
            file, line, "expected 'image template medium', found " + TextLines.quoted(text));
      }
      int row = keys.size();
      if (row == templates.length) {
        templates = Arrays.copyOf(templates, 2 * row);
        media = Arrays.copyOf(media, 2 * row);
      }
      templates[row] = Integer.parseInt(fields[1]);
      media[row] = Integer.parseInt(fields[2]);
      keys.add(TextLines.key(file, line, fields[0]));
    }
  }

  static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 9
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Returns how many images there are. */
  public int size() {
    return templates.length;
  }

  /** Returns the keys of the images, in the order of the list. */
  public List<String> keys() {
    return keys;
  }

  /** Returns the id of an image's template. */
  public int template(int image) {
    return templates[image];
  }

  /** Returns the id of the medium that an image is taken from. */
  public int medium(int image) {
    return media[image];
  }
}
