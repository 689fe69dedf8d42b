package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.mien.core.preprocessing.Crop;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
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
import org.mien.eval.report.WorstPairsSection;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.embed.Embedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.trainer.evaluation.FaceThumbnails;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.ScoresKept;
import org.mien.trainer.evaluation.SpeedMeasurement;
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

  /**
   * Adds a verification protocol: figures, bands, thresholds, calibration, the worst pairs, images
   * that could not be acquired.
   *
   * @param extras what was asked for besides
   * @param crop the part of the images that shows the face
   */
  public EvaluationReport verification(
      VerificationOutcome outcome, SeedStreams seeds, ReportExtras extras, Crop crop) {
    outcome
        .metrics()
        .forEach(
            (name, metric) ->
                keyName(name)
                    .ifPresent(
                        shown ->
                            report.keyFigure(new KeyFigure(shown, metric, FigureStyle.PERCENT))));
    ScoreSet scores = ScoreSet.ofPairs(outcome.scored());
    report.verification(
        ReportParts.verification(outcome, isTrainingKnown() ? Boolean.TRUE : null)
            .with(
                scores,
                THRESHOLD_TARGETS,
                REPLICATES,
                seeds.stream("bootstrap/" + outcome.protocol() + "/bands")));
    report.worstPairs(
        ReportParts.worstPairs(outcome, extras.thumbnails(), model.preprocessing().withCrop(crop)));
    extras.map().map(outcome.title(), outcome.faces().embeddings()).ifPresent(report::embeddingMap);
    if (outcome.calibration().isEmpty()) {
      report.notTested("How well scores become probabilities: " + outcome.uncalibrated() + ".");
    }
    VerificationOutcome.Faces faces = outcome.faces();
    report.acquisition(
        new AcquisitionSection(
            faces.lostPairs() == 0
                ? "An image that cannot be read, or in which no face is found where faces are looked"
                    + " for, ends an evaluation unless --leave-out-failures is given: a published"
                    + " figure rests on all pairs."
                : faces.lostPairs()
                    + " of "
                    + (faces.lostPairs() + outcome.scored().size())
                    + " pairs were left out, for an image of theirs could not be acquired. The figures"
                    + " are of the others and cannot be compared with published ones; counted as"
                    + " refused, each lost genuine pair would be a false non-match.",
            List.of(
                AcquisitionSection.Stage.of(
                    "reading, finding and aligning the face",
                    faces.failures().size(),
                    (long) faces.failures().size() + faces.samples().size()))));
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

  /** Says that the scores of single pairs are not kept. */
  public void noScores(VerificationOutcome outcome, ScoresKept wanted) {
    report.notTested(
        "This run cannot be compared with others pair by pair: "
            + (wanted == ScoresKept.NONE
                ? "its scores are not kept (--scores none)."
                : "the "
                    + outcome.scored().size()
                    + " scores are more than are kept unless --scores all is given."));
  }

  /** The name of a figure for the head of the page; nothing for one that is not shown there. */
  private static Optional<String> keyName(String metric) {
    return switch (metric) {
      case "accuracy" -> Optional.of("Accuracy");
      case "eer" -> Optional.of("Equal error rate");
      default ->
          metric.startsWith("tar@far=")
              ? Optional.of("TAR at FAR " + metric.substring("tar@far=".length()))
              : Optional.empty();
    };
  }

  /**
   * Adds how fast and how large the model is, measured now.
   *
   * @param file of the model, or a run's folder
   * @param images some that were tested
   * @param crop the part of the images that shows the face
   */
  public EvaluationReport speed(
      FaceModel opened, Embedder embedder, Path file, List<FaceSample> images, Crop crop) {
    SpeedMeasurement.of(opened, embedder, file, images, crop).ifPresent(report::performance);
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

  /**
   * Adds MegaFace's runs, by {@code SIZE_SET}.
   *
   * @param thumbnails how many of the worst pairs of each kind are shown, where they were kept
   */
  public EvaluationReport megaface(MegafaceProtocol.Outcome outcome, int thumbnails) {
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
    outcome
        .worst()
        .ifPresentOrElse(
            worst ->
                report.worstPairs(
                    WorstPairsSection.of(
                        worst.protocol(),
                        worst.protocol(),
                        worst.pairs(),
                        worst.threshold(),
                        worst.thresholdOrigin(),
                        thumbnails,
                        new FaceThumbnails(worst.samples(), model.preprocessing()))),
            () ->
                report.notTested(
                    "Which images are taken for each other: --thumbnails 10 lists the worst and shows"
                        + " them; faces are personal data, so it is not done unless asked for."));
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
