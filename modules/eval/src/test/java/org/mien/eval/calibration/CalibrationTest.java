package org.mien.eval.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.eval.Golden;
import org.mien.eval.ScoredPairs;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.score.TrialSupport;

class CalibrationTest {
  static List<JsonNode> detection() {
    return Golden.cases("detection");
  }

  static List<JsonNode> orderStatistics() {
    return Golden.cases("orderStatistics");
  }

  private static ScoreSet scores(JsonNode node) {
    return ScoreSet.ofSimilarities(
        Golden.doubles(node.required("genuine")), Golden.doubles(node.required("impostor")));
  }

  private static ScoreSet normal(long seed, int genuine, int impostors, double gap) {
    Random random = new Random(seed);
    return ScoreSet.ofSimilarities(
        random.doubles(genuine).map(u -> random.nextGaussian() + gap).toArray(),
        random.doubles(impostors).map(u -> random.nextGaussian()).toArray());
  }

  private static ThresholdCalibration calibrate(ScoreSet scores, double target) {
    return ThresholdCalibration.of(scores, new FarTarget(target), 200, new SplittableRandom(1));
  }

  @Test
  void theThresholdIsJustAboveTheFirstImpostorThatMustBeRefused() {
    double[] impostors = new double[100];
    Arrays.setAll(impostors, i -> i / 100.0);
    ScoreSet scores = ScoreSet.ofSimilarities(new double[] {0.94, 0.95, 0.97, 1}, impostors);
    ThresholdCalibration found = calibrate(scores, 0.05);
    // 5 of 100 may be accepted: 0.95 to 0.99.
    assertEquals(Math.nextUp(0.94), found.threshold().value());
    assertEquals(0.05, found.fmr().value());
    assertEquals(0.25, found.fnmr().value());
    assertEquals(100, found.impostors());
    assertNull(found.identities());
    assertEquals(TrialSupport.BELOW_RULE_OF_30, found.support());
    assertTrue(found.fmr().note().contains("rule of 30"), found.fmr().note());
    assertTrue(found.statement().contains("5 of 100 impostor trials"), found.statement());
    assertTrue(found.statement().contains("pairs as independent"), found.statement());
  }

  @Test
  void targetsThatTheImpostorsCannotSupportAreRefusedWithWhatTheyCan() {
    ScoreSet scores = normal(1, 10, 3000, 3);
    DataException e = assertThrows(DataException.class, () -> calibrate(scores, 1e-5));
    assertEquals(
        "an FMR of 1e-5 cannot be supported by 3000 impostor trials: to bound it takes at least"
            + " 300000 (rule of 3), to estimate it 3000000 (rule of 30); with 3000 the lowest FMR"
            + " that can be bounded is 1e-3, and the lowest that can be estimated is 1e-2",
        e.getMessage());
    assertEquals(Optional.empty(), ThresholdCalibration.refusal(new FarTarget(1e-3), 3000));
    assertTrue(ThresholdCalibration.refusal(new FarTarget(1e-3), 2999).isPresent());
    assertTrue(
        ThresholdCalibration.refusal(new FarTarget(1e-3), 20)
            .orElseThrow()
            .contains("bounded is 1.5e-1, and none can be estimated"));
    assertTrue(
        ThresholdCalibration.refusal(new FarTarget(1e-3), 2)
            .orElseThrow()
            .endsWith("with 2 none can be supported"));
    assertEquals(TrialSupport.FULL, calibrate(scores, 0.01).support());
  }

  @ParameterizedTest
  @MethodSource("orderStatistics")
  void orderStatisticIntervalsAreThoseOfSciPy(JsonNode expected) {
    int n = expected.required("impostors").intValue();
    double[] impostors = new double[n];
    Arrays.setAll(impostors, i -> i);
    ThresholdCalibration found =
        calibrate(
            ScoreSet.ofSimilarities(new double[] {2.0 * n, 0}, impostors),
            number(expected, "rate"));
    assertEquals(number(expected, "fmrLow"), found.fmr().low(), 1e-12);
    assertEquals(number(expected, "fmrHigh"), found.fmr().high(), 1e-12);
    int highRank = expected.required("highRank").intValue();
    if (highRank == 0) {
      assertNull(found.thresholdFigure().low());
      assertTrue(found.thresholdFigure().note().startsWith("no upper end"));
    } else {
      // Rank r from the top is the score n - r.
      assertEquals(n - expected.required("lowRank").intValue(), found.thresholdFigure().low());
      assertEquals(Math.nextUp(n - (double) highRank), found.thresholdFigure().high());
    }
  }

  @Test
  void orderStatisticIntervalsCoverTheTruth() {
    int threshold = 0;
    int fmr = 0;
    int runs = 300;
    double truth = 1.6448536269514722;
    for (int run = 0; run < runs; run++) {
      ThresholdCalibration found = calibrate(normal(run, 5, 400, 3), 0.05);
      threshold +=
          found.thresholdFigure().low() <= truth && truth <= found.thresholdFigure().high() ? 1 : 0;
      double real = 0.5 * Erf.erfc(found.threshold().value() / Math.sqrt(2));
      fmr += found.fmr().low() <= real && real <= found.fmr().high() ? 1 : 0;
    }
    System.out.println("coverage of threshold and FMR: " + threshold + ", " + fmr + " of " + runs);
    // Binomial(300, 0.95) is below 273 with probability 0.002.
    assertTrue(threshold >= 273 && fmr >= 273, threshold + " and " + fmr);
  }

  @Test
  void withIdentitiesIntervalsAreBootstrappedAndHoldTheFigures() {
    ScoreSet scores = ScoreSet.ofPairs(ScoredPairs.random(new Random(2), 80, 1200, 0, 0, 0.4));
    ThresholdCalibration found = calibrate(scores, 0.05);
    assertEquals(80, found.identities());
    assertTrue(found.statement().contains("over identities"));
    for (var metric : List.of(found.thresholdFigure(), found.fmr(), found.fnmr())) {
      assertTrue(metric.low() < metric.value() && metric.value() < metric.high(), "" + metric);
    }
    assertEquals(found, calibrate(scores, 0.05), "same seed");
  }

  @Test
  void calibrationsAreReadBackAsTheyWereWritten(@TempDir Path folder) {
    ScoreSet scores = normal(3, 50, 700, 2);
    ThresholdCalibration threshold = calibrate(scores, 0.01);
    Json.write(folder.resolve("threshold.json"), threshold);
    assertEquals(
        threshold, Json.read(folder.resolve("threshold.json"), ThresholdCalibration.class));
    for (ScoreCalibration calibration :
        List.of(LogisticCalibration.of(scores), IsotonicCalibration.of(scores))) {
      Json.write(folder.resolve("scores.json"), calibration);
      assertEquals(calibration, Json.read(folder.resolve("scores.json"), ScoreCalibration.class));
    }
  }

  @ParameterizedTest
  @MethodSource("detection")
  void logisticRegressionIsTheRootThatSciPyFinds(JsonNode node) {
    if (node.required("logistic").isNull()) {
      DataException e =
          assertThrows(DataException.class, () -> LogisticCalibration.of(scores(node)));
      assertTrue(e.getMessage().endsWith("are these distances?"), e.getMessage());
      return;
    }
    LogisticCalibration found = LogisticCalibration.of(scores(node));
    assertEquals(number(node.required("logistic"), "intercept"), found.intercept(), 1e-9);
    assertEquals(number(node.required("logistic"), "slope"), found.slope(), 1e-9);
    LogLikelihoodRatioCost cost =
        LogLikelihoodRatioCost.of(scores(node), found, 10, new SplittableRandom(1));
    assertEquals(number(node.required("logistic"), "cllr"), cost.cllr().value(), 1e-9);
    assertTrue(cost.cllr().note().startsWith("no interval"));
  }

  @ParameterizedTest
  @MethodSource("detection")
  void minCllrIsThatOfScikitLearnsIsotonicRegression(JsonNode node) {
    assertEquals(number(node, "minCllr"), LogLikelihoodRatioCost.minCllr(scores(node)), TOLERANCE);
  }

  @Test
  void costsByHand() {
    double[] certain = {50};
    double[] never = {-50};
    assertEquals(0, LogLikelihoodRatioCost.cllr(certain, never), 1e-12);
    assertEquals(1, LogLikelihoodRatioCost.cllr(new double[] {0, 0}, new double[] {0}), 1e-12);
    // log2(1 + 1/3) for genuine and log2(1 + 3) = 2 for the impostor.
    assertEquals(
        (Math.log(4 / 3.0) / Math.log(2) + 2) / 2,
        LogLikelihoodRatioCost.cllr(new double[] {Math.log(3)}, new double[] {Math.log(3)}),
        1e-12);
    assertEquals(0, LogLikelihoodRatioCost.minCllr(ScoreSet.ofSimilarities(certain, never)), 1e-12);
  }

  /** Two normal distributions of unit variance, {@code gap} apart: llr = gap s - gap^2 / 2. */
  @Test
  void bothCalibrationsFindTheTrueRatioAndItsProbability() {
    ScoreSet scores = normal(4, 4000, 12000, 2);
    ScoreCalibration logistic = LogisticCalibration.of(scores);
    ScoreCalibration isotonic = IsotonicCalibration.of(scores);
    for (double s : new double[] {0, 0.5, 1, 1.5, 2}) {
      double truth = 2 * s - 2;
      assertEquals(truth, logistic.logLikelihoodRatio(new Similarity(s)), 0.15, "at " + s);
      assertEquals(truth, isotonic.logLikelihoodRatio(new Similarity(s)), 0.6, "at " + s);
    }
    double ratio = Math.exp(logistic.logLikelihoodRatio(new Similarity(2)));
    assertEquals(
        ratio * 0.01 / (ratio * 0.01 + 0.99),
        logistic.probabilitySame(new Similarity(2), 0.01),
        1e-12);
    assertThrows(
        IllegalArgumentException.class, () -> logistic.probabilitySame(new Similarity(2), 1));
  }

  @Property(tries = 100)
  void theIsotonicRatioNeverFallsAndIsFinite(@ForAll long seed) {
    Random random = new Random(seed);
    ScoreSet scores =
        ScoreSet.ofPairs(ScoredPairs.random(random, 10, 40, 0, random.nextBoolean() ? 5 : 0, 0.3));
    ScoreCalibration calibration = IsotonicCalibration.of(scores);
    double last = Double.NEGATIVE_INFINITY;
    for (double s = -2; s < 2; s += 0.01) {
      double ratio = calibration.logLikelihoodRatio(new Similarity(s));
      assertTrue(Double.isFinite(ratio) && ratio >= last, ratio + " after " + last + " at " + s);
      last = ratio;
    }
    double least = LogLikelihoodRatioCost.minCllr(scores);
    LogLikelihoodRatioCost cost =
        LogLikelihoodRatioCost.of(scores, calibration, 20, new SplittableRandom(seed));
    assertEquals(least, cost.minCllr().value());
    assertTrue(cost.calibrationLoss().value() >= -1e-12, cost.toString());
  }

  /** The definition: of all ways to cut the ascending scores into runs, the least cost. */
  @Property(tries = 60)
  void minCllrIsTheLeastOverAllMonotoneCalibrations(@ForAll long seed) {
    Random random = new Random(seed);
    ScoreSet scores = ScoreSet.ofPairs(ScoredPairs.random(random, 6, 10, 0, 3, 0.3));
    DistinctScores distinct = DistinctScores.of(scores);
    int points = distinct.score().length;
    double least = Double.POSITIVE_INFINITY;
    for (int cuts = 0; cuts < 1 << (points - 1); cuts++) {
      double cost = 0;
      double last = -1;
      boolean rises = true;
      double g = 0;
      double n = 0;
      for (int i = 0; i < points; i++) {
        g += distinct.genuine()[i];
        n += distinct.impostors()[i];
        if (i == points - 1 || (cuts >> i & 1) == 1) {
          double share = g / (g + n);
          rises &= share >= last;
          last = share;
          double odds = g / scores.genuineCount() / (n / scores.impostorCount());
          cost += g == 0 ? 0 : g / scores.genuineCount() * Math.log1p(1 / odds);
          cost += n == 0 ? 0 : n / scores.impostorCount() * Math.log1p(odds);
          g = 0;
          n = 0;
        }
      }
      least = rises ? Math.min(least, cost / (2 * Math.log(2))) : least;
    }
    assertEquals(least, LogLikelihoodRatioCost.minCllr(scores), 1e-12);
  }

  @Test
  void costsHaveIntervalsOverIdentities() {
    ScoreSet scores = ScoreSet.ofPairs(ScoredPairs.random(new Random(5), 60, 600, 0, 0, 0.3));
    LogLikelihoodRatioCost cost =
        LogLikelihoodRatioCost.of(
            scores, LogisticCalibration.of(scores), 200, new SplittableRandom(1));
    assertEquals(
        List.of("cllr", "cllr.min", "cllr.calibrationLoss"), List.copyOf(cost.metrics().keySet()));
    assertNotNull(cost.cllr().low());
    assertTrue(cost.cllr().low() < cost.cllr().value() && cost.cllr().value() < cost.cllr().high());
    assertTrue(cost.minCllr().value() < cost.cllr().value());
  }
}
