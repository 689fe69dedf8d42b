package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.mien.core.error.MienException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.eval.identification.FewShot;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.AcquisitionSection;
import org.mien.eval.report.EngineSection;
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
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.embed.Embedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.trainer.evaluation.EngineComparison;
import org.mien.trainer.evaluation.FaceThumbnails;
import org.mien.trainer.evaluation.FewShotProtocol;
import org.mien.trainer.evaluation.GallerySearch;
import org.mien.trainer.evaluation.LabelledFaces;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.ScoresKept;
import org.mien.trainer.evaluation.SpeedMeasurement;
import org.mien.trainer.evaluation.TaskOutcome;
import org.mien.trainer.evaluation.TemplateComparison;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what the report of a protocol on one model shows. */
public final class EvaluationReport {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationReport.class);

  /** Rates for which a threshold is recommended, or refused. */
  private static final List<FarTarget> THRESHOLD_TARGETS =
      DoubleStream.of(1e-1, 1e-2, 1e-3, 1e-4).mapToObj(FarTarget::new).toList();

  private static final int REPLICATES = IdentityBootstrap.DEFAULT_REPLICATES;

  private final ModelDescriptor model;

  /** Whether the page is that of a training, whose own figures come first. */
  private final boolean withinTraining;

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
    this.withinTraining = false;
    this.provenance = provenance;
    this.report =
        ReportData.builder(
            model.name() + " on " + title,
            now.toString(),
            new RunSummary(model.name(), model.name() + ", " + model.dimension() + "-d", images));
  }

  private EvaluationReport(ReportDataBuilder report, ModelDescriptor model) {
    this.model = model;
    this.withinTraining = true;
    this.provenance = null;
    this.report = report;
  }

  /**
   * Adds what a protocol of a recipe gave to the page of its training.
   *
   * @param model the trained one
   * @param extras what was asked for besides
   */
  static void addTo(
      ReportDataBuilder report,
      ModelDescriptor model,
      ProtocolOutcome outcome,
      ReportExtras extras,
      SeedStreams seeds) {
    new EvaluationReport(report, model).add(outcome, extras, seeds);
  }

  /**
   * Adds what a protocol gave.
   *
   * @param extras what was asked for besides
   */
  public EvaluationReport add(ProtocolOutcome outcome, ReportExtras extras, SeedStreams seeds) {
    String leftOut = outcome.leftOutInWords().orElse(null);
    if (outcome instanceof VerificationOutcome pairs) {
      verification(pairs, extras, seeds);
      pairs.groups().forEach(split -> report.fairness(FairnessSection.of(pairs.title(), split)));
    } else if (outcome instanceof TemplateComparison.Outcome templates) {
      templates(templates);
    } else if (outcome instanceof GallerySearch.Outcome found) {
      identification(found.protocol(), found.result(), found.description());
      overlap(found.title(), found.people(), leftOut);
    } else if (outcome instanceof MegafaceProtocol.Outcome found) {
      megaface(found, extras.thumbnails());
      overlap("the probes of " + found.protocol(), found.people(), leftOut);
    } else if (outcome instanceof FewShotProtocol.Outcome found) {
      found.results().forEach(result -> fewShot(found, result));
      overlap(found.title(), found.people(), leftOut);
    } else if (outcome instanceof LabelledFaces.Outcome found) {
      found.outcomes().forEach(task -> task(found, task));
      if (!withinTraining) {
        found.notTested().forEach(report::notTested);
      }
      overlap(found.title(), found.people(), leftOut);
    } else {
      throw new IllegalStateException("no section for " + outcome.title());
    }
    return this;
  }

  private void fewShot(FewShotProtocol.Outcome outcome, FewShot.Result result) {
    report.keyFigure(
        new KeyFigure(
            String.format(
                Locale.ROOT,
                "%d people known by %d image%s each%s",
                result.setting().ways(),
                result.setting().shots(),
                result.setting().shots() == 1 ? "" : "s",
                withinTraining ? ": " + outcome.protocol() : ""),
            result.metrics().get(result.name()),
            FigureStyle.PERCENT));
  }

  private void task(LabelledFaces.Outcome outcome, TaskOutcome task) {
    for (String name : TrainingReport.TASK_FIGURES) {
      Metric metric = task.metrics().get(name);
      if (metric != null) {
        report.task(
            new KeyFigure(
                task.task().name() + ": " + name + ", " + task.shown() + " of " + outcome.title(),
                metric,
                name.equals("mae") || name.equals("bias")
                    ? FigureStyle.DECIMAL
                    : FigureStyle.PERCENT));
      }
    }
  }

  /**
   * Adds a verification protocol: figures, bands, thresholds, calibration, the worst pairs, images
   * that could not be acquired.
   */
  private void verification(VerificationOutcome outcome, ReportExtras extras, SeedStreams seeds) {
    if (!withinTraining) { // the training's page has names of its own for them
      outcome
          .figures()
          .forEach(
              (name, metric) ->
                  keyName(name)
                      .ifPresent(
                          shown ->
                              report.keyFigure(new KeyFigure(shown, metric, FigureStyle.PERCENT))));
    }
    ScoreSet scores = ScoreSet.ofPairs(outcome.scored());
    report.verification(
        ReportParts.verification(outcome, isTrainingKnown() ? Boolean.TRUE : null)
            .with(
                scores,
                THRESHOLD_TARGETS,
                REPLICATES,
                seeds.stream("bootstrap/" + outcome.protocol() + "/bands")));
    report.worstPairs(
        ReportParts.worstPairs(
            outcome, extras.thumbnails(), model.preprocessing().withCrop(outcome.faces().crop())));
    extras.map().map(outcome.title(), outcome.faces().embeddings()).ifPresent(report::embeddingMap);
    if (outcome.calibration().isEmpty()) {
      report.notTested("How well scores become probabilities: " + outcome.uncalibrated() + ".");
    }
    VerificationOutcome.Faces faces = outcome.faces();
    if (withinTraining) {
      overlapOfPairs(outcome);
      return;
    }
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
    overlapOfPairs(outcome);
  }

  private void overlapOfPairs(VerificationOutcome outcome) {
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
   * Embeds some of the images on another engine, and adds how far apart the two are.
   *
   * @param used what the evaluation embedded with
   * @param mirrored whether that averages each image with its mirror image
   * @param samples the images of the protocol
   * @param crop the part of the images that shows the face
   * @return the figures by their names in {@code metrics.json}; none where the other engine cannot
   *     run the network or fails, which the report then says
   */
  public Map<String, Metric> engines(
      FaceModel opened,
      Embedder used,
      boolean mirrored,
      ProtocolOutcome outcome,
      List<FaceSample> samples,
      Crop crop) {
    try {
      EngineSection section = EngineComparison.of(opened, used, mirrored, outcome, samples, crop);
      report.engines(section);
      return EngineComparison.metrics(section);
    } catch (RuntimeException | OutOfMemoryError e) {
      // Whatever another engine runs into, the figures of the evaluation stand.
      LOG.warn("embeddings are not compared with those of another engine", e);
      return noEngines(
          "not compared: "
              + (e instanceof MienException
                  ? e.getMessage()
                  : e.toString().lines().findFirst().orElseThrow()));
    }
  }

  /** Says why embeddings were not compared with those of another engine. */
  public Map<String, Metric> noEngines(String reason) {
    report.notTested("Whether another engine gives the same embeddings: " + reason + ".");
    return Map.of();
  }

  private void identification(String protocol, IdentificationResult result, String description) {
    report.identification(
        IdentificationSection.of(
            protocol,
            protocol.equals("identification") ? "Identification" : protocol,
            description,
            result));
    rankOne(protocol, result.metrics());
  }

  /**
   * Adds MegaFace's runs, by {@code SIZE_SET}.
   *
   * @param thumbnails how many of the worst pairs of each kind are shown, where they were kept
   */
  private void megaface(MegafaceProtocol.Outcome outcome, int thumbnails) {
    MegafaceResult largest = null;
    for (Map.Entry<String, MegafaceResult> run : outcome.results().entrySet()) {
      largest = run.getValue();
      report.identification(
          IdentificationSection.of(
              outcome.protocol() + "-" + run.getKey(),
              (outcome.protocol().equals("megaface") ? "" : outcome.protocol() + ", ")
                  + largest.distractors()
                  + " distractors",
              "MegaFace's protocol: every image of a person among the probes is hidden among the"
                  + " distractors and looked for by each other image of that person.",
              largest));
    }
    if (largest != null) {
      rankOne(outcome.protocol(), largest.metrics());
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
                    "Which images are taken for each other: "
                        + (withinTraining ? "evaluation.thumbnails: 10" : "--thumbnails 10")
                        + " lists the worst and shows them; faces are personal data, so it is not"
                        + " done unless asked for."));
  }

  /** Adds a protocol of templates. */
  private void templates(TemplateComparison.Outcome outcome) {
    outcome
        .verification()
        .ifPresent(
            result ->
                report.template(
                    TemplateSection.of(
                        outcome.protocol(),
                        outcome.protocol() + ", 1:1",
                        "Templates of several images each are compared.",
                        outcome.pooling(),
                        result)));
    outcome
        .identification()
        .ifPresent(
            found ->
                identification(
                    withinTraining ? outcome.protocol() + "-identification" : "identification",
                    found.average(),
                    "Galleries are searched one by one; averages."));
  }

  private void rankOne(String protocol, Map<String, Metric> metrics) {
    Metric rank1 = metrics.get("rank1");
    if (rank1 != null) {
      report.keyFigure(
          new KeyFigure(
              withinTraining ? "Rank 1: " + protocol : "rank1", rank1, FigureStyle.PERCENT));
    }
  }

  /** Says who was trained on and is tested too. */
  private void overlap(String test, Collection<String> tested, String leftOut) {
    report.overlap(OverlapSection.of(test, model.trainingIdentities(), tested, leftOut));
  }

  private boolean isTrainingKnown() {
    return withinTraining || !model.trainingIdentities().isEmpty();
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
