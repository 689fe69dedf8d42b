package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.mien.eval.report.SearchData.Axis;
import org.mien.eval.report.SearchData.Row;

/** What the template of a search's page prints. */
final class SearchView {
  private static final int LONGEST_LABEL = 14;

  private final SearchData data;
  private final String style;
  private final List<Row> drawn;

  SearchView(SearchData data, String style) {
    this.data = data;
    this.style = style;
    this.drawn =
        data.rows().stream()
            .filter(row -> row.figure() != null && !row.values().isEmpty())
            .toList();
  }

  SearchData data() {
    return data;
  }

  String style() {
    return style;
  }

  String title() {
    return "Search " + data.name();
  }

  /** What was found, in sentences. */
  List<String> findings() {
    List<String> findings = new ArrayList<>();
    Row recipe = row(0);
    Row best = data.best() == null ? null : row(data.best());
    long failed = data.rows().stream().filter(row -> row.figure() == null).count();
    findings.add(
        NumberText.counted(data.rows().size(), "candidate was", "candidates were")
            + " tried, the recipe as it is among them"
            + (failed == 0 ? "." : "; " + NumberText.count(failed) + " failed."));
    if (best == null) {
      findings.add("None succeeded.");
    } else if (best.values().isEmpty()) {
      findings.add(
          "None was better than the recipe as it is: " + data.measure() + " " + figure(best) + ".");
    } else {
      findings.add(
          "The best is candidate "
              + best.number()
              + " with "
              + data.measure()
              + " "
              + figure(best)
              + (recipe == null || recipe.figure() == null
                  ? "."
                  : "; the recipe as it is has " + figure(recipe) + "."));
    }
    findings.add(
        "The figure that chose is one of validation data, and the best of many is a little better"
            + " by luck: what the best recipe is worth, its own report says, on images that chose"
            + " nothing.");
    return findings;
  }

  private Row row(int number) {
    return data.rows().stream().filter(row -> row.number() == number).findFirst().orElse(null);
  }

  /** The rows, best first, failed ones last. */
  List<Row> ranked() {
    Comparator<Row> byFigure =
        Comparator.comparingDouble(
            row ->
                row.figure() == null
                    ? Double.POSITIVE_INFINITY
                    : data.higherIsBetter() ? -row.figure() : row.figure());
    return data.rows().stream()
        .sorted(
            Comparator.<Row, Boolean>comparing(row -> !isBest(row))
                .thenComparing(byFigure)
                .thenComparingInt(Row::number))
        .toList();
  }

  boolean isBest(Row row) {
    return data.best() != null && row.number() == data.best();
  }

  String figure(Row row) {
    return row.figure() == null
        ? NumberText.NONE
        : String.format(Locale.ROOT, "%.4f", row.figure());
  }

  List<ReportFigure> figures() {
    List<ReportFigure> figures = new ArrayList<>();
    if (drawn.size() >= 2) {
      figures.add(coordinates());
    }
    Map<String, Long> importance = importance();
    if (!importance.isEmpty()) {
      figures.add(
          new ReportFigure(
              "importance",
              "What each key explains alone",
              "Percent of the variance of the candidates' ranks that lies between the key's values"
                  + " (epsilon squared; numbers in three groups). What keys do only together is not"
                  + " in it, and with few candidates it is rough.",
              List.of(),
              BarChart.svg("importance", "Percent explained by each key alone", importance)));
    }
    return figures;
  }

  Map<String, Long> importance() {
    double[] figures = drawn.stream().mapToDouble(Row::figure).toArray();
    Map<String, Long> percent = new LinkedHashMap<>();
    for (int i = 0; i < data.axes().size(); i++) {
      Axis axis = data.axes().get(i);
      OptionalDouble share = KeyImportance.of(coordinates(i), !axis.choices().isEmpty(), figures);
      if (share.isPresent()) {
        percent.put(shortened(axis.key()), Math.round(100 * share.getAsDouble()));
      }
    }
    return percent;
  }

  /** The end of a key says most. */
  private String shortened(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    long same = data.axes().stream().filter(axis -> axis.key().endsWith("." + last)).count();
    return same > 1 ? key : last;
  }

  private double[] coordinates(int index) {
    Axis axis = data.axes().get(index);
    return drawn.stream().mapToDouble(row -> axis.coordinate(row.values().get(index))).toArray();
  }

  private ReportFigure coordinates() {
    int count = data.axes().size();
    double[][] columns = new double[count + 1][];
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns[i] = coordinates(i);
      labels.add(label(shortened(data.axes().get(i).key())));
    }
    columns[count] = drawn.stream().mapToDouble(Row::figure).toArray();
    labels.add(label(data.measure()));
    SvgChart chart =
        new SvgChart(
            "coordinates",
            "Values and figures of the candidates",
            "One line a candidate, through its value of each key to its " + data.measure() + ".",
            "",
            new Scale.Named(labels),
            "from lowest to highest",
            new Scale.Named(List.of("", "")));
    for (int pass = 0; pass < 2; pass++) {
      for (int row = 0; row < drawn.size(); row++) {
        // The best one last, above the others.
        boolean best = isBest(drawn.get(row));
        if (best == (pass == 1)) {
          chart.line(best ? "two" : "one faint", indices(count + 1), heights(columns, row));
        }
      }
    }
    for (int i = 0; i <= count; i++) {
      double low = Arrays.stream(columns[i]).min().orElseThrow();
      double high = Arrays.stream(columns[i]).max().orElseThrow();
      chart.note(i, 0, end(i, low));
      if (low < high) {
        chart.note(i, 1, end(i, high));
      }
    }
    return new ReportFigure(
        "coordinates",
        "Parallel coordinates",
        "One line a candidate, through its value of each key to its "
            + data.measure()
            + " at the right; the best is dashed. Each axis goes from the lowest value tried to the"
            + " highest, learning rates and the like by powers of ten.",
        List.of(),
        chart.svg());
  }

  private String end(int index, double coordinate) {
    if (index == data.axes().size()) {
      return String.format(Locale.ROOT, "%.4f", coordinate);
    }
    Axis axis = data.axes().get(index);
    if (!axis.choices().isEmpty()) {
      return label(axis.choices().get((int) coordinate));
    }
    double value = axis.logarithmic() ? Math.pow(10, coordinate) : coordinate;
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : NumberText.small(value);
  }

  private static double[] indices(int count) {
    double[] indices = new double[count];
    Arrays.setAll(indices, i -> i);
    return indices;
  }

  private static double[] heights(double[][] columns, int row) {
    double[] heights = new double[columns.length];
    for (int i = 0; i < columns.length; i++) {
      double low = Arrays.stream(columns[i]).min().orElseThrow();
      double high = Arrays.stream(columns[i]).max().orElseThrow();
      heights[i] = low < high ? (columns[i][row] - low) / (high - low) : 0.5;
    }
    return heights;
  }

  private static String label(String text) {
    return text.length() <= LONGEST_LABEL ? text : text.substring(0, LONGEST_LABEL - 1) + "…";
  }
}
