package org.mien.eval.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.run.AtomicFiles;
import org.mien.eval.metrics.Metric;

/**
 * Writes every curve of a report as CSV, for other programs to draw.
 *
 * <p>A file is named after its protocol and curve, such as {@code lfw-roc.csv}; two sections of one
 * protocol are told apart by a number. Rates are fractions, numbers have all their digits, and the
 * first line names the columns.
 */
public final class ReportCurves {
  private ReportCurves() {}

  /**
   * Writes the files.
   *
   * @param folder an existing folder, usually that of the report
   * @return what was written, in the order of the sections
   * @throws org.mien.core.error.DataException where a file cannot be written
   */
  public static List<Path> write(ReportData data, Path folder) {
    List<Path> written = new ArrayList<>();
    of(data)
        .forEach(
            (name, content) -> {
              Path file = folder.resolve(name);
              AtomicFiles.writeString(file, content);
              written.add(file);
            });
    return written;
  }

  /** Returns the content of each file by its name. */
  static Map<String, String> of(ReportData data) {
    Map<String, String> files = new LinkedHashMap<>();
    for (VerificationSection section : data.verification()) {
      verification(files, section);
    }
    for (IdentificationSection section : data.identification()) {
      identification(files, section);
    }
    for (TemplateSection section : data.templates()) {
      put(files, section.protocol(), "roc", roc(VerificationFigures.sorted(section.curve())));
    }
    for (FairnessSection section : data.fairness()) {
      put(files, "groups-" + section.attribute(), "rates", groups(section));
      put(files, "groups-" + section.attribute(), "cross", crossGroups(section));
    }
    for (StrataSection section : data.strata()) {
      Csv csv = new Csv("stratum", "identities", "errors", "trials", "fnmr", "low", "high");
      for (StrataSection.Stratum stratum : section.strata()) {
        csv.text(stratum.label()).number(stratum.identities()).rate(stratum.fnmr()).end();
      }
      put(files, "strata-" + section.quantity(), "fnmr", csv);
    }
    if (data.embeddingMap() != null) {
      Csv csv = new Csv("x", "y", "identity");
      for (EmbeddingMap.Point point : data.embeddingMap().points()) {
        csv.number(point.x()).number(point.y()).text(point.identity()).end();
      }
      put(files, "embedding", "map", csv);
    }
    if (data.training() != null) {
      List<String> header =
          new ArrayList<>(
              List.of(
                  "epoch",
                  "trainingLoss",
                  "validationLoss",
                  "trainingAccuracy",
                  "validationAccuracy",
                  "learningRate"));
      List<EpochScores> epochs = data.training().epochs();
      for (EpochScores.Task task :
          epochs.isEmpty() ? List.<EpochScores.Task>of() : epochs.get(0).tasks()) {
        header.add("task." + task.name() + ".loss");
        header.add("task." + task.name() + "." + task.measure());
      }
      Csv csv = new Csv(header.toArray(String[]::new));
      for (EpochScores epoch : epochs) {
        csv.number(epoch.epoch())
            .number(epoch.trainingLoss())
            .number(epoch.validationLoss())
            .number(epoch.trainingAccuracy())
            .number(epoch.validationAccuracy())
            .number(epoch.learningRate());
        for (EpochScores.Task task : epoch.tasks()) {
          csv.number(task.loss()).number(task.value());
        }
        csv.end();
      }
      put(files, "training", "epochs", csv);
    }
    return files;
  }

  private static void verification(Map<String, String> files, VerificationSection section) {
    List<ErrorRatePoint> curve = VerificationFigures.sorted(section.curve());
    put(files, section.protocol(), "roc", roc(curve));
    Csv det = new Csv("fmr", "fnmr", "threshold");
    for (ErrorRatePoint point : curve) {
      det.number(point.falseMatchRate())
          .number(point.falseNonMatchRate())
          .number(point.threshold())
          .end();
    }
    put(files, section.protocol(), "det", det);
    Csv bands = new Csv("fmr", "fnmr", "low", "high", "threshold");
    for (BandPoint point : section.bands()) {
      bands
          .number(point.falseMatchRate())
          .number(point.falseNonMatchRate())
          .number(point.low())
          .number(point.high())
          .number(point.threshold())
          .end();
    }
    put(files, section.protocol(), "bands", bands);
    if (section.histogram() != null) {
      ScoreHistogram histogram = section.histogram();
      int bins = histogram.genuine().size();
      double width = (histogram.high() - histogram.low()) / bins;
      Csv csv = new Csv("from", "to", "genuine", "impostor");
      for (int bin = 0; bin < bins; bin++) {
        csv.number(histogram.low() + bin * width)
            .number(histogram.low() + (bin + 1) * width)
            .number(histogram.genuine().get(bin))
            .number(histogram.impostor().get(bin))
            .end();
      }
      put(files, section.protocol(), "scores", csv);
    }
  }

  private static void identification(Map<String, String> files, IdentificationSection section) {
    Csv cmc = new Csv("rank", "rate", "low", "high");
    for (IdentificationSection.RankRate point :
        section.cmc().isEmpty() ? section.ranks() : section.cmc()) {
      cmc.number(point.rank()).figure(point.rate()).end();
    }
    put(files, section.protocol(), "cmc", cmc);
    Csv openSet = new Csv("gallery", "fpir", "fnir", "threshold");
    for (IdentificationSection.OpenSetSeries series : section.curves()) {
      for (ErrorRatePoint point : series.points()) {
        openSet
            .text(series.name())
            .number(point.falseMatchRate())
            .number(point.falseNonMatchRate())
            .number(point.threshold())
            .end();
      }
    }
    put(files, section.protocol(), "openset", openSet);
  }

  private static Csv roc(List<ErrorRatePoint> curve) {
    Csv csv = new Csv("far", "tar", "threshold");
    for (ErrorRatePoint point : curve) {
      csv.number(point.falseMatchRate())
          .number(1 - point.falseNonMatchRate())
          .number(point.threshold())
          .end();
    }
    return csv;
  }

  private static Csv groups(FairnessSection section) {
    Csv csv =
        new Csv(
            "group", "identities", "images", "rate", "errors", "trials", "value", "low", "high");
    for (FairnessSection.Group group : section.groups()) {
      csv.text(group.name()).number(group.identities()).number(group.images()).text("fmr");
      csv.rate(group.fmr()).end();
      csv.text(group.name()).number(group.identities()).number(group.images()).text("fnmr");
      csv.rate(group.fnmr()).end();
    }
    return csv;
  }

  private static Csv crossGroups(FairnessSection section) {
    Csv csv = new Csv("groupA", "groupB", "errors", "trials", "fmr", "low", "high");
    for (FairnessSection.CrossGroup cell : section.crossGroups()) {
      csv.text(cell.groupA()).text(cell.groupB()).rate(cell.fmr()).end();
    }
    return csv;
  }

  private static void put(Map<String, String> files, String protocol, String curve, Csv csv) {
    if (csv.empty()) {
      return;
    }
    // Only such characters: a protocol's name must not lead out of the folder.
    String name = protocol.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^[-.]+|[-.]+$", "");
    name = name.isEmpty() ? "section" : name;
    String file = name + "-" + curve + ".csv";
    for (int number = 2; files.containsKey(file); number++) {
      file = name + "-" + number + "-" + curve + ".csv";
    }
    files.put(file, csv.toString());
  }

  /** Lines of values; a missing one is an empty field. */
  private static final class Csv {
    private final StringBuilder out = new StringBuilder();
    private boolean begun;
    private boolean empty = true;

    Csv(String... columns) {
      out.append(String.join(",", columns)).append('\n');
    }

    Csv text(String value) {
      boolean quoted = value.matches("(?s).*[\",\r\n].*");
      return raw(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
    }

    Csv number(long value) {
      return raw(Long.toString(value));
    }

    Csv number(Double value) {
      return raw(value == null || value.isNaN() ? "" : value.toString());
    }

    Csv figure(Metric metric) {
      return number(metric.value()).number(metric.low()).number(metric.high());
    }

    Csv rate(CountedRate rate) {
      number(rate.errors()).number(rate.trials());
      return rate.rate() == null ? raw("").raw("").raw("") : figure(rate.rate());
    }

    void end() {
      out.append('\n');
      begun = false;
      empty = false;
    }

    boolean empty() {
      return empty;
    }

    private Csv raw(String value) {
      out.append(begun ? "," : "").append(value);
      begun = true;
      return this;
    }

    @Override
    public String toString() {
      return out.toString();
    }
  }
}
