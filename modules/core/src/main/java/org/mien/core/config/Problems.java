package org.mien.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.mien.core.error.ConfigException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with a configuration, to tell all of it at once. */
final class Problems {
  /** In the order of the file; what is not from the file comes last. */
  private static final Comparator<Problem> ORDER =
      Comparator.comparing((Problem p) -> !p.inFile)
          .thenComparing(p -> p.inFile ? p.mark.getLine() : 0)
          .thenComparing(p -> p.inFile ? p.mark.getColumn() : 0);

  private final String fileName;
  private final List<Problem> found = new ArrayList<>();

  /**
   * @param fileName the label of the nodes that have a line and column worth telling; others, such
   *     as an override, are told by their label alone
   */
  Problems(String fileName) {
    this.fileName = fileName;
  }

  /**
   * @param path the key it is about, such as {@code loss.marginRadians}; empty for the whole
   */
  void add(Node node, String path, String message) {
    add(markOf(node), path, message);
  }

  void add(Mark mark, String path, String message) {
    found.add(new Problem(mark, mark.getName().equals(fileName), path, message));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** One line a problem. */
  List<String> lines() {
    return found.stream().sorted(ORDER).map(Problem::toString).toList();
  }

  /**
   * @throws ConfigException with one line for each problem, if there is any
   */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(String.join("\n", lines()));
    }
  }

  static Mark markOf(Node node) {
    return node.getStartMark()
        .orElseThrow(() -> new IllegalArgumentException("a node without a position: " + node));
  }

  private record Problem(Mark mark, boolean inFile, String path, String message) {
    @Override
    public String toString() {
      String place = mark.getName();
      if (inFile) {
        place += ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
      }
      boolean pathIsPlace = path.isEmpty() || place.equals(Overrides.label(path));
      return oneLine(pathIsPlace ? place + ": " + message : place + " " + path + ": " + message);
    }

    /** Keys and values of the file are quoted in messages and may hold anything. */
    private static String oneLine(String text) {
      return text.codePoints()
          .mapToObj(
              c ->
                  Character.isISOControl(c) || c == 0x2028 || c == 0x2029
                      ? String.format("\\u%04x", c)
                      : Character.toString(c))
          .collect(Collectors.joining());
    }
  }
}
