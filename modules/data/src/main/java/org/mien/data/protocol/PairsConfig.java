package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * Own pairs: a text file with a line {@code path path 0|1} for each pair, 1 for one person, and
 * optionally the fold, counted from 0, as a fourth field. Fields are separated by tabs, else by
 * commas, else by spaces; a first line whose third field is not 0 or 1 is a heading. InsightFace's
 * {@code pairs_label.txt} is such a file.
 *
 * @param file the pairs
 * @param identities how it is known who an image shows
 */
@TypeName("pairs")
public record PairsConfig(
    @Setting("Text file with a line 'path path 0|1' for each pair.") Path file,
    @Setting(
            value =
                "How it is known who an image shows: by the folder it lies in, or only by the"
                    + " genuine pairs themselves.",
            defaultValue = "folders")
        Identities identities)
    implements ProtocolConfig {
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final int MAXIMUM_FOLDS = 1000;

  /** How it is known who an image shows. */
  public enum Identities {
    /** The folder that an image lies in names the person. */
    FOLDERS,
    /** Images joined by genuine pairs show one person; nobody else is known to be the same. */
    PAIRS
  }

  private record Line(long number, String keyA, String keyB, boolean genuine, int fold) {}

  @Override
  public PairList open() {
    List<Line> lines = new ArrayList<>();
    TextLines.read(
        file,
        "pairs, a line 'path path 0|1' for each",
        (number, text) -> {
          String[] fields = fields(text);
          boolean heading = lines.isEmpty() && number == 1 && fields.length >= 3;
          if (heading && !fields[2].matches("[01]")) {
            return;
          }
          lines.add(line(number, text, fields));
        });
    if (lines.isEmpty()) {
      throw DataException.in(file, "holds no pair");
    }
    Map<String, String> personOf = identities == Identities.PAIRS ? people(lines) : Map.of();
    List<Pair> pairs = new ArrayList<>(lines.size());
    int folds = 1;
    for (Line line : lines) {
      pairs.add(
          TextLines.pair(
              file,
              line.number,
              line.keyA,
              person(line.number, line.keyA, personOf),
              line.keyB,
              person(line.number, line.keyB, personOf),
              line.genuine,
              line.fold));
      folds = Math.max(folds, line.fold + 1);
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return new PairList(dot > 0 ? name.substring(0, dot) : name, pairs, folds);
  }

  private static String[] fields(String text) {
    if (text.indexOf('\t') >= 0) {
      return text.split("\t", -1);
    }
    return text.indexOf(',') >= 0 ? text.split(",", -1) : SPACES.split(text.strip(), -1);
  }

  private Line line(long number, String text, String[] fields) {
    boolean fine =
        (fields.length == 3 || fields.length == 4)
            && fields[2].strip().matches("[01]")
            && (fields.length == 3 || fields[3].strip().matches("\\d{1,3}"));
    if (!fine) {
      throw DataException.atLine(
          file,
          number,
          "expected 'path path 0|1' and perhaps a fold below "
              + MAXIMUM_FOLDS
              + ", found "
              + TextLines.quoted(text));
    }
    return new Line(
        number,
        TextLines.key(file, number, fields[0]),
        TextLines.key(file, number, fields[1]),
        fields[2].strip().equals("1"),
        fields.length == 4 ? Integer.parseInt(fields[3].strip()) : 0);
  }

  private String person(long line, String key, Map<String, String> personOf) {
    if (identities == Identities.PAIRS) {
      return personOf.get(key);
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
