package org.mien.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.data.integrity.DatasetStatistics;
import org.mien.data.integrity.DatasetStatistics.Attribute;
import org.mien.data.integrity.DatasetStatistics.Bin;
import org.mien.data.integrity.DatasetStatistics.Numbers;

/** What the template of a data set's page prints. */
final class DatasetView {
  /** Bars of one chart; what is left over is said in its caption. */
  private static final int MOST_BARS = 16;

  private final DatasetStatistics data;
  private final String style;

  DatasetView(DatasetStatistics data, String style) {
    this.data = data;
    this.style = style;
  }

  DatasetStatistics data() {
    return data;
  }

  String style() {
    return style;
  }

  String title() {
    return "Data set " + data.name();
  }

  /** The facts at the top, by name. */
  Map<String, String> facts() {
    DatasetStatistics.ImagesPerIdentity spread = data.imagesPerIdentity();
    DatasetStatistics.Files files = data.files();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Images", NumberText.count(data.images()));
    facts.put("Identities", NumberText.count(data.identities()));
    facts.put(
        "Images of an identity",
        String.format(
            Locale.ROOT,
            "%s to %s, median %s, mean %.2f",
            NumberText.count(spread.minimum()),
            NumberText.count(spread.maximum()),
            plain(spread.median()),
            spread.mean()));
    facts.put("Ordered pairs of one identity", NumberText.count(data.matePairs()));
    facts.put("Formats", files.formats().isEmpty() ? NumberText.NONE : counted(files.formats()));
    facts.put(
        "Width and height in pixels",
        files.maximumWidth() == 0
            ? NumberText.NONE
            : range(files.minimumWidth(), files.maximumWidth())
                + " × "
                + range(files.minimumHeight(), files.maximumHeight()));
    facts.put("Bytes", files.filesOfKnownLength() == 0 ? NumberText.NONE : bytes(files));
    if (files.sampled() < data.images()) {
      facts.put(
          "Files looked at",
          NumberText.count(files.sampled()) + ", evenly spaced; the figures above rest on them");
    }
    if (files.unreadable() > 0) {
      facts.put("Files without a readable size", NumberText.count(files.unreadable()));
    }
    return facts;
  }

  private static String range(long low, long high) {
    return low == high ? Long.toString(low) : low + " to " + high;
  }

  private static String bytes(DatasetStatistics.Files files) {
    return NumberText.bytes(files.bytes())
        + " in "
        + NumberText.counted(files.filesOfKnownLength(), "file", "files")
        + ", "
        + NumberText.bytes(files.bytes() / files.filesOfKnownLength())
        + " on average";
  }

  private static String counted(Map<String, Long> counts) {
    List<String> parts = new ArrayList<>();
    counts.forEach((name, count) -> parts.add(name + " " + NumberText.count(count)));
    return String.join(", ", parts);
  }

  /** Images per identity and sizes. */
  List<ReportFigure> figures() {
    List<ReportFigure> figures = new ArrayList<>();
    Map<String, Long> spread = new LinkedHashMap<>();
    for (Bin bin : data.imagesPerIdentity().histogram()) {
      spread.put(
          bin.low() == bin.high() ? plain(bin.low()) : plain(bin.low()) + " – " + plain(bin.high()),
          bin.count());
    }
    if (!spread.isEmpty()) {
      figures.add(
          new ReportFigure(
              "images-per-identity",
              "Images per identity",
              "How many identities have so many images. Each step holds twice as many numbers as"
                  + " the one before.",
              List.of(),
              BarChart.svg("images-per-identity", "Identities by number of images", spread)));
    }
    if (!data.files().sizes().isEmpty()) {
      figures.add(
          bars(
              "sizes",
              "Sizes",
              "Width × height in pixels as stored.",
              data.files().sizes(),
              data.files().differentSizes()));
    }
    return figures;
  }

  /** One for each attribute. */
  List<ReportFigure> attributeFigures() {
    List<ReportFigure> figures = new ArrayList<>();
    for (Attribute attribute : data.attributes()) {
      String id = "attribute-" + (figures.size() + 1);
      String given = "Given for " + NumberText.counted(attribute.images(), "image", "images") + ".";
      if (attribute.numbers() == null) {
        figures.add(
            bars(id, attribute.name(), given, attribute.values(), attribute.differentValues()));
      } else {
        figures.add(numbers(id, attribute, given));
      }
    }
    return figures;
  }

  private static ReportFigure bars(
      String id, String heading, String caption, Map<String, Long> counts, long different) {
    Map<String, Long> shown = new LinkedHashMap<>();
    counts.entrySet().stream()
        .limit(MOST_BARS)
        .forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
    String left =
        different > shown.size()
            ? " The " + shown.size() + " most frequent of " + NumberText.count(different) + "."
            : "";
    return new ReportFigure(
        id, heading, caption + left, List.of(), BarChart.svg(id, "Images by " + heading, shown));
  }

  private static ReportFigure numbers(String id, Attribute attribute, String given) {
    Numbers numbers = attribute.numbers();
    List<Bin> bins = numbers.histogram();
    double[] heights = bins.stream().mapToDouble(Bin::count).toArray();
    double highest = 1;
    for (double height : heights) {
      highest = Math.max(highest, height);
    }
    double low = bins.get(0).low();
    double high = bins.get(bins.size() - 1).high();
    String summary =
        String.format(
            Locale.ROOT,
            "From %s to %s, median %s, mean %s.",
            plain(numbers.minimum()),
            plain(numbers.maximum()),
            plain(numbers.median()),
            plain(Math.rint(numbers.mean() * 100) / 100));
    SvgChart chart =
        new SvgChart(
            id,
            "Images by " + attribute.name(),
            summary,
            attribute.name(),
            Scale.Linear.around(low, high, false),
            "images",
            Scale.Linear.around(0, highest, false));
    chart.columns("one", low, high, heights);
    return new ReportFigure(id, attribute.name(), summary + " " + given, List.of(), chart.svg());
  }

  /** 2 rather than 2.0. */
  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? NumberText.count((long) value)
        : Double.toString(value);
  }
}
