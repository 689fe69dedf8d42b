package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.eval.report.EmbeddingMap.Point;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** Makes the sections on the map, speed, engines, failures to acquire, and people in both sets. */
final class ConditionsView {
  private static final int NAMED = 8;

  private ConditionsView() {}

  static SectionView of(EmbeddingMap map) {
    boolean byNeighbours = map.method().equals(EmbeddingMap.TSNE);
    SectionView.Draft draft =
        SectionView.of("map", "Map of embeddings")
            .paragraph(map.description())
            .paragraph(
                byNeighbours
                    ? "t-SNE keeps neighbours together. The distances between groups and their sizes"
                        + " mean nothing, and it draws groups whether there are any or not."
                    : "The plane holds "
                        + NumberText.percent(map.firstShare() + map.secondShare(), 100L)
                        + " of the variance of "
                        + NumberText.counted(map.dimension(), "dimension", "dimensions")
                        + ". People who lie on each other here may lie far apart in the others, so"
                        + " it shows outliers and mislabelled images, not how well people are told"
                        + " apart.");
    List<String> named = map.mostFrequent(NAMED);
    double[] x = map.points().stream().mapToDouble(Point::x).toArray();
    double[] y = map.points().stream().mapToDouble(Point::y).toArray();
    if (x.length == 0) {
      return draft.end();
    }
    SvgChart chart =
        new SvgChart(
            "map-plane",
            byNeighbours
                ? "Embeddings laid out by t-SNE"
                : "Embeddings on the plane of largest variance",
            NumberText.counted(x.length, "embedding", "embeddings")
                + "; the table holds where the people with the most images lie.",
            axis("first axis", map.firstShare(), byNeighbours),
            scale(x),
            axis("second axis", map.secondShare(), byNeighbours),
            scale(y));
    List<LegendEntry> legend = new ArrayList<>();
    ReportTable.Draft table =
        ReportTable.of(
            "Where the people with the most images lie on average",
            "Person",
            "#Images",
            "#First axis",
            "#Second axis",
            "#Mean distance from there");
    draw(chart, map.points().stream().filter(p -> !named.contains(p.identity())).toList(), "rest");
    int colour = 1;
    for (String identity : named) {
      List<Point> points =
          map.points().stream().filter(point -> point.identity().equals(identity)).toList();
      draw(chart, points, "hue" + colour);
      legend.add(new LegendEntry("hue" + colour++, identity));
      double meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
      double meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
      double spread =
          points.stream()
              .mapToDouble(point -> Math.hypot(point.x() - meanX, point.y() - meanY))
              .average()
              .orElseThrow();
      table.row(
          identity,
          NumberText.count(points.size()),
          NumberText.decimal(meanX),
          NumberText.decimal(meanY),
          NumberText.decimal(spread));
    }
    chart.allTips(x, y, i -> map.points().get(i).identity());
    return draft
        .figure(
            new ReportFigure(
                "map-plane",
                byNeighbours ? "t-SNE" : "Principal components",
                "A point is an image. Colours name the "
                    + NumberText.count(named.size())
                    + " people with the most images; all others are grey.",
                legend,
                chart.svg(),
                table.folded()))
        .end();
  }

  private static String axis(String name, double share, boolean byNeighbours) {
    return byNeighbours
        ? name + ", without a unit"
        : name + ", " + NumberText.percent(share, 100L) + " of the variance";
  }

  private static void draw(SvgChart chart, List<Point> points, String series) {
    chart.cloud(
        series,
        points.stream().mapToDouble(Point::x).toArray(),
        points.stream().mapToDouble(Point::y).toArray());
  }

  private static Scale scale(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return Scale.Linear.around(low, high, false);
  }

  static SectionView of(PerformanceSection section) {
    SectionView.Draft draft =
        SectionView.of("performance", "Speed and size").paragraph(section.machine());
    if (section.parameters() != null) {
      draft.fact("Parameters", NumberText.count(section.parameters()));
    }
    if (section.sizeBytes() != null) {
      draft.fact("File", NumberText.bytes(section.sizeBytes()));
    }
    if (section.dimension() != null) {
      draft.fact("Numbers in an embedding", NumberText.count(section.dimension()));
    }
    ReportTable.Draft table =
        ReportTable.of(
            "How long it takes",
            "What",
            "#Images at once",
            "#Median, ms",
            "#95th percentile, ms",
            "#Images a second",
            "#Repetitions");
    for (PerformanceSection.Latency latency : section.latencies()) {
      table.row(
          latency.what(),
          NumberText.count(latency.images()),
          NumberText.milliseconds(latency.medianMilliseconds()),
          NumberText.milliseconds(latency.slowestTwentiethMilliseconds()),
          NumberText.milliseconds(latency.imagesPerSecond()),
          NumberText.count(latency.repetitions()));
    }
    return draft.table(table.open()).end();
  }

  static SectionView of(EngineSection section) {
    SectionView.Draft draft =
        SectionView.of("engines", "The same network on another engine")
            .paragraph(
                NumberText.counted(section.images(), "image", "images")
                    + " of this evaluation, spread over all, were embedded once more by another"
                    + " engine. Engines add up in different orders, so rounding is all that should"
                    + " differ; more points to a network that was translated wrongly.")
            .fact("Engine of all figures", section.used())
            .fact("The other", section.other())
            .fact("Largest difference of a number", NumberText.small(section.largestDifference()))
            .fact(
                "Of the largest number of its embedding",
                NumberText.small(section.largestRelativeDifference()))
            .fact("Smallest cosine", String.format(Locale.ROOT, "%.9f", section.smallestCosine()));
    if (section.decisions() != null) {
      draft
          .fact(
              "Pairs decided differently",
              FairnessView.errors(section.decisions())
                  + ", "
                  + FairnessView.rate(section.decisions())
                  + ", 95 % interval "
                  + FairnessView.interval(section.decisions()))
          .fact("Largest change of a similarity", NumberText.small(section.largestChange()))
          .fact(
              "Pairs of the whole protocol as near to the threshold",
              NumberText.count(section.pairsWithin()))
          .note("Decisions are those at the " + section.threshold())
          .note(
              "A threshold that was set on these data lies right above the score of an impostor"
                  + " pair, which rounding alone may tip");
    }
    return draft.note("The comparison took " + NumberText.duration(section.seconds())).end();
  }

  static SectionView of(AcquisitionSection section) {
    SectionView.Draft draft =
        SectionView.of("acquisition", "Failures to acquire").paragraph(section.treatment());
    ReportTable.Draft table =
        ReportTable.of(
            "Images lost on the way to an embedding",
            "Step",
            "#Lost / images",
            "#Share",
            "#95 % interval");
    for (AcquisitionSection.Stage stage : section.stages()) {
      table.row(
          stage.name(),
          FairnessView.errors(stage.failures()),
          FairnessView.rate(stage.failures()),
          FairnessView.interval(stage.failures()));
    }
    return draft.table(table.open()).end();
  }

  static SectionView of(List<OverlapSection> sections) {
    SectionView.Draft draft =
        SectionView.of("overlap", "People trained on and tested")
            .paragraph(
                "Names are compared. Two spellings of one person stay undetected, and two people of"
                    + " one name count as one.");
    ReportTable.Draft table =
        ReportTable.of(
            "People in both sets", "Test", "#Trained on", "#Tested", "#In both", "Treatment");
    for (OverlapSection section : sections) {
      table.row(
          section.test(),
          section.trainingKnown() ? NumberText.count(section.trainingIdentities()) : "not told",
          NumberText.count(section.testIdentities()),
          section.trainingKnown() ? NumberText.count(section.sharedCount()) : "not known",
          section.leftOut() == null
              ? section.trainingKnown() && section.sharedCount() == 0 ? "" : "nothing was left out"
              : section.leftOut());
    }
    draft.table(table.open());
    for (OverlapSection section : sections) {
      ReportTable.Draft names =
          ReportTable.of(
              section.test()
                  + ": "
                  + (section.sharedCount() > section.shared().size() ? "the first " : "")
                  + NumberText.counted(section.shared().size(), "person", "people")
                  + " in both sets",
              "Person");
      section.shared().forEach(names::row);
      draft.table(names.folded());
    }
    return draft.end();
  }
}
