package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.verification.CurveBands;

/**
 * Whether two images show the same person, by one protocol.
 *
 * <p>A pair is called genuine (one person) where its score reaches the threshold. FMR is the share
 * of impostor pairs that do, FNMR the share of genuine pairs that do not, TAR is 1 - FNMR, and FAR
 * here means FMR: nothing fails to be acquired in these protocols, or it is listed as skipped.
 *
 * @param protocol short name as in {@code metrics.json}, such as {@code lfw}
 * @param title heading, such as {@code LFW View 2}
 * @param description how pairs, images and threshold come about, one or more sentences, or null
 * @param genuinePairs how many pairs of one person were scored
 * @param impostorPairs how many pairs of two people were scored
 * @param people how many people occur in the scored pairs
 * @param peopleUnseen whether none of these people was trained on in this run, or null where the
 *     model does not tell whom it was trained on; what a pretrained backbone saw before is another
 *     matter, to be said under {@link ReportData#notTested()}
 * @param intervalBasis what the intervals take as independent, or null where there are none
 * @param accuracy share of pairs decided right, its trials being the pairs; null where no threshold
 *     was chosen on other pairs
 * @param auc area under the ROC curve in [0, 1], or null
 * @param equalErrorRate the rate where FMR equals FNMR, or null
 * @param scoreName what the score is, such as {@code cosine similarity}; higher is closer
 * @param threshold the score from which a pair was called genuine, or null where each fold has its
 *     own only
 * @param thresholdRule how the threshold was chosen, in words, or null
 * @param curve error rates at the thresholds, in any order; empty where not kept
 * @param histogram scores counted, or null
 * @param folds accuracy and threshold a fold; empty where there are none
 * @param tarAtFar share of genuine pairs accepted at given false match rates
 * @param leftOut pairs of the protocol that were not scored, or null where all were
 * @param bands confidence band of the curve, from the lowest rate to the highest; empty where not
 *     computed
 * @param thresholds recommended thresholds, one a target FMR, refused targets included; empty where
 *     not computed
 * @param calibration what a calibration of the scores loses, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerificationSection(
    String protocol,
    String title,
    String description,
    long genuinePairs,
    long impostorPairs,
    long people,
    Boolean peopleUnseen,
    IntervalBasis intervalBasis,
    Metric accuracy,
    Metric auc,
    Metric equalErrorRate,
    String scoreName,
    Double threshold,
    String thresholdRule,
    List<ErrorRatePoint> curve,
    ScoreHistogram histogram,
    List<FoldScores> folds,
    List<TarAtFarRow> tarAtFar,
    LeftOutPairs leftOut,
    List<BandPoint> bands,
    List<ThresholdAdvice> thresholds,
    CalibrationCost calibration) {
  public VerificationSection {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(scoreName, "scoreName");
    ReportParts.count("genuinePairs", genuinePairs);
    ReportParts.count("impostorPairs", impostorPairs);
    ReportParts.count("people", people);
    if (accuracy != null) {
      ReportParts.fraction("accuracy", accuracy.value());
    }
    curve = ReportParts.list(curve);
    folds = ReportParts.list(folds);
    tarAtFar = ReportParts.list(tarAtFar);
    bands = ReportParts.list(bands);
    thresholds = ReportParts.list(thresholds);
  }

  /** A section without bands, thresholds and calibration. */
  public VerificationSection(
      String protocol,
      String title,
      String description,
      long genuinePairs,
      long impostorPairs,
      long people,
      Boolean peopleUnseen,
      IntervalBasis intervalBasis,
      Metric accuracy,
      Metric auc,
      Metric equalErrorRate,
      String scoreName,
      Double threshold,
      String thresholdRule,
      List<ErrorRatePoint> curve,
      ScoreHistogram histogram,
      List<FoldScores> folds,
      List<TarAtFarRow> tarAtFar,
      LeftOutPairs leftOut) {
    this(
        protocol,
        title,
        description,
        genuinePairs,
        impostorPairs,
        people,
        peopleUnseen,
        intervalBasis,
        accuracy,
        auc,
        equalErrorRate,
        scoreName,
        threshold,
        thresholdRule,
        curve,
        histogram,
        folds,
        tarAtFar,
        leftOut,
        List.of(),
        List.of(),
        null);
  }

  /**
   * Returns this section with bands and recommended thresholds computed from its scores.
   *
   * @param targets false match rates for which a threshold is recommended or refused
   * @param replicates of the bootstraps, at least 2
   */
  public VerificationSection with(
      ScoreSet scores, List<FarTarget> targets, int replicates, SplittableRandom random) {
    return with(
        BandPoint.of(CurveBands.of(scores, replicates, random.split())),
        ThresholdAdvice.of(scores, targets, replicates, random.split()),
        calibration);
  }

  /** Returns this section with what is drawn and said beside the curve. */
  public VerificationSection with(
      List<BandPoint> newBands, List<ThresholdAdvice> newThresholds, CalibrationCost cost) {
    return new VerificationSection(
        protocol,
        title,
        description,
        genuinePairs,
        impostorPairs,
        people,
        peopleUnseen,
        intervalBasis,
        accuracy,
        auc,
        equalErrorRate,
        scoreName,
        threshold,
        thresholdRule,
        curve,
        histogram,
        folds,
        tarAtFar,
        leftOut,
        newBands,
        newThresholds,
        cost);
  }

  /** Returns this section with what a calibration of its scores loses. */
  public VerificationSection with(CalibrationCost cost) {
    return with(bands, thresholds, cost);
  }

  /** Returns how many pairs were scored. */
  long pairs() {
    return genuinePairs + impostorPairs;
  }
}
