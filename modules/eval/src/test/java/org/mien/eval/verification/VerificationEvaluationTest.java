package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;

class VerificationEvaluationTest {
  private static final VerificationOptions FEW_REPLICATES =
      new VerificationOptions(VerificationOptions.defaults().targets(), 100, 50, null);

  /** Ten folds of 60 pairs, disjoint in identities, as LFW has them. */
  private static List<ScoredPair> pairs(double gap) {
    Random random = new Random(11);
    List<ScoredPair> pairs = new ArrayList<>();
    for (int fold = 0; fold < 10; fold++) {
      for (int i = 0; i < 60; i++) {
        boolean genuine = i < 30;
        String a = "f" + fold + "p" + i % 15;
        String b = genuine ? a : "f" + fold + "p" + (i + 7) % 15;
        double similarity = 0.1 * random.nextGaussian() + (genuine ? gap : 0);
        pairs.add(new ScoredPair(a, b, genuine, fold, new Similarity(similarity)));
      }
    }
    return pairs;
  }

  private static VerificationResult evaluate(List<ScoredPair> pairs) {
    return VerificationEvaluation.evaluate(pairs, FEW_REPLICATES, new SplittableRandom(1));
  }

  @Test
  void namesItsFiguresAsTheContractSays() {
    assertEquals(
        List.of(
            "accuracy",
            "accuracy.standardError",
            "accuracy.standardDeviation",
            "accuracy.populationStandardDeviation",
            "threshold.mean",
            "auc",
            "eer",
            "threshold@eer",
            "tar@far=1e-1",
            "threshold@far=1e-1",
            "tar@far=1e-2",
            "threshold@far=1e-2",
            "tar@far=1e-3",
            "threshold@far=1e-3",
            "tar@far=1e-4",
            "threshold@far=1e-4",
            "tar@far=1e-5",
            "threshold@far=1e-5",
            "tar@far=1e-6",
            "threshold@far=1e-6"),
        List.copyOf(evaluate(pairs(0.3)).metrics().keySet()));
  }

  @Test
  void figuresAreThoseOfTheCurvesAndTables() {
    VerificationResult result = evaluate(pairs(0.3));
    assertEquals(result.roc().area(), result.metrics().get("auc").value());
    assertEquals(result.equalErrorRate().value(), result.metrics().get("eer").value());
    KFoldAccuracy folds = result.folds().orElseThrow();
    assertEquals(folds.accuracy().mean(), result.metrics().get("accuracy").value());
    assertEquals(10, folds.folds().size());
    for (TarAtFar point : result.operatingPoints()) {
      String at = "@far=" + point.target().label();
      assertEquals(point.tar(), result.metrics().get("tar" + at).value());
      assertEquals(point.threshold().value(), result.metrics().get("threshold" + at).value());
    }
    assertEquals(300, result.genuinePairs());
    assertEquals(300, result.impostorPairs());
    assertEquals(Optional.of(150), result.identities());
    assertEquals(50, result.histogram().genuine().size());
    assertEquals(
        3 * result.metrics().get("accuracy.standardError").value(),
        result.metrics().get("accuracy.populationStandardDeviation").value(),
        1e-15,
        "with 10 folds they differ by a factor of 3");
  }

  @Test
  void everyRateHasAnIntervalAroundIt() {
    VerificationResult result = evaluate(pairs(0.25));
    for (String name : List.of("accuracy", "auc", "eer", "tar@far=1e-1", "tar@far=1e-2")) {
      Metric metric = result.metrics().get(name);
      assertNotNull(metric.low(), name);
      assertTrue(metric.low() < metric.value() && metric.value() < metric.high(), name + metric);
    }
    assertEquals(600, result.metrics().get("accuracy").trials());
    assertEquals(300, result.metrics().get("tar@far=1e-1").trials());
  }

  @Test
  void tooFewImpostorsAreToldWithTheFigure() {
    VerificationResult result = evaluate(pairs(0.25));
    assertNull(evaluate(pairs(0.25)).metrics().get("tar@far=1e-1").note());
    assertTrue(result.metrics().get("tar@far=1e-2").note().startsWith("few impostors"));
    assertTrue(result.metrics().get("tar@far=1e-3").note().startsWith("too few impostors"));
    assertTrue(result.metrics().get("threshold@far=1e-3").note().startsWith("too few impostors"));
  }

  @Test
  void withoutErrorsNoIntervalIsASinglePoint() {
    VerificationResult result = evaluate(pairs(10));
    assertEquals(1, result.metrics().get("accuracy").value());
    assertEquals(1, result.metrics().get("auc").value());
    assertEquals(0, result.metrics().get("eer").value());
    result
        .metrics()
        .forEach(
            (name, metric) ->
                assertTrue(metric.low() == null || metric.low() < metric.high(), name + metric));
    assertTrue(result.metrics().get("accuracy").low() > 0.98);
    assertTrue(result.metrics().get("accuracy").note().contains("Clopper-Pearson"));
    assertTrue(result.metrics().get("tar@far=1e-1").low() > 0.98);
    // 1 of as many trials as the rarer kind of pair has.
    long fewer = Math.min(result.roc().genuineCount(), result.roc().impostorCount());
    assertEquals(
        ClopperPearson.interval(fewer, fewer, 0.95).low(), result.metrics().get("auc").low());
    assertTrue(result.metrics().get("auc").note().contains("Clopper-Pearson"));
  }

  @Test
  void withoutFoldsNoAccuracyIsChosenOnThePairsItIsReportedFor() {
    ScoreSet scores =
        ScoreSet.ofSimilarities(new double[] {0.5, 0.9, 0.8}, new double[] {0.1, 0.6});
    VerificationResult result =
        VerificationEvaluation.evaluate(scores, FEW_REPLICATES, new SplittableRandom(1));
    assertFalse(result.metrics().containsKey("accuracy"));
    assertTrue(result.folds().isEmpty());
    assertTrue(result.identities().isEmpty());
    assertNull(result.metrics().get("auc").low());
    assertEquals(
        "no interval: the identities of the pairs are not known",
        result.metrics().get("auc").note());
    assertNotNull(result.metrics().get("tar@far=1e-1").low());
  }

  @Test
  void aThresholdChosenElsewhereIsTested() {
    ScoreSet scores =
        ScoreSet.ofSimilarities(new double[] {0.5, 0.9, 0.8}, new double[] {0.1, 0.6});
    VerificationResult result =
        VerificationEvaluation.evaluate(
            scores,
            FEW_REPLICATES
                .withDecisionThreshold(new Similarity(0.6))
                .withTargets(List.of(new FarTarget(0.5))),
            new SplittableRandom(1));
    assertEquals(0.6, result.metrics().get("accuracy@threshold").value());
    assertEquals(0.5, result.metrics().get("fmr@threshold").value());
    assertEquals(1 / 3.0, result.metrics().get("fnmr@threshold").value());
    assertEquals(3, result.metrics().get("fnmr@threshold").trials());
    assertTrue(result.metrics().containsKey("tar@far=5e-1"));
  }

  @Test
  void sameSeedGivesTheSameResult() {
    assertEquals(evaluate(pairs(0.3)).metrics(), evaluate(pairs(0.3)).metrics());
  }

  @Test
  void refusesPairsOfOneKind() {
    List<ScoredPair> genuine = pairs(0.3).stream().filter(ScoredPair::genuine).toList();
    assertThrows(DataException.class, () -> evaluate(genuine));
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FEW_REPLICATES.withTargets(List.of(new FarTarget(0.1), new FarTarget(0.1))));
    assertThrows(
        IllegalArgumentException.class, () -> new VerificationOptions(List.of(), 1, 50, null));
  }
}
