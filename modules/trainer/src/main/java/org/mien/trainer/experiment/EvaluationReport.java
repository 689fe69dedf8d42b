package org.mien.trainer.experiment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.mien.core.provenance.Provenance;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.FigureStyle;
import org.mien.eval.report.KeyFigure;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.ReportDataBuilder;
import org.mien.eval.report.RunSummary;
import org.mien.model.file.ModelDescriptor;
import org.mien.trainer.evaluation.ReportParts;
import org.mien.trainer.evaluation.VerificationOutcome;

/** Collects what the report of one protocol on one model shows. */
public final class EvaluationReport {
  private EvaluationReport() {}

  /**
   * @param images where the images lie, for people
   * @param provenance of this evaluation
   */
  public static ReportData data(
      ModelDescriptor model,
      VerificationOutcome outcome,
      MetricsFile metrics,
      String images,
      Provenance provenance) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ReportDataBuilder report =
        ReportData.builder(
            model.name() + " on " + outcome.title(),
            now.toString(),
            new RunSummary(model.name(), model.name() + ", " + model.dimension() + "-d", images));
    outcome
        .result()
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.equals("accuracy") || name.equals("eer") || name.startsWith("tar@")) {
                report.keyFigure(new KeyFigure(name, metric, FigureStyle.PERCENT));
              }
            });
    boolean unseen = !model.trainingIdentities().isEmpty();
    report.verification(ReportParts.verification(outcome, unseen)).metrics(metrics);
    ProvenanceLines.of(provenance.withFinishedAt(now)).forEach(report::provenance);
    if (!unseen) {
      report.notTested(
          "Whether the model was trained on people of this protocol: its descriptor names no"
              + " training identities.");
    }
    return report.build();
  }
}
