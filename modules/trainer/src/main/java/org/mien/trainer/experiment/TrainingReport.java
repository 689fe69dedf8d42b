package org.mien.trainer.experiment;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.sampling.Split;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.BaselineComparison;
import org.mien.eval.report.DataSection;
import org.mien.eval.report.EpochScores;
import org.mien.eval.report.ExportSection;
import org.mien.eval.report.FigureStyle;
import org.mien.eval.report.KeyFigure;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.ReportDataBuilder;
import org.mien.eval.report.RunSummary;
import org.mien.eval.report.SkippedImage;
import org.mien.eval.report.SplitCounts;
import org.mien.eval.report.TrainingSection;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.backbone.OnnxBackboneConfig;
import org.mien.model.export.ExportResult;
import org.mien.model.export.Parity;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.TaskOutcome;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.mien.trainer.observe.EpochRecord;

/** Collects what the report of a training run shows. */
record TrainingReport(
    ExperimentConfig config,
    RunDirectory run,
    Split split,
    FaceManifest manifest,
    TrainedNetwork trained,
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
    }
    for (ProtocolOutcome outcome : evaluations.protocols()) {
      if (outcome instanceof VerificationOutcome pairs) {
        keyFigures(report, pairs);
      }
      EvaluationReport.addTo(report, split.identities(), outcome, new SeedStreams(config.seed()));
    }
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
                        epoch.learningRate()))
            .toList(),
        trained.state().bestEpoch(),
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
        + ".";
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
