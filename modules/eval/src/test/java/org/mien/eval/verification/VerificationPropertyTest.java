package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/** Every figure against its definition, by loops over all scores. */
class VerificationPropertyTest {
  private static final double TOLERANCE = 1e-12;

  static final class Scores {
    private final double[] genuine;
    private final double[] impostor;

    Scores(double[] genuine, double[] impostor) {
      this.genuine = genuine;
      this.impostor = impostor;
    }

    ScoreSet set() {
      return ScoreSet.ofSimilarities(genuine, impostor);
    }

    double[] distinctDescending() {
      TreeSet<Double> all = new TreeSet<>();
      Arrays.stream(genuine).forEach(all::add);
      Arrays.stream(impostor).forEach(all::add);
      return all.descendingSet().stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public String toString() {
      return Arrays.toString(genuine) + " against " + Arrays.toString(impostor);
    }
  }

  /** Few distinct values, so that most scores tie, or many. */
  @Provide
  static Arbitrary<Scores> scores() {
    Arbitrary<Double> tied = Arbitraries.integers().between(-3, 3).map(i -> i / 4.0);
    Arbitrary<Double> fine = Arbitraries.doubles().between(-1, 1).ofScale(6);
    return Arbitraries.of(tied, fine)
        .flatMap(
            score ->
                Combinators.combine(
                        score.array(double[].class).ofMinSize(1).ofMaxSize(40),
                        score.array(double[].class).ofMinSize(1).ofMaxSize(40))
                    .as(Scores::new));
  }

  private static int atLeast(double[] values, double threshold) {
    return (int) Arrays.stream(values).filter(v -> v >= threshold).count();
  }

  @Property
  void rocAndDetHoldTheRatesAtEveryDistinctScore(@ForAll("scores") Scores scores) {
    RocCurve roc = RocCurve.of(scores.set());
    DetCurve det = DetCurve.of(roc);
    double[] thresholds = scores.distinctDescending();
    assertEquals(thresholds.length + 1, roc.points());
    assertEquals(0, roc.far(0));
    assertEquals(0, roc.tar(0));
    assertEquals(1, roc.far(roc.points() - 1));
    assertEquals(1, roc.tar(roc.points() - 1));
    for (int point = 1; point < roc.points(); point++) {
      double threshold = thresholds[point - 1];
      assertEquals(threshold, roc.threshold(point).value());
      double far = atLeast(scores.impostor, threshold) / (double) scores.impostor.length;
      double tar = atLeast(scores.genuine, threshold) / (double) scores.genuine.length;
      assertEquals(far, roc.far(point), TOLERANCE);
      assertEquals(tar, roc.tar(point), TOLERANCE);
      assertEquals(far, det.fmr(point), TOLERANCE);
      assertEquals(1 - tar, det.fnmr(point), TOLERANCE);
      assertEquals(roc.at(point), scores.set().at(roc.threshold(point)));
    }
  }

  @Property
  void areaIsTheShareOfCombinationsInOrderWithTiesCountingHalf(@ForAll("scores") Scores scores) {
    double sum = 0;
    for (double genuine : scores.genuine) {
      for (double impostor : scores.impostor) {
        sum += genuine > impostor ? 1 : genuine == impostor ? 0.5 : 0;
      }
    }
    double area = sum / ((double) scores.genuine.length * scores.impostor.length);
    RocCurve roc = RocCurve.of(scores.set());
    assertEquals(area, roc.area(), TOLERANCE);
    assertEquals(area, roc.corners().area(), TOLERANCE);
    assertTrue(roc.corners().points() <= roc.points());
  }

  @Property
  void equalErrorRateIsWhereTheBrokenLineMeetsTheDiagonal(@ForAll("scores") Scores scores) {
    double[] thresholds = scores.distinctDescending();
    double far = 0;
    double tar = 0;
    double expected = Double.NaN;
    for (double threshold : thresholds) {
      double nextFar = atLeast(scores.impostor, threshold) / (double) scores.impostor.length;
      double nextTar = atLeast(scores.genuine, threshold) / (double) scores.genuine.length;
      // Where far + s (nextFar - far) = 1 - tar - s (nextTar - tar), with s in (0, 1].
      double s = (1 - tar - far) / (nextFar - far + nextTar - tar);
      if (Double.isNaN(expected) && s <= 1 + TOLERANCE) {
        expected = far + s * (nextFar - far);
      }
      far = nextFar;
      tar = nextTar;
    }
    EqualErrorRate eer = EqualErrorRate.of(RocCurve.of(scores.set()));
    assertEquals(expected, eer.value(), TOLERANCE);
    assertTrue(Double.isFinite(eer.threshold().value()));
    assertEquals(scores.set().at(eer.threshold()).fmr(), eer.fmr());
    assertEquals(scores.set().at(eer.threshold()).fnmr(), eer.fnmr());
  }

  @Property
  void tarAtFarIsTheHighestTarThatKeepsTheRate(
      @ForAll("scores") Scores scores, @ForAll("rates") double rate) {
    // Between two neighbouring impostors nothing but TAR changes: just above each is the best.
    double threshold = Double.POSITIVE_INFINITY;
    for (double impostor : scores.impostor) {
      double candidate = Math.nextUp(impostor);
      // Both are decimals of one digit times a whole number: the margin is only for rounding.
      if (atLeast(scores.impostor, candidate) <= rate * scores.impostor.length + 1e-9) {
        threshold = Math.min(threshold, candidate);
      }
    }
    TarAtFar found = TarAtFar.at(scores.set(), new FarTarget(rate));
    assertEquals(threshold, found.threshold().value());
    assertEquals(atLeast(scores.genuine, threshold), found.trueAccepts());
    assertEquals(atLeast(scores.impostor, threshold), found.falseAccepts());
    assertTrue(found.far() <= rate + 1e-9);
  }

  @Provide
  static Arbitrary<Double> rates() {
    return Arbitraries.of(0.01, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9);
  }

  @Property(tries = 200)
  void foldsAreTestedAtTheMiddleOfTheMostAccurateThresholds(@ForAll("scores") Scores scores) {
    // Genuine and impostor pairs dealt out in turn: every fold gets both where both are enough.
    int folds = Math.min(4, Math.min(scores.genuine.length, scores.impostor.length));
    if (folds < 2) {
      return;
    }
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < scores.genuine.length; i++) {
      pairs.add(ScoredPair.anonymous(true, i % folds, new Similarity(scores.genuine[i])));
    }
    for (int i = 0; i < scores.impostor.length; i++) {
      pairs.add(ScoredPair.anonymous(false, i % folds, new Similarity(scores.impostor[i])));
    }
    KFoldAccuracy found = KFoldAccuracy.of(ScoreSet.ofPairs(pairs));
    for (int fold = 0; fold < folds; fold++) {
      int tested = fold;
      List<ScoredPair> others = pairs.stream().filter(p -> p.fold() != tested).toList();
      double[] distinct =
          others.stream().mapToDouble(p -> p.similarity().value()).sorted().distinct().toArray();
      List<Double> candidates = new ArrayList<>(List.of(distinct[0]));
      for (int i = 1; i < distinct.length; i++) {
        candidates.add((distinct[i - 1] + distinct[i]) / 2);
      }
      candidates.add(Math.nextUp(distinct[distinct.length - 1]));
      long best = candidates.stream().mapToLong(t -> right(others, t)).max().getAsLong();
      List<Double> ties = candidates.stream().filter(t -> right(others, t) == best).toList();
      KFoldAccuracy.Fold row = found.folds().get(fold);
      double threshold = ties.get(ties.size() / 2);
      assertEquals(threshold, row.threshold().value(), TOLERANCE);
      assertEquals(best / (double) others.size(), row.trainingAccuracy(), TOLERANCE);
      List<ScoredPair> own = pairs.stream().filter(p -> p.fold() == tested).toList();
      assertEquals(
          right(own, row.threshold().value()) / (double) own.size(), row.accuracy(), TOLERANCE);
    }
  }

  private static long right(List<ScoredPair> pairs, double threshold) {
    return pairs.stream().filter(p -> p.similarity().value() >= threshold == p.genuine()).count();
  }

  @Property
  void histogramHoldsEveryScoreOnce(@ForAll("scores") Scores scores) {
    ScoreHistogram histogram = ScoreHistogram.of(scores.set(), 7);
    long[] genuine = new long[7];
    for (double score : scores.genuine) {
      for (int bin = 0; bin < 7; bin++) {
        boolean last = bin == 6;
        if (score >= histogram.edge(bin)
            && (last ? score <= histogram.edge(7) : score < histogram.edge(bin + 1))) {
          genuine[bin]++;
        }
      }
    }
    assertEquals(Arrays.stream(genuine).boxed().toList(), histogram.genuine());
    assertEquals(
        scores.impostor.length, histogram.impostors().stream().mapToLong(Long::longValue).sum());
  }
}
