package org.mien.data.protocol;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;

/**
 * Reads the pair lists of Labeled Faces in the Wild.
 *
 * <p>View 2 ({@code pairs.txt}): the first line is {@code folds<TAB>n}; for each fold follow {@code
 * n} genuine lines {@code name<TAB>i<TAB>j} and {@code n} impostor lines {@code
 * name<TAB>i<TAB>other<TAB>j}. View 1 ({@code pairsDevTrain.txt}, {@code pairsDevTest.txt}): the
 * first line is {@code n} alone, and there is one fold. Image {@code i} of a person has the key
 * {@code name/name_000i.jpg}, the number padded to four digits.
 *
 * <p>The reader is strict: counts must agree with the first line, and only blank lines may follow.
 */
public final class LfwPairs {
  private static final long MAXIMUM_BYTES = 64 << 20;
  private static final int MAXIMUM_FOLDS = 1000;
  private static final int MAXIMUM_PER_FOLD = 1_000_000;

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,7}");
  private static final Pattern NAME = Pattern.compile("[^\\s/\\\\\\p{Cntrl}]{1,200}");

  private final Path file;
  private final List<String> lines;

  /** Prefix of every key; empty, or a folder with a slash. */
  private final String prefix;

  /** How many images each person has; empty where it is not known. */
  private final Map<String, Integer> imagesOf;

  private LfwPairs(Path file, String prefix, Map<String, Integer> imagesOf) {
    this.file = file;
    this.lines = linesOf(file);
    this.prefix = prefix;
    this.imagesOf = imagesOf;
  }

  /**
   * Reads a list; its name is the file's without the extension.
   *
   * @throws DataException with file and line if it is missing or malformed
   */
  public static PairList read(Path file) {
    return new LfwPairs(file, "", Map.of()).parse();
  }

  /**
   * Reads a list in this format with or without its first line, as RFW's are found. Without it, a
   * fold is a run of genuine lines and the equally long run of impostor lines that follows.
   *
   * @param prefix of every key
   * @param imagesOf how many images each person has; empty if it is not known
   */
  static PairList read(Path file, String prefix, Map<String, Integer> imagesOf) {
    LfwPairs list = new LfwPairs(file, prefix, imagesOf);
    boolean headless = !list.lines.isEmpty() && list.lines.get(0).split("\t", -1).length > 2;
    return headless ? list.parseWithoutHeader() : list.parse();
  }

  private PairList parseWithoutHeader() {
    int perFold = 0;
    while (perFold < lines.size() && lines.get(perFold).split("\t", -1).length == 3) {
      perFold++;
    }
    int count = lines.size();
    while (count > 0 && lines.get(count - 1).isBlank()) {
      count--;
    }
    if (perFold == 0) {
      throw DataException.atLine(
          file, 1, "expected a genuine pair first, found " + quoted(lines.get(0)));
    }
    if (count % (2 * perFold) != 0 || count / (2 * perFold) > MAXIMUM_FOLDS) {
      throw DataException.atLine(
          file,
          count,
          String.format(
              Locale.ROOT,
              "the list ends after %d pairs; expected whole folds of %d genuine and %d impostor"
                  + " pairs, as its first lines have them",
              count,
              perFold,
              perFold));
    }
    return pairs(0, count / (2 * perFold), perFold);
  }

  private static List<String> linesOf(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw DataException.in(file, "has " + size + " bytes; expected a list of pairs");
      }
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(
          file, "does not exist; expected a list of pairs such as LFW's pairs.txt", e);
    } catch (CharacterCodingException e) {
      throw DataException.in(file, "is not a text file in UTF-8; expected LFW's pairs.txt", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private PairList parse() {
    if (lines.isEmpty() || lines.get(0).isBlank()) {
      throw DataException.atLine(
          file, 1, "expected '<folds><TAB><pairs>' or '<pairs>', found nothing");
    }
    String[] header = lines.get(0).split("\t", -1);
    if (header.length > 2) {
      throw DataException.atLine(
          file, 1, "expected '<folds><TAB><pairs>' or '<pairs>', found " + quoted(lines.get(0)));
    }
    int folds = header.length == 2 ? count(1, header[0], "number of folds", MAXIMUM_FOLDS) : 1;
    int perFold =
        count(1, header[header.length - 1], "number of pairs of each kind", MAXIMUM_PER_FOLD);
    long expected = 2L * folds * perFold;
    if (lines.size() - 1 < expected) {
      throw DataException.atLine(
          file,
          lines.size(),
          String.format(
              Locale.ROOT,
              "the list ends after %d pairs; its first line promises %d (%d folds of %d genuine and"
                  + " %d impostor pairs)",
              lines.size() - 1,
              expected,
              folds,
              perFold,
              perFold));
    }
    return pairs(1, folds, perFold);
  }

  /**
   * @param before how many lines stand before the first pair
   */
  private PairList pairs(int before, int folds, int perFold) {
    int expected = 2 * folds * perFold;
    List<Pair> pairs = new ArrayList<>(expected);
    int line = before;
    for (int fold = 0; fold < folds; fold++) {
      for (int i = 0; i < 2 * perFold; i++) {
        line++;
        pairs.add(i < perFold ? genuine(line, fold) : impostor(line, fold));
      }
    }
    for (int rest = line + 1; rest <= lines.size(); rest++) {
      if (!lines.get(rest - 1).isBlank()) {
        throw DataException.atLine(
            file,
            rest,
            String.format(
                Locale.ROOT,
                "expected the end after the %d pairs of the first line, found %s",
                expected,
                quoted(lines.get(rest - 1))));
      }
    }
    String fileName = file.getFileName().toString();
    int dot = fileName.lastIndexOf('.');
    return new PairList(dot > 0 ? fileName.substring(0, dot) : fileName, pairs, folds).in(file);
  }

  private Pair genuine(int line, int fold) {
    String[] fields = fields(line, 3, "a genuine pair '<name><TAB><image><TAB><image>'");
    String name = name(line, fields[0]);
    int first = image(line, name, fields[1]);
    int second = image(line, name, fields[2]);
    if (first == second) {
      throw DataException.atLine(
          file, line, "image " + first + " of " + name + " is paired with itself");
    }
    return new Pair(key(name, first), name, key(name, second), name, true, fold, line);
  }

  private Pair impostor(int line, int fold) {
    String[] fields =
        fields(line, 4, "an impostor pair '<name><TAB><image><TAB><name><TAB><image>'");
    String first = name(line, fields[0]);
    String second = name(line, fields[2]);
    if (first.equals(second)) {
      throw DataException.atLine(
          file, line, "expected two people in an impostor pair, found " + first + " twice");
    }
    return new Pair(
        key(first, image(line, first, fields[1])),
        first,
        key(second, image(line, second, fields[3])),
        second,
        false,
        fold,
        line);
  }

  private String[] fields(int line, int count, String what) {
    String text = lines.get(line - 1);
    String[] fields = text.split("\t", -1);
    if (fields.length != count) {
      throw DataException.atLine(file, line, "expected " + what + ", found " + quoted(text));
    }
    return fields;
  }

  private String name(int line, String text) {
    if (!NAME.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw DataException.atLine(
          file, line, "expected a name without spaces or slashes, found " + quoted(text));
    }
    return text;
  }

  private int image(int line, String name, String text) {
    int image = count(line, text, "image number", 9999);
    if (!imagesOf.isEmpty() && image > imagesOf.getOrDefault(name, 0)) {
      throw DataException.atLine(
          file,
          line,
          "names image "
              + image
              + " of "
              + name
              + ", who has "
              + imagesOf.getOrDefault(name, 0)
              + " in the list of people");
    }
    return image;
  }

  private int count(int line, String text, String what, int maximum) {
    if (COUNT.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= maximum) {
        return number;
      }
    }
    throw DataException.atLine(
        file,
        line,
        String.format(
            Locale.ROOT, "expected the %s, 1 to %d, found %s", what, maximum, quoted(text)));
  }

  private String key(String name, int image) {
    return String.format(Locale.ROOT, "%s%s/%s_%04d.jpg", prefix, name, name, image);
  }

  private static String quoted(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return "'" + shown.replace("\t", "<TAB>").replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
