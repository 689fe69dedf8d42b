package org.mien.trainer.experiment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.eval.fairness.Attribute;
import org.mien.eval.fairness.FairnessEvaluation;
import org.mien.eval.fairness.FairnessResult;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.AcquisitionSection;
import org.mien.eval.report.FairnessSection;
import org.mien.eval.report.FigureStyle;
import org.mien.eval.report.IdentificationSection;
import org.mien.eval.report.KeyFigure;
import org.mien.eval.report.OverlapSection;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.ReportDataBuilder;
import org.mien.eval.report.RunSummary;
import org.mien.eval.report.TemplateSection;
import org.mien.eval.report.Thumbnails;
import org.mien.eval.report.WorstPairsSection;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.file.ModelDescriptor;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.TemplateComparison;
import org.mien.trainer.evaluation.VerificationOutcome;

/** Collects what the report of a protocol on one model shows. */
public final class EvaluationReport {
  /** Rates for which a threshold is recommended, or refused. */
  private static final List<FarTarget> THRESHOLD_TARGETS =
      DoubleStream.of(1e-1, 1e-2, 1e-3, 1e-4).mapToObj(FarTarget::new).toList();

  /** Groups are compared at the threshold of this rate. */
  private static final FarTarget GROUP_TARGET = new FarTarget(1e-2);

  private static final int REPLICATES = IdentityBootstrap.DEFAULT_REPLICATES;
  private static final int WORST = 10;

  private final ModelDescriptor model;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Provenance provenance;
  private final ReportDataBuilder report;

  /**
   * @param title what was evaluated
   * @param images where the images lie, for people
   * @param provenance of this evaluation
   */
  public EvaluationReport(
      ModelDescriptor model, String title, String images, Provenance provenance) {
    this.model = model;
    this.provenance = provenance;
    this.report =
        ReportData.builder(
            model.name() + " on " + title,
            now.toString(),
            new RunSummary(model.name(), model.name() + ", " + model.dimension() + "-d", images));
  }

  /** Adds a verification protocol: figures, bands, thresholds, the worst pairs. */
  public EvaluationReport verification(VerificationOutcome outcome, SeedStreams seeds) {
    outcome
        .result()
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.equals("accuracy") || name.equals("eer") || name.startsWith("tar@")) {
                report.keyFigure(new KeyFigure(name, metric, FigureStyle.PERCENT));
              }
            });
    ScoreSet scores = ScoreSet.ofPairs(outcome.scored());
    report.verification(
        ReportParts.verification(outcome, isTrainingKnown())
            .with(
                scores,
                THRESHOLD_TARGETS,
                REPLICATES,
                seeds.stream("bootstrap/" + outcome.protocol() + "/bands")));
    GlobalThreshold decision = GlobalThreshold.atFmr(scores, GROUP_TARGET);
    report.worstPairs(
        WorstPairsSection.of(
            outcome.protocol(),
            outcome.title(),
            outcome.compared(),
            decision.threshold(),
            decision.statement(),
            WORST,
            Thumbnails.none()));
    overlap(
        outcome.title(),
        outcome.pairs().identities(),
        outcome
            .leftOut()
            .map(
                left ->
                    left.pairs()
                        + " of "
                        + left.total()
                        + " pairs were left out: they show people whom the model was trained on.")
            .orElse(null));
    return this;
  }

  /**
   * Splits a verification protocol by an attribute of its images.
   *
   * @return the figures, for {@code metrics.json}
   */
  public Map<String, Metric> groups(
      VerificationOutcome outcome, Attribute attribute, SeedStreams seeds) {
    FairnessResult result =
        FairnessEvaluation.evaluate(
            outcome.compared(),
            attribute,
            GlobalThreshold.atFmr(ScoreSet.ofPairs(outcome.scored()), GROUP_TARGET),
            REPLICATES,
            seeds.stream("bootstrap/" + outcome.protocol() + "/groups/" + attribute.name()));
    report.fairness(FairnessSection.of(outcome.title(), result));
    return result.metrics();
  }

  /** Adds a search in a gallery. */
  public EvaluationReport identification(IdentificationResult result, String description) {
    report.identification(
        IdentificationSection.of("identification", "Identification", description, result));
    rankOne(result.metrics());
    return this;
  }

  /** Adds MegaFace's runs, by {@code SIZE_SET}. */
  public EvaluationReport megaface(MegafaceProtocol.Outcome outcome) {
    MegafaceResult largest = null;
    for (Map.Entry<String, MegafaceResult> run : outcome.results().entrySet()) {
      largest = run.getValue();
      report.identification(
          IdentificationSection.of(
              "megaface-" + run.getKey(),
              largest.distractors() + " distractors",
              "MegaFace's protocol: every image of a person among the probes is hidden among the"
                  + " distractors and looked for by each other image of that person.",
              largest));
    }
    if (largest != null) {
      rankOne(largest.metrics());
      report.acquisition(
          new AcquisitionSection(
              "left out",
              List.of(
                  AcquisitionSection.Stage.of(
                      "probes and distractors",
                      outcome.failures().size(),
                      outcome.failures().size()
                          + (long) largest.probes()
                          + largest.distractors()))));
    }
    return this;
  }

  /** Adds a protocol of templates. */
  public EvaluationReport templates(TemplateComparison.Outcome outcome, PoolingOptions pooling) {
    outcome
        .verification()
        .ifPresent(
            result ->
                report.template(
                    TemplateSection.of(
                        outcome.protocol(),
                        outcome.protocol() + ", 1:1",
                        "Templates of several images each are compared.",
                        pooling,
                        result)));
    outcome
        .identification()
        .ifPresent(
            found ->
                identification(found.average(), "Galleries are searched one by one; averages."));
    return this;
  }

  private void rankOne(Map<String, Metric> metrics) {
    Metric rank1 = metrics.get("rank1");
    if (rank1 != null) {
      report.keyFigure(new KeyFigure("rank1", rank1, FigureStyle.PERCENT));
    }
  }

  /** Says who was trained on and is tested too. */
  public EvaluationReport overlap(String test, Collection<String> tested, String leftOut) {
    report.overlap(OverlapSection.of(test, model.trainingIdentities(), tested, leftOut));
    return this;
  }

  private boolean isTrainingKnown() {
    return !model.trainingIdentities().isEmpty();
  }

  /** Returns everything. */
  public ReportData data(MetricsFile metrics) {
    ProvenanceLines.of(provenance.withFinishedAt(now)).forEach(report::provenance);
    if (!isTrainingKnown()) {
      report.notTested(
          "Whether the model was trained on people of this protocol: its descriptor names no"
              + " training identities.");
    }
    return report.metrics(metrics).build();
  }
}
