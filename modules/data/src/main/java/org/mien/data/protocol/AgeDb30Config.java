package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * AgeDB-30 (S. Moschoglou et al.: AgeDB, CVPR Workshops 2017): 10 folds of 300 genuine and 300
 * impostor pairs, 30 years apart. Read from the set's own MATLAB file, or from a text file with a
 * line {@code image image 0|1} for each pair in the order of the folds; an image's name {@code
 * 0_MariaCallas_35_f.jpg} says who it shows.
 *
 * <p>The MATLAB file holds {@code splits}, a cell for each fold. Each is a structure: its first
 * field is a cell array of two rows, the images of the pairs, each a structure whose first field is
 * the name without {@code .jpg}; its second field is a number for each pair, 1 for one person and
 * -1 for two. InsightFace's {@code agedb_30.bin} (type {@code bin-pairs}) holds the same pairs with
 * their images.
 *
 * @param file the pairs
 */
@TypeName("agedb-30")
public record AgeDb30Config(
    @Setting(
            "The set's MATLAB file (.mat), or a text file with a line 'image image 0|1' for each"
                + " pair, fold after fold.")
        Path file)
    implements PairFilesConfig {
  private static final int FOLDS = 10;
  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\S+)\\s+([01]|-1)\\s*");

  /** The name of an image: number, person, age in years, {@code f} or {@code m}. */
  public static final Pattern IMAGE_NAME =
      Pattern.compile("(?:.*/)?(\\d+)_(.+)_(\\d{1,3})_([fm])\\.(?:jpg|png)");

  private record Line(long number, String keyA, String keyB, boolean genuine) {}

  @Override
  public PairList open() {
    boolean matlab = file.toString().toLowerCase(Locale.ROOT).endsWith(".mat");
    return matlab ? new AgeDbSplits(file).read() : readText();
  }

  private PairList readText() {
    List<Line> lines = new ArrayList<>();
    TextLines.read(
        file,
        "AgeDB-30's pairs, a line 'image image 0|1' for each",
        (number, text) -> {
          Matcher fields = LINE.matcher(text);
          if (!fields.matches()) {
            throw DataException.atLine(
                file, number, "expected 'image image 0|1', found " + TextLines.quoted(text));
          }
          lines.add(
              new Line(
                  number,
                  TextLines.key(file, number, fields.group(1)),
                  TextLines.key(file, number, fields.group(2)),
                  fields.group(3).equals("1")));
        });
    if (lines.isEmpty() || lines.size() % FOLDS != 0) {
      throw DataException.in(file, "holds " + lines.size() + " pairs; expected ten equal folds");
    }
    List<Pair> pairs = new ArrayList<>(lines.size());
    for (Line line : lines) {
      pairs.add(
          TextLines.pair(
              file,
              line.number,
              line.keyA,
              person(line.number, line.keyA),
              line.keyB,
              person(line.number, line.keyB),
              line.genuine,
              (int) ((long) FOLDS * pairs.size() / lines.size())));
    }
    return new PairList("agedb-30", pairs, FOLDS).in(file);
  }

  private String person(long line, String key) {
    return person(key)
        .orElseThrow(
            () ->
                DataException.atLine(
                    file,
                    line,
                    "expected an image such as 0_MariaCallas_35_f.jpg, found "
                        + TextLines.quoted(key)));
  }

  /** Returns who an image shows by its name, or nothing if it has no such name. */
  static Optional<String> person(String key) {
    Matcher name = IMAGE_NAME.matcher(key);
    return name.matches() ? Optional.of(name.group(2)) : Optional.empty();
  }
}
