package org.mien.data.protocol;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * Own pairs: a text file with a line {@code path path 0|1} for each pair, 1 for one person, and
 * optionally the fold, counted from 0, as a fourth field. Fields are separated by tabs, else by
 * commas (fields may then be quoted), else by spaces. InsightFace's {@code pairs_label.txt} is such
 * a file. A first line whose third field is not 0 or 1 is a heading; it may name further columns
 * after the first three: {@code fold}, {@code identity1}, {@code identity2} and {@code group}.
 *
 * @param file the pairs
 * @param identities how it is known who an image shows
 */
@TypeName("pairs")
public record PairsConfig(
    @Setting("Text file with a line 'path path 0|1' for each pair.") Path file,
    @Setting(
            value =
                "How it is known who an image shows: by the folder it lies in (folders), only by the"
                    + " genuine pairs themselves (pairs), or by the columns identity1 and identity2"
                    + " (columns).",
            defaultValue = "folders")
        Identities identities)
    implements PairFilesConfig {
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final int MAXIMUM_FOLDS = 1000;

  /** How it is known who an image shows. */
  public enum Identities {
    /** The folder that an image lies in names the person. */
    FOLDERS,
    /** The columns {@code identity1} and {@code identity2} do. */
    COLUMNS,
    /** Images joined by genuine pairs show one person; nobody else is known to be the same. */
    PAIRS
  }

  private static final List<String> COLUMNS = List.of("fold", "identity1", "identity2", "group");

  private record Line(
      long number,
      String keyA,
      String keyB,
      boolean genuine,
      int fold,
      String identityA,
      String identityB,
      String group) {}

  @Override
  public PairList open() {
    List<Line> lines = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    TextLines.read(
        file,
        "pairs, a line 'path path 0|1' for each",
        (number, text) -> {
          List<String> fields = fields(number, text);
          if (number == 1 && fields.size() >= 3 && !fields.get(2).matches("[01]")) {
            columns.addAll(heading(fields));
          } else {
            lines.add(line(number, text, fields, columns));
          }
        });
    if (lines.isEmpty()) {
      throw DataException.in(file, "holds no pair");
    }
    if (identities == Identities.COLUMNS
        && !columns.containsAll(List.of("identity1", "identity2"))) {
      throw DataException.atLine(
          file, 1, "expected a heading with the columns identity1 and identity2");
    }
    Map<String, String> personOf = identities == Identities.PAIRS ? people(lines) : Map.of();
    Map<String, String> groups = new HashMap<>();
    Map<String, String> shows = new HashMap<>();
    List<Pair> pairs = new ArrayList<>(lines.size());
    BitSet folds = new BitSet();
    for (Line line : lines) {
      pairs.add(
          TextLines.pair(
              file,
              line.number,
              line.keyA,
              person(line.number, line.keyA, line.identityA, personOf),
              line.keyB,
              person(line.number, line.keyB, line.identityB, personOf),
              line.genuine,
              line.fold));
      Pair pair = pairs.get(pairs.size() - 1);
      agree(line.number, shows, line.keyA, pair.identityA());
      agree(line.number, shows, line.keyB, pair.identityB());
      folds.set(line.fold);
      for (String key : List.of(line.keyA, line.keyB)) {
        String before = line.group.isEmpty() ? null : groups.put(key, line.group);
        if (before != null && !before.equals(line.group)) {
          throw DataException.atLine(
              file, line.number, key + " is of two groups, " + before + " and " + line.group);
        }
      }
    }
    if (folds.nextClearBit(0) != folds.length()) {
      throw DataException.in(
          file, "has no pair of fold " + folds.nextClearBit(0) + "; folds are counted from 0");
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return new PairList(dot > 0 ? name.substring(0, dot) : name, pairs, folds.length(), groups)
        .in(file);
  }

  private void agree(long line, Map<String, String> shows, String key, String identity) {
    String before = shows.putIfAbsent(key, identity);
    if (before != null && !before.equals(identity)) {
      throw DataException.atLine(
          file, line, "says that " + key + " shows " + identity + "; before it was " + before);
    }
  }

  private List<String> fields(long number, String text) {
    if (text.indexOf('\t') >= 0) {
      return List.of(text.split("\t", -1));
    }
    if (text.indexOf(',') < 0) {
      return List.of(SPACES.split(text.strip(), -1));
    }
    try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(text)) {
      return csv.iterator().next().getFields();
    } catch (CsvParseException | NoSuchElementException | IOException e) {
      throw DataException.atLine(
          file, number, "is not a line of comma-separated fields: " + TextLines.quoted(text));
    }
  }

  private List<String> heading(List<String> fields) {
    List<String> columns =
        fields.stream().map(field -> field.strip().toLowerCase(Locale.ROOT)).toList();
    List<String> further = columns.subList(3, columns.size());
    if (!COLUMNS.containsAll(further) || Set.copyOf(further).size() != further.size()) {
      throw DataException.atLine(
          file,
          1,
          "expected three columns and of the further ones " + COLUMNS + ", found " + columns);
    }
    return columns;
  }

  private Line line(long number, String text, List<String> fields, List<String> columns) {
    boolean headed = !columns.isEmpty();
    String fold = headed ? field(fields, columns, "fold") : fields.size() == 4 ? fields.get(3) : "";
    boolean fine =
        (headed ? fields.size() == columns.size() : fields.size() == 3 || fields.size() == 4)
            && fields.get(2).strip().matches("[01]")
            && fold.strip().matches(headed && !columns.contains("fold") ? "" : "\\d{1,3}|");
    if (!fine) {
      throw DataException.atLine(
          file,
          number,
          "expected 'path path 0|1' and perhaps a fold below "
              + MAXIMUM_FOLDS
              + (headed ? ", as the heading " + columns : "")
              + ", found "
              + TextLines.quoted(text));
    }
    return new Line(
        number,
        TextLines.key(file, number, fields.get(0)),
        TextLines.key(file, number, fields.get(1)),
        fields.get(2).strip().equals("1"),
        fold.isBlank() ? 0 : Integer.parseInt(fold.strip()),
        field(fields, columns, "identity1"),
        field(fields, columns, "identity2"),
        field(fields, columns, "group"));
  }

  private static String field(List<String> fields, List<String> columns, String name) {
    int column = columns.indexOf(name);
    return column < 0 || column >= fields.size() ? "" : fields.get(column).strip();
  }

  private String person(long line, String key, String named, Map<String, String> personOf) {
    if (identities == Identities.PAIRS) {
      return personOf.get(key);
    }
    if (identities == Identities.COLUMNS) {
      if (named.isEmpty()) {
        throw DataException.atLine(file, line, "does not say who " + key + " shows");
      }
      return named;
    }
    int slash = key.lastIndexOf('/');
    if (slash < 0) {
      throw DataException.atLine(
          file,
          line,
          key
              + " lies in no folder that would name the person; identities: pairs takes the genuine"
              + " pairs instead");
    }
    return key.substring(0, slash);
  }

  /** Returns for each image the first image of the person it shows, joined by genuine pairs. */
  private static Map<String, String> people(List<Line> lines) {
    Map<String, String> parent = new HashMap<>();
    for (Line line : lines) {
      parent.putIfAbsent(line.keyA, line.keyA);
      parent.putIfAbsent(line.keyB, line.keyB);
      if (line.genuine) {
        parent.put(root(parent, line.keyB), root(parent, line.keyA));
      }
    }
    Map<String, String> people = new HashMap<>();
    parent.keySet().forEach(key -> people.put(key, root(parent, key)));
    return people;
  }

  private static String root(Map<String, String> parent, String key) {
    String root = key;
    while (!parent.get(root).equals(root)) {
      root = parent.get(root);
    }
    return root;
  }
}
