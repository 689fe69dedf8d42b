package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;

/**
 * The pairs of CALFW and CPLFW: two lines {@code image label} a pair, first all genuine pairs, then
 * all impostor pairs. A label of 0 means two people, any other one; CALFW writes the number of the
 * fold there. As everybody does who evaluates on them, the genuine pairs and the impostor pairs are
 * each divided into ten folds in their order, 300 and 300 of the 3,000 and 3,000.
 *
 * <p>Who is shown is in the image's name: {@code Name_0001.jpg}.
 */
final class TwoLinePairs {
  private static final int FOLDS = 10;
  private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(-?\\d{1,6})\\s*");
  private static final Pattern NAME = Pattern.compile("(?:.*/)?(.+)_\\d{1,5}\\.\\w+");

  private record Line(long number, String key, String person, boolean genuine) {}

  private TwoLinePairs() {}

  static PairList read(String name, Path file) {
    List<Line> lines = new ArrayList<>();
    TextLines.read(
        file,
        "pairs, two lines 'image label' for each",
        (number, text) -> lines.add(line(file, number, text)));
    if (lines.isEmpty() || lines.size() % 2 != 0) {
      throw DataException.in(
          file, "has " + lines.size() + " lines; expected two lines for each pair");
    }
    int genuineCount = 0;
    for (int i = 0; i < lines.size(); i += 2) {
      if (lines.get(i).genuine != lines.get(i + 1).genuine) {
        throw DataException.atLine(
            file,
            lines.get(i + 1).number,
            "has another label than the line before; both are a pair");
      }
      genuineCount += lines.get(i).genuine ? 1 : 0;
    }
    if (lines.size() != 4 * genuineCount || genuineCount % FOLDS != 0) {
      throw DataException.in(
          file,
          "holds "
              + genuineCount
              + " genuine and "
              + (lines.size() / 2 - genuineCount)
              + " impostor pairs; expected equally many, in ten equal folds");
    }
    List<Pair> pairs = new ArrayList<>(lines.size() / 2);
    int genuineSeen = 0;
    int impostorsSeen = 0;
    for (int i = 0; i < lines.size(); i += 2) {
      Line a = lines.get(i);
      Line b = lines.get(i + 1);
      long fold =
          a.genuine
              ? (long) FOLDS * genuineSeen++ / genuineCount
              : (long) FOLDS * impostorsSeen++ / genuineCount;
      pairs.add(
          TextLines.pair(file, b.number, a.key, a.person, b.key, b.person, a.genuine, (int) fold));
    }
    // Fold after fold, genuine pairs first, as the sets' other readers have them; stable.
    pairs.sort(Comparator.comparingInt(Pair::fold).thenComparing(pair -> !pair.genuine()));
    return new PairList(name, pairs, FOLDS).in(file);
  }

  private static Line line(Path file, long number, String text) {
    Matcher fields = LINE.matcher(text);
    if (!fields.matches()) {
      throw DataException.atLine(
          file, number, "expected 'image label', found " + TextLines.quoted(text));
    }
    String key = TextLines.key(file, number, fields.group(1));
    Matcher name = NAME.matcher(key);
    if (!name.matches()) {
      throw DataException.atLine(
          file, number, "expected an image such as Name_0001.jpg, found " + TextLines.quoted(key));
    }
    return new Line(number, key, name.group(1), Integer.parseInt(fields.group(2)) != 0);
  }
}
