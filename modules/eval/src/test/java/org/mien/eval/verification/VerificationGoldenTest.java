package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.eval.Golden;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.Interval;

class VerificationGoldenTest {
  static List<JsonNode> scores() {
    return Golden.cases("verification");
  }

  static List<JsonNode> folds() {
    return Golden.cases("folds");
  }

  static List<JsonNode> deviates() {
    return Golden.cases("normalDeviates");
  }

  @ParameterizedTest
  @MethodSource("scores")
  void curveAreaAndEqualErrorRateAreThoseOfScikitLearn(JsonNode expected) {
    ScoreSet scores =
        ScoreSet.ofSimilarities(
            Golden.doubles(expected.required("genuine")),
            Golden.doubles(expected.required("impostor")));
    RocCurve roc = RocCurve.of(scores);
    double[] far = Golden.doubles(expected.required("far"));
    double[] tar = Golden.doubles(expected.required("tar"));
    double[] thresholds = Golden.doubles(expected.required("thresholds"));
    assertEquals(far.length, roc.points());
    assertEquals(Double.POSITIVE_INFINITY, roc.threshold(0).value());
    for (int point = 0; point < far.length; point++) {
      assertEquals(far[point], roc.far(point), TOLERANCE);
      assertEquals(tar[point], roc.tar(point), TOLERANCE);
      if (point > 0) {
        assertEquals(thresholds[point - 1], roc.threshold(point).value());
      }
    }
    assertEquals(number(expected, "auc"), roc.area(), TOLERANCE);
    assertEquals(number(expected, "auc"), roc.corners().area(), TOLERANCE);
    assertEquals(number(expected, "eer"), EqualErrorRate.of(roc).value(), TOLERANCE);
  }

  static List<JsonNode> detection() {
    return Golden.cases("detection");
  }

  @ParameterizedTest
  @MethodSource("detection")
  void errorRatesAreThoseOfScikitLearnsDetCurve(JsonNode expected) {
    ScoreSet scores =
        ScoreSet.ofSimilarities(
            Golden.doubles(expected.required("genuine")),
            Golden.doubles(expected.required("impostor")));
    DetCurve det = DetCurve.of(RocCurve.of(scores));
    double[] thresholds = Golden.doubles(expected.required("thresholds"));
    double[] fmr = Golden.doubles(expected.required("fmr"));
    double[] fnmr = Golden.doubles(expected.required("fnmr"));
    // Theirs ascend and leave out points beyond the first and last error: each of theirs is ours.
    int point = det.points() - 1;
    for (int i = 0; i < thresholds.length; i++) {
      while (det.threshold(point).value() < thresholds[i]) {
        point--;
      }
      assertEquals(thresholds[i], det.threshold(point).value());
      assertEquals(fmr[i], det.fmr(point), TOLERANCE);
      assertEquals(fnmr[i], det.fnmr(point), TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("folds")
  void accuracyOverFoldsFollowsItsDefinition(JsonNode expected) {
    double[] scores = Golden.doubles(expected.required("scores"));
    int[] fold = Golden.ints(expected.required("fold"));
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      pairs.add(
          ScoredPair.anonymous(
              expected.required("genuine").get(i).booleanValue(),
              fold[i],
              new Similarity(scores[i])));
    }
    KFoldAccuracy found = KFoldAccuracy.of(ScoreSet.ofPairs(pairs));
    assertEquals(expected.required("folds").size(), found.folds().size());
    for (KFoldAccuracy.Fold row : found.folds()) {
      JsonNode wanted = expected.required("folds").get(row.fold());
      assertEquals(number(wanted, "threshold"), row.threshold().value());
      assertEquals(number(wanted, "trainingAccuracy"), row.trainingAccuracy(), TOLERANCE);
      assertEquals(number(wanted, "accuracy"), row.accuracy(), TOLERANCE);
      assertEquals(number(wanted, "far"), row.far(), TOLERANCE);
      assertEquals(number(wanted, "tar"), row.tar(), TOLERANCE);
    }
    assertEquals(number(expected, "mean"), found.accuracy().mean(), TOLERANCE);
    assertEquals(
        number(expected, "sampleStandardDeviation"),
        found.accuracy().sampleStandardDeviation(),
        TOLERANCE);
    assertEquals(
        number(expected, "populationStandardDeviation"),
        found.accuracy().populationStandardDeviation(),
        TOLERANCE);
    assertEquals(number(expected, "standardError"), found.accuracy().standardError(), TOLERANCE);
    Interval interval = found.accuracy().interval(0.95);
    // Two implementations of Student's quantile agree in 10 digits.
    assertEquals(number(expected, "low"), interval.low(), 1e-10);
    assertEquals(number(expected, "high"), interval.high(), 1e-10);
  }

  @ParameterizedTest
  @MethodSource("deviates")
  void normalDeviatesAreThoseOfSciPy(JsonNode expected) {
    assertEquals(
        number(expected, "deviate"),
        DetCurve.normalDeviate(number(expected, "rate")),
        TOLERANCE * Math.max(1, Math.abs(number(expected, "deviate"))));
  }
}
