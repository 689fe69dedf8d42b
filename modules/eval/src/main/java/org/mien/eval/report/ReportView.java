package org.mien.eval.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.mien.eval.metrics.Metric;

/** What the page template prints: the data of a report with everything worked out. */
final class ReportView {
  /** Skipped images listed one by one; beyond them only the count by reason. */
  static final int SKIPPED_LISTED = 50;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** One entry of the table of contents. */
  record Entry(String id, String title) {}

  /** One line of the table of all figures. */
  record NamedMetric(String name, Metric metric) {}

  private final ReportData data;
  private final String style;
  private final Verdict verdict;
  private final String script;
  private final List<VerificationView> verification = new ArrayList<>();
  private final List<SectionView> tested = new ArrayList<>();
  private final List<SectionView> conditions = new ArrayList<>();

  ReportView(ReportData data, String style, String script) {
    this.data = data;
    this.style = style;
    this.script = script;
    verdict = Verdict.of(data);
    for (VerificationSection section : data.verification()) {
      verification.add(new VerificationView(section, verification.size() + 1));
    }
    if (data.metrics() != null) {
      tested.addAll(TaskConfusionView.of(data.metrics()));
    }
    each(data.identification(), IdentificationView::of);
    each(data.templates(), TemplateView::of);
    each(data.comparisons(), ComparisonView::of);
    each(data.fairness(), FairnessView::of);
    each(data.strata(), FairnessView::of);
    each(data.worstPairs(), WorstPairsView::of);
    if (data.embeddingMap() != null) {
      tested.add(ConditionsView.of(data.embeddingMap()));
    }
    if (data.acquisition() != null) {
      conditions.add(ConditionsView.of(data.acquisition()));
    }
    if (!data.overlap().isEmpty()) {
      conditions.add(ConditionsView.of(data.overlap()));
    }
    if (data.performance() != null) {
      conditions.add(ConditionsView.of(data.performance()));
    }
    if (data.engines() != null) {
      conditions.add(ConditionsView.of(data.engines()));
    }
  }

  private <T> void each(List<T> sections, BiFunction<T, Integer, SectionView> view) {
    int number = 1;
    for (T section : sections) {
      tested.add(view.apply(section, number++));
    }
  }

  /** What was tested beside verification, in order. */
  List<SectionView> tested() {
    return tested;
  }

  /** Under which conditions it was tested, in order. */
  List<SectionView> conditions() {
    return conditions;
  }

  /** The script of the page, which it can do without. */
  String script() {
    return script;
  }

  /** What the page may load: nothing; and which script may run: its own. */
  String policy() {
    return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
        + Base64.getEncoder().encodeToString(sha256(script))
        + "'";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  ReportData data() {
    return data;
  }

  String style() {
    return style;
  }

  Verdict verdict() {
    return verdict;
  }

  List<VerificationView> verification() {
    return verification;
  }

  ClassificationView classification() {
    return data.classification() == null ? null : new ClassificationView(data.classification());
  }

  List<ReportFigure> trainingFigures() {
    return data.training() == null
        ? List.of()
        : TrainingFigures.of(data.training(), "training-plot");
  }

  /** The time of the run for people; as it came where it is no instant. */
  String createdAt() {
    try {
      return TIME.format(Instant.parse(data.createdAt()));
    } catch (DateTimeParseException e) {
      return data.createdAt();
    }
  }

  /** The sections on the page, in order. */
  List<Entry> contents() {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry("verdict", "In plain words"));
    if (!data.keyFigures().isEmpty()) {
      entries.add(new Entry("key-figures", "Key figures"));
    }
    if (data.baseline() != null) {
      entries.add(new Entry("baseline", "Against the baseline"));
    }
    if (data.classification() != null) {
      entries.add(new Entry("classification", "Naming known people"));
    }
    if (!data.tasks().isEmpty()) {
      entries.add(new Entry("tasks", "Besides identity"));
    }
    for (VerificationView section : verification) {
      entries.add(new Entry(section.id(), section.section().title()));
    }
    tested.forEach(section -> entries.add(new Entry(section.id(), section.title())));
    if (data.training() != null) {
      entries.add(new Entry("training", "Training"));
    }
    if (data.data() != null) {
      entries.add(new Entry("data", "Images"));
    }
    conditions.forEach(section -> entries.add(new Entry(section.id(), section.title())));
    if (!data.exports().isEmpty()) {
      entries.add(new Entry("exports", "Exported files"));
    }
    if (!notTested().isEmpty()) {
      entries.add(new Entry("not-tested", "What was not tested"));
    }
    if (hasMetrics()) {
      entries.add(new Entry("all-figures", "All figures"));
    }
    if (data.resolvedConfig() != null) {
      entries.add(new Entry("configuration", "Configuration"));
    }
    if (!data.provenance().isEmpty()) {
      entries.add(new Entry("provenance", "Provenance"));
    }
    return entries;
  }

  /** What the run left out: the absent sections, then what the run itself says. */
  List<String> notTested() {
    List<String> sentences = new ArrayList<>();
    if (data.classification() == null) {
      sentences.add("Naming known people (classification) was not tested in this run.");
    }
    if (data.verification().isEmpty()) {
      sentences.add("Verification (same person or not) was not tested in this run.");
    }
    if (data.identification().isEmpty()) {
      sentences.add("Identification (who it is, among many) was not tested in this run.");
    }
    if (data.fairness().isEmpty()) {
      sentences.add("Differences between groups of people were not measured in this run.");
    }
    if (data.acquisition() == null) {
      sentences.add("How often no embedding can be made of an image was not counted in this run.");
    }
    if (data.overlap().isEmpty()) {
      sentences.add("Whether people were both trained on and tested is not told by this report.");
    }
    if (data.performance() == null) {
      sentences.add("Speed and size of the model were not measured in this run.");
    }
    if (data.classification() != null && data.baseline() == null) {
      sentences.add("No baseline without training was measured beside the head.");
    }
    if (data.training() == null) {
      sentences.add("Nothing was trained in this run, or its course was not kept.");
    }
    if (data.exports().isEmpty()) {
      sentences.add("No file was exported, so no export was compared with the model.");
    }
    sentences.addAll(data.notTested());
    return sentences;
  }

  boolean hasMetrics() {
    return data.metrics() != null
        && data.metrics().results().values().stream().anyMatch(metrics -> !metrics.isEmpty());
  }

  /** The figures of one protocol of {@code metrics.json}. */
  List<NamedMetric> metrics(String protocol) {
    List<NamedMetric> rows = new ArrayList<>();
    for (Map.Entry<String, Metric> entry : data.metrics().results().get(protocol).entrySet()) {
      rows.add(new NamedMetric(entry.getKey(), entry.getValue()));
    }
    return rows;
  }

  /** Skipped images counted by reason, in the order in which the reasons first occur. */
  Map<String, Long> skippedByReason() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (SkippedImage image : data.data().skipped()) {
      counts.merge(image.reason(), 1L, Long::sum);
    }
    return counts;
  }

  List<SkippedImage> skippedListed() {
    List<SkippedImage> all = data.data().skipped();
    return all.subList(0, Math.min(SKIPPED_LISTED, all.size()));
  }

  /** The epoch of the lowest validation loss in words, or null where none was measured. */
  String bestEpoch() {
    EpochScores best = null;
    for (EpochScores epoch : data.training().epochs()) {
      Double loss = epoch.validationLoss();
      if (loss != null && !loss.isNaN() && (best == null || loss < best.validationLoss())) {
        best = epoch;
      }
    }
    return best == null
        ? null
        : NumberText.decimal(best.validationLoss()) + " after epoch " + best.epoch();
  }
}
