package org.mien.model.weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table of what does not fit between a graph and a file, for people who have to mend it. */
final class Misfits {
  private static final int ROWS_SHOWN = 20;

  /** Names are compared letter by letter, which takes the product of their lengths. */
  private static final int MAX_COMPARED_LETTERS = 200;

  private static final int MAX_COMPARED_NAMES = 1_000;
  private static final int CANDIDATES_SHOWN = 2;
  private static final String ROW = "%-36s %-20s %-20s %s";

  private final Map<String, LayerParameter> wanted;
  private final Map<String, List<Long>> found;
  private final List<String> unused;
  private final List<String> rows = new ArrayList<>();
  private int missing;
  private int misshapen;
  private int extra;

  /**
   * @param wanted the graph's parameters by the tensors' names
   * @param found the file's tensors
   * @param leftOut tensors that nobody has to want
   */
  Misfits(
      Map<String, LayerParameter> wanted,
      Map<String, List<Long>> found,
      Predicate<String> leftOut) {
    this.wanted = wanted;
    this.found = found;
    this.unused =
        found.keySet().stream()
            .filter(name -> !wanted.containsKey(name) && !leftOut.test(name))
            .toList();
    Set<String> names = new LinkedHashSet<>(wanted.keySet());
    names.addAll(unused);
    names.forEach(this::compare);
  }

  boolean none() {
    return missing + misshapen + extra == 0;
  }

  /** What to tell, as several lines. */
  String describe() {
    int fitting = wanted.size() - missing - misshapen;
    List<String> counts = new ArrayList<>();
    count(counts, missing, "missing in the file");
    count(counts, misshapen, "of another shape");
    count(counts, extra, "that no layer wants");
    return String.format(
        Locale.ROOT,
        "%d of %d tensors do not fit this network (%s; %d of its %d tensors fit); is it the same"
            + " network and depth?%n%s%n%s%s",
        missing + misshapen + extra,
        wanted.size() + extra,
        String.join(", ", counts),
        fitting,
        wanted.size(),
        String.format(ROW, "tensor", "the network wants", "the file has", "note"),
        rows.stream()
            .limit(ROWS_SHOWN)
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n")),
        rows.size() > ROWS_SHOWN ? "\n... and " + (rows.size() - ROWS_SHOWN) + " more" : "");
  }

  private static void count(List<String> counts, int count, String what) {
    if (count > 0) {
      counts.add(count + " " + what);
    }
  }

  private void compare(String name) {
    LayerParameter parameter = wanted.get(name);
    List<Long> shape = found.get(name);
    if (parameter == null) {
      extra++;
      row(name, "nothing", shape.toString(), "no layer of the network has this name");
    } else if (shape == null) {
      missing++;
      row(name, parameter.shape().toString(), "nothing", roleOf(parameter) + candidates(name));
    } else if (!parameter.fits(shape)) {
      misshapen++;
      row(name, parameter.shape().toString(), shape.toString(), roleOf(parameter));
    }
  }

  private void row(String name, String expected, String actual, String note) {
    rows.add(String.format(ROW, name, expected, actual, note));
  }

  private static String roleOf(LayerParameter parameter) {
    return parameter.role().map(role -> role.name().toLowerCase(Locale.ROOT) + " of ").orElse("")
        + "layer "
        + parameter.layer();
  }

  /** Tensors of the file that nobody wants and that have the shape, the most alike first. */
  private String candidates(String name) {
    if (rows.size() >= ROWS_SHOWN || name.length() > MAX_COMPARED_LETTERS) {
      return "";
    }
    LayerParameter parameter = wanted.get(name);
    List<String> nearest =
        unused.stream()
            .filter(other -> parameter.fits(found.get(other)))
            .filter(other -> other.length() <= MAX_COMPARED_LETTERS)
            .limit(MAX_COMPARED_NAMES)
            .sorted(Comparator.comparingInt(other -> distance(name, other)))
            .limit(CANDIDATES_SHOWN)
            .toList();
    return nearest.isEmpty()
        ? ""
        : "; of this shape, and wanted by no layer: " + String.join(", ", nearest);
  }

  /** Insertions, deletions and substitutions of letters (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = above[0];
      above[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = above[j];
        above[j] = Math.min(changed, 1 + Math.min(above[j], above[j - 1]));
      }
    }
    return above[b.length()];
  }
}
