package org.mien.trainer.experiment;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.sampling.Split;
import org.mien.eval.comparison.ComparisonOptions;
import org.mien.eval.comparison.DecisionTable;
import org.mien.eval.comparison.ModelComparison;
import org.mien.eval.comparison.PairedScores;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.AcquisitionSection;
import org.mien.eval.report.BaselineComparison;
import org.mien.eval.report.ComparisonSection;
import org.mien.eval.report.DataSection;
import org.mien.eval.report.EpochScores;
import org.mien.eval.report.ExportSection;
import org.mien.eval.report.FigureStyle;
import org.mien.eval.report.KeyFigure;
import org.mien.eval.report.OverlapSection;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.ReportDataBuilder;
import org.mien.eval.report.RunSummary;
import org.mien.eval.report.SkippedImage;
import org.mien.eval.report.SplitCounts;
import org.mien.eval.report.TrainingSection;
import org.mien.eval.score.ScoreSet;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.backbone.OnnxBackboneConfig;
import org.mien.model.export.ExportResult;
import org.mien.model.export.Parity;
import org.mien.model.file.FaceModel;
import org.mien.trainer.evaluation.MapMethod;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.SpeedMeasurement;
import org.mien.trainer.evaluation.TaskOutcome;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.mien.trainer.loop.AveragingConfig;
import org.mien.trainer.observe.EpochRecord;

/** Collects what the report of a training run shows. */
record TrainingReport(
    ExperimentConfig config,
    RunDirectory run,
    Split split,
    FaceManifest manifest,
    TrainedNetwork trained,
    FaceModel model,
    Evaluations evaluations,
    List<ExportResult> exports,
    List<Skipped> skipped,
    Provenance provenance) {

  /** The figures of a task that the page shows first; all are in the table of all figures. */
  static final List<String> TASK_FIGURES =
      List.of(
          "accuracy",
          "balancedAccuracy",
          "f1.macro",
          "f1",
          "averagePrecision",
          "mae",
          "bias",
          "cs@5");

  ReportData data(String resolved, MetricsFile metrics) {
    ReportDataBuilder report =
        ReportData.builder(
            config.name(),
            provenance.finishedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
            new RunSummary(
                run.name(),
                trained.backbone().description()
                    + switch (config.model().freeze()) {
                      case BACKBONE -> ", frozen, with a trained ";
                      case UP_TO ->
                          ", frozen up to "
                              + config.model().frozenUpTo().orElseThrow()
                              + ", with a trained ";
                      case NONE -> ", trained as a whole, with a ";
                    }
                    + config.model().head().dimension()
                    + "-d head",
                manifest.name().equals("synthetic")
                    ? "Mien's face renderer; they show nobody"
                    : manifest.name()));
    evaluations
        .classification()
        .ifPresent(
            result -> {
              Metric accuracy = result.metrics().get("accuracy");
              report.classification(
                  ReportParts.classification(
                      result, "images of the trained people that were held out"));
              report.keyFigure(
                  new KeyFigure("Accuracy, held-out images", accuracy, FigureStyle.PERCENT));
              report.keyFigure(
                  new KeyFigure(
                      "F1, macro average, held-out images",
                      result.metrics().get("f1.macro"),
                      FigureStyle.PERCENT));
              Metric centroid = result.metrics().get("accuracy.nearestCentroid");
              report.baseline(
                  new BaselineComparison(
                      "accuracy on held-out images",
                      "the nearest class centroid on the frozen features",
                      accuracy,
                      centroid));
            });
    for (TaskOutcome task : evaluations.tasks()) {
      for (String name : TASK_FIGURES) {
        Metric metric = task.metrics().get(name);
        if (metric != null) {
          report.task(
              new KeyFigure(
                  task.task().name() + ": " + name + ", " + task.shown(),
                  metric,
                  name.equals("mae") || name.equals("bias")
                      ? FigureStyle.DECIMAL
                      : FigureStyle.PERCENT));
        }
      }
    }
    for (VerificationOutcome outcome : evaluations.verification()) {
      report.verification(ReportParts.verification(outcome, true));
      keyFigures(report, outcome);
      tested(report, outcome);
    }
    // The map is of people who were not trained on, drawn once.
    ReportExtras extras =
        new ReportExtras(
            config.evaluation().thumbnails(), MapMethod.NONE, config.evaluation().scores());
    for (ProtocolOutcome outcome : evaluations.protocols()) {
      if (outcome instanceof VerificationOutcome pairs) {
        keyFigures(report, pairs);
      }
      EvaluationReport.addTo(
          report, model.descriptor(), outcome, extras, new SeedStreams(config.seed()));
    }
    if (named(Evaluations.HELD_OUT).isEmpty() && config.evaluation().map() != MapMethod.NONE) {
      report.notTested(
          "A map was asked for (evaluation.map); it shows people who were not trained on, and none"
              + " could be verified.");
    }
    if (evaluations.comparisons().isEmpty() && config.evaluation().thumbnails() > 0) {
      report.notTested(
          "Pictures of the worst pairs were asked for (evaluation.thumbnails), and no pairs were"
              + " scored.");
    }
    headAndBackbone(report);
    acquisition(report);
    List<FaceSample> shown = trained.features().samples();
    SpeedMeasurement.of(
            model, model.embedder(), run.root(), shown, model.descriptor().preprocessing().crop())
        .ifPresent(report::performance);
    report.training(training());
    report.data(dataSection());
    for (ExportResult export : exports) {
      Parity parity = export.parity();
      String format = export.format().name().toLowerCase(Locale.ROOT).replace('_', '-');
      // An 8-bit file is not meant to give the same numbers, only the same directions.
      boolean byCosine = parity.leastCosine().isPresent();
      report.export(
          new ExportSection(
              byCosine ? format + " (1 - cosine)" : format,
              export.file().getFileName().toString(),
              export.sizeBytes(),
              export.sha256(),
              parity.images(),
              byCosine ? 1 - parity.smallestCosine() : parity.largestRelativeDifference(),
              byCosine ? 1 - parity.leastCosine().get() : parity.tolerance()));
    }
    provenanceLines().forEach(report::provenance);
    evaluations.notTested().forEach(report::notTested);
    boolean pretrained =
        config.model().backbone() instanceof OnnxBackboneConfig
            || (config.model().backbone() instanceof GraphBackboneConfig network
                && network.weights().isPresent());
    if (pretrained) {
      report.notTested(
          "Whether the pretrained backbone has seen these people: its file does not name them.");
    }
    return report.resolvedConfig(resolved).metrics(metrics).build();
  }

  private static void keyFigures(ReportDataBuilder report, VerificationOutcome outcome) {
    Map<String, Metric> metrics = outcome.result().metrics();
    // Pairs without folds have no accuracy: its threshold would have to be chosen on other pairs.
    boolean folds = metrics.containsKey("accuracy");
    report.keyFigure(
        new KeyFigure(
            (folds ? "Verification accuracy: " : "Verification AUC: ") + outcome.title(),
            metrics.get(folds ? "accuracy" : "auc"),
            FigureStyle.PERCENT));
    Metric tar = metrics.get("tar@far=1e-2");
    if (tar != null) {
      report.keyFigure(
          new KeyFigure("TAR at FAR 1e-2: " + outcome.title(), tar, FigureStyle.PERCENT));
    }
  }

  /** What is said of a protocol besides its figures. */
  private void tested(ReportDataBuilder report, VerificationOutcome outcome) {
    if (!outcome.protocol().equals(Evaluations.HELD_OUT_BACKBONE)) {
      Preprocessing shown = model.descriptor().preprocessing();
      report.worstPairs(
          ReportParts.worstPairs(
              outcome, config.evaluation().thumbnails(), shown.withCrop(outcome.faces().crop())));
      report.overlap(
          OverlapSection.of(
              outcome.title(),
              model.descriptor().trainingIdentities(),
              outcome.pairs().identities(),
              outcome
                  .leftOut()
                  .map(
                      left ->
                          left.pairs()
                              + " of "
                              + left.total()
                              + " pairs were left out: they show people whom the model was trained"
                              + " on.")
                  .orElse(null)));
    }
    if (outcome.protocol().equals(Evaluations.HELD_OUT)) {
      config
          .evaluation()
          .map()
          .map(outcome.title(), outcome.faces().embeddings())
          .ifPresent(report::embeddingMap);
    }
    if (outcome.calibration().isEmpty()) {
      report.notTested(
          "Calibration, "
              + outcome.title()
              + ": how well scores become probabilities was not measured: "
              + outcome.uncalibrated()
              + ".");
    }
  }

  /** Both scored the same pairs, so their difference has an interval of its own. */
  private void headAndBackbone(ReportDataBuilder report) {
    Optional<VerificationOutcome> head = named(Evaluations.HELD_OUT);
    Optional<VerificationOutcome> backbone = named(Evaluations.HELD_OUT_BACKBONE);
    if (head.isEmpty() || backbone.isEmpty()) {
      return;
    }
    report.comparison(
        ComparisonSection.of(
            head.get().title(),
            ModelComparison.compare(
                "Without the trained head",
                ScoreSet.ofPairs(backbone.get().scored()),
                "The trained model",
                ScoreSet.ofPairs(head.get().scored()),
                new ComparisonOptions(
                    ComparisonOptions.defaults().targets(),
                    config.evaluation().bootstrapReplicates()),
                new SeedStreams(config.seed()).stream("bootstrap/headAndBackbone")),
            null,
            DecisionTable.of(PairedScores.of(backbone.get().compared(), head.get().compared()))));
  }

  private Optional<VerificationOutcome> named(String protocol) {
    return evaluations.verification().stream()
        .filter(outcome -> outcome.protocol().equals(protocol))
        .findFirst();
  }

  private void acquisition(ReportDataBuilder report) {
    int read = trained.features().samples().size();
    int listed = manifest.skipped().size();
    int failed = trained.features().skipped().size();
    report.acquisition(
        new AcquisitionSection(
            "Files that are no images are not used. An image that cannot be read, or in which no face"
                + " is found where faces are looked for, is left out of training and test;"
                + " skipped.csv names each.",
            List.of(
                AcquisitionSection.Stage.of(
                    "listing the data set", listed, (long) listed + failed + read),
                AcquisitionSection.Stage.of(
                    "reading, finding and aligning the face", failed, (long) failed + read))));
  }

  private TrainingSection training() {
    List<EpochRecord> epochs = trained.state().epochs();
    double seconds = epochs.stream().mapToDouble(EpochRecord::seconds).sum();
    boolean cached = config.model().freeze() == ModelConfig.Freeze.BACKBONE;
    long all = trained.features().samples().size();
    return new TrainingSection(
        epochs.stream()
            .map(
                epoch ->
                    new EpochScores(
                        epoch.epoch(),
                        epoch.trainingLoss(),
                        finite(epoch.validationLoss()),
                        null,
                        finite(epoch.validationAccuracy()),
                        epoch.learningRate(),
                        epoch.tasks().stream()
                            .map(
                                task ->
                                    new EpochScores.Task(
                                        task.name(),
                                        task.measure().word(),
                                        finite(task.loss()),
                                        finite(task.value())))
                            .toList()))
            .toList(),
        trained.state().bestEpoch(config.training().choice()),
        stopReason(epochs.size()),
        seconds,
        seconds > 0 ? epochs.size() * split.train().size() / seconds : null,
        cached ? all - trained.features().computed() : null,
        cached ? (long) trained.features().computed() : null,
        finite(trained.features().waitingShare()));
  }

  private String stopReason(int epochs) {
    return (epochs >= config.training().epochs()
            ? "The configured number of epochs was reached."
            : "Nothing better came for as many epochs as earlyStopping waits.")
        + " Steps were made by the engine "
        + trained.engine()
        + "."
        + averaging()
        + changes();
  }

  private String averaging() {
    return config.training().averaging() instanceof AveragingConfig.Exponential average
        ? " Validation figures and the model are those of averaged weights (decay "
            + average.decay()
            + ")."
        : "";
  }

  /** A run that went on with another rate has not one recipe. */
  private String changes() {
    int count = Experiment.changes(run);
    return count == 0
        ? ""
        : " The recipe was changed while the training went on ("
            + count
            + (count == 1 ? " time" : " times")
            + "); its earlier states are kept in the run's folder.";
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private DataSection dataSection() {
    return new DataSection(
        manifest.name(),
        List.of(
            counts("training", split.train(), "the weights are fitted to them"),
            counts("validation", split.validation(), "they choose the epoch that is kept"),
            counts("test", split.test(), "reported: other images of the trained people"),
            counts(
                "verification", split.verification(), "reported: people who were not trained on")),
        skipped.stream().map(entry -> new SkippedImage(entry.key(), entry.reason())).toList());
  }

  private static SplitCounts counts(String name, List<FaceSample> samples, String purpose) {
    return new SplitCounts(
        name,
        samples.size(),
        samples.stream().map(FaceSample::identity).distinct().count(),
        purpose);
  }

  private Map<String, String> provenanceLines() {
    return ProvenanceLines.of(provenance);
  }
}
