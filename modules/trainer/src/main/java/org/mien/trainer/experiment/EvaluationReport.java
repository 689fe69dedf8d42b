package org.mien.trainer.experiment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.mien.core.provenance.Provenance;
import org.mien.core.random.SeedStreams;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.identification.FewShot;
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
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.file.ModelDescriptor;
import org.mien.trainer.evaluation.FewShotProtocol;
import org.mien.trainer.evaluation.GallerySearch;
import org.mien.trainer.evaluation.LabelledFaces;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.TaskOutcome;
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

  private final List<String> trainedOn;

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
    this.trainedOn = model.trainingIdentities();
    this.withinTraining = false;
    this.provenance = provenance;
    this.report =
        ReportData.builder(
            model.name() + " on " + title,
            now.toString(),
            new RunSummary(model.name(), model.name() + ", " + model.dimension() + "-d", images));
  }

  private EvaluationReport(ReportDataBuilder report, List<String> trainedOn) {
    this.trainedOn = trainedOn;
    this.withinTraining = true;
    this.provenance = null;
    this.report = report;
  }

  /**
   * Adds what a protocol of a recipe gave to the page of its training.
   *
   * @param trainedOn identities of the training set
   */
  static void addTo(
      ReportDataBuilder report,
      List<String> trainedOn,
      ProtocolOutcome outcome,
      SeedStreams seeds) {
    new EvaluationReport(report, trainedOn).add(outcome, seeds);
  }

  /** Adds what a protocol gave. */
  public EvaluationReport add(ProtocolOutcome outcome, SeedStreams seeds) {
    String leftOut = outcome.leftOutInWords().orElse(null);
    if (outcome instanceof VerificationOutcome pairs) {
      verification(pairs, seeds);
      pairs.groups().forEach(split -> report.fairness(FairnessSection.of(pairs.title(), split)));
    } else if (outcome instanceof TemplateComparison.Outcome templates) {
      templates(templates);
    } else if (outcome instanceof GallerySearch.Outcome found) {
      identification(found.protocol(), found.result(), found.description());
      overlap(found.title(), found.people(), leftOut);
    } else if (outcome instanceof MegafaceProtocol.Outcome found) {
      megaface(found);
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

  /** Adds a verification protocol: figures, bands, thresholds, the worst pairs. */
  private void verification(VerificationOutcome outcome, SeedStreams seeds) {
    outcome
        .result()
        .metrics()
        .forEach(
            (name, metric) -> {
              if (withinTraining) {
                return; // the training's page has names of its own for them
              }
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

  /** Adds MegaFace's runs, by {@code SIZE_SET}. */
  private void megaface(MegafaceProtocol.Outcome outcome) {
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
    report.overlap(OverlapSection.of(test, trainedOn, tested, leftOut));
  }

  private boolean isTrainingKnown() {
    return withinTraining || !trainedOn.isEmpty();
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
