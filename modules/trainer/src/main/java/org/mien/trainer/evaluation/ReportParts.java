package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.eval.classification.ClassificationResult;
import org.mien.eval.classification.IdentityFigures;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.AveragedScores;
import org.mien.eval.report.CalibrationCost;
import org.mien.eval.report.ClassificationSection;
import org.mien.eval.report.ConfusionCell;
import org.mien.eval.report.ErrorRatePoint;
import org.mien.eval.report.FoldScores;
import org.mien.eval.report.IdentityScores;
import org.mien.eval.report.IntervalBasis;
import org.mien.eval.report.LeftOutPairs;
import org.mien.eval.report.ScoreHistogram;
import org.mien.eval.report.TarAtFarRow;
import org.mien.eval.report.Thumbnails;
import org.mien.eval.report.VerificationSection;
import org.mien.eval.report.WorstPairsSection;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.verification.KFoldAccuracy;
import org.mien.eval.verification.RocCurve;
import org.mien.eval.verification.TarAtFar;
import org.mien.eval.verification.VerificationResult;

/** From figures to the sections of the report. */
public final class ReportParts {
  private static final int WORST = 10;

  private ReportParts() {}

  /**
   * Returns the section of one verification protocol.
   *
   * @param unseen whether none of the people was trained on; null where the model does not tell
   */
  public static VerificationSection verification(VerificationOutcome outcome, Boolean unseen) {
    VerificationResult result = outcome.result();
    Map<String, Metric> metrics = result.metrics();
    VerificationSection section =
        new VerificationSection(
            outcome.protocol(),
            outcome.title(),
            outcome.description(),
            result.roc().genuineCount(),
            result.roc().impostorCount(),
            outcome.pairs().identities().size(),
            unseen,
            IntervalBasis.PEOPLE,
            metrics.get("accuracy"),
            metrics.get("auc"),
            metrics.get("eer"),
            "cosine similarity",
            null,
            result.folds().isPresent()
                ? "of each fold: the one that decides the pairs of the other folds best"
                : null,
            curve(result.roc().corners()),
            new ScoreHistogram(
                result.histogram().lowest(),
                result.histogram().highest(),
                result.histogram().genuine(),
                result.histogram().impostors()),
            result.folds().map(ReportParts::folds).orElse(List.of()),
            result.operatingPoints().stream().map(point -> row(point, metrics)).toList(),
            outcome
                .leftOut()
                .map(
                    left ->
                        new LeftOutPairs(
                            left.pairs(),
                            left.total(),
                            left.identities(),
                            "They show people whom the model was trained on; scoring them would tell"
                                + " how well it remembers, not how well it recognises strangers."))
                .orElse(null));
    return outcome
        .calibration()
        .map(found -> section.with(CalibrationCost.of(found)))
        .orElse(section);
  }

  /**
   * Returns the worst pairs and people of a protocol, at the threshold of a false match rate of
   * {@code 1e-2}.
   *
   * @param thumbnails pictures of how many pairs of each kind are shown
   * @param preprocessing of the network, with the crop that fits these images
   */
  public static WorstPairsSection worstPairs(
      VerificationOutcome outcome, int thumbnails, Preprocessing preprocessing) {
    GlobalThreshold decision =
        GlobalThreshold.atFmr(ScoreSet.ofPairs(outcome.scored()), new FarTarget(1e-2));
    return WorstPairsSection.of(
        outcome.protocol(),
        outcome.title(),
        outcome.compared(),
        decision.threshold(),
        decision.statement(),
        thumbnails > 0 ? thumbnails : WORST,
        thumbnails > 0
            ? new FaceThumbnails(outcome.faces().samples(), preprocessing)
            : Thumbnails.none());
  }

  /** Returns the section on the classification of test images. */
  public static ClassificationSection classification(ClassificationResult result, String split) {
    Map<String, Metric> metrics = result.metrics();
    List<String> names = result.identities().stream().map(IdentityFigures::name).toList();
    List<ConfusionCell> confusion = new ArrayList<>();
    result
        .confusion()
        .confusions()
        .forEach(
            mistake ->
                confusion.add(
                    new ConfusionCell(
                        names.get(mistake.actual()),
                        names.get(mistake.predicted()),
                        mistake.count())));
    for (IdentityFigures row : result.identities()) {
      if (row.correct() > 0) {
        confusion.add(new ConfusionCell(row.name(), row.name(), row.correct()));
      }
    }
    return new ClassificationSection(
        split,
        result.confusion().images(),
        metrics.get("accuracy"),
        List.of("macro", "micro", "weighted").stream()
            .map(
                kind ->
                    new AveragedScores(
                        kind,
                        metrics.get("precision." + kind),
                        metrics.get("recall." + kind),
                        metrics.get("f1." + kind)))
            .toList(),
        result.identities().stream().map(ReportParts::identity).toList(),
        confusion);
  }

  private static IdentityScores identity(IdentityFigures row) {
    boolean tested = row.support() > 0;
    boolean named = row.predicted() > 0;
    return new IdentityScores(
        row.name(),
        row.support(),
        row.correct(),
        named ? row.precision() : null,
        tested ? row.recall() : null,
        tested || named ? row.f1() : null);
  }

  private static List<ErrorRatePoint> curve(RocCurve roc) {
    return IntStream.range(0, roc.points())
        .mapToObj(
            point ->
                new ErrorRatePoint(roc.threshold(point).value(), roc.far(point), roc.fnmr(point)))
        .toList();
  }

  private static List<FoldScores> folds(KFoldAccuracy accuracy) {
    return accuracy.folds().stream()
        .map(
            fold ->
                new FoldScores(
                    fold.fold() + 1,
                    (long) fold.genuine() + fold.impostors(),
                    fold.accuracy(),
                    fold.threshold().value()))
        .toList();
  }

  private static TarAtFarRow row(TarAtFar point, Map<String, Metric> metrics) {
    return new TarAtFarRow(
        point.target().rate(),
        metrics.get("tar@far=" + point.target().label()),
        point.threshold().value(),
        (double) point.falseAccepts() / point.impostors());
  }
}
