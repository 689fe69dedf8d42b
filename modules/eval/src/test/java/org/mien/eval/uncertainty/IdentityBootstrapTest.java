package org.mien.eval.uncertainty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.verification.EqualErrorRate;
import org.mien.eval.verification.RocCurve;
import org.mien.eval.verification.TarAtFar;

class IdentityBootstrapTest {
  private static final List<FarTarget> TARGETS =
      List.of(new FarTarget(0.1), new FarTarget(0.01), new FarTarget(0.5));

  /**
   * Random pairs; with {@code values} of, say, 5, most similarities tie. The first two pairs make
   * sure of both kinds.
   */
  private static List<ScoredPair> pairs(Random random, int identities, int count, int values) {
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean genuine = i == 0 || (i > 1 && random.nextBoolean());
      int a = random.nextInt(identities);
      int b = genuine ? a : (a + 1 + random.nextInt(identities - 1)) % identities;
      double similarity = random.nextInt(values) / (double) values + (genuine ? 0.3 : 0);
      if (values < 100) {
        similarity = Math.round(similarity * 4) / 4.0;
      }
      pairs.add(new ScoredPair("p" + a, "p" + b, genuine, 0, new Similarity(similarity)));
    }
    return pairs;
  }

  /** The definition: every pair written out as often as it counts. */
  private static ScoreSet writtenOut(List<ScoredPair> pairs, List<String> names, int[] times) {
    List<ScoredPair> copies = new ArrayList<>();
    for (ScoredPair pair : pairs) {
      int a = times[names.indexOf(pair.identityA())];
      int b = times[names.indexOf(pair.identityB())];
      copies.addAll(Collections.nCopies(pair.genuine() ? a : a * b, pair));
    }
    return ScoreSet.ofPairs(copies);
  }

  @Property(tries = 300)
  void weightedFiguresAreThoseOfPairsWrittenOutAsOftenAsTheyCount(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int identities) {
    Random random = new Random(seed);
    int values = random.nextBoolean() ? 5 : 100_000;
    List<ScoredPair> pairs = pairs(random, identities, 2 + random.nextInt(60), values);
    List<String> names = new ArrayList<>();
    for (ScoredPair pair : pairs) {
      for (String name : List.of(pair.identityA(), pair.identityB())) {
        if (!names.contains(name)) {
          names.add(name);
        }
      }
    }
    int[] times = new int[names.size()];
    Arrays.setAll(times, i -> random.nextInt(4));
    WeightedScores.Figures found =
        WeightedScores.of(ScoreSet.ofPairs(pairs))
            .figures(IdentityResampling.ofPairs(pairs).weights(times), TARGETS);
    ScoreSet expected;
    try {
      expected = writtenOut(pairs, names, times);
    } catch (DataException oneKindOnly) {
      assertEquals(null, found);
      return;
    }
    RocCurve roc = RocCurve.of(expected);
    assertEquals(roc.area(), found.auc());
    assertEquals(EqualErrorRate.of(roc).value(), found.eer());
    assertEquals(EqualErrorRate.of(roc).threshold().value(), found.eerThreshold());
    for (int t = 0; t < TARGETS.size(); t++) {
      TarAtFar point = TarAtFar.at(expected, TARGETS.get(t));
      assertEquals(point.tar(), found.tar().get(t));
      assertEquals(point.threshold().value(), found.threshold().get(t));
    }
  }

  @Test
  void sameSeedGivesTheSameIntervals() {
    ScoreSet scores = ScoreSet.ofPairs(pairs(new Random(3), 20, 200, 1000));
    IdentityBootstrap bootstrap = IdentityBootstrap.of(scores);
    IdentityBootstrap.Intervals first = bootstrap.run(TARGETS, 200, 0.95, new SplittableRandom(7));
    assertEquals(first, bootstrap.run(TARGETS, 200, 0.95, new SplittableRandom(7)));
    assertTrue(
        !first.equals(bootstrap.run(TARGETS, 200, 0.95, new SplittableRandom(8))),
        "another seed gives others");
    assertEquals(20, first.identities());
  }

  @Test
  void intervalHoldsTheFigureAndNarrowsWithMoreIdentities() {
    double[] widths = new double[2];
    int[] identities = {20, 500};
    for (int i = 0; i < 2; i++) {
      ScoreSet scores = ScoreSet.ofPairs(pairs(new Random(5), identities[i], 2000, 100_000));
      Interval auc =
          IdentityBootstrap.of(scores).run(TARGETS, 400, 0.95, new SplittableRandom(1)).auc();
      double area = RocCurve.of(scores).area();
      assertTrue(auc.low() < area && area < auc.high(), area + " in " + auc);
      widths[i] = auc.high() - auc.low();
    }
    assertTrue(widths[1] < widths[0], Arrays.toString(widths));
  }

  /**
   * Where all pairs of an identity behave alike, the pairs are no independent evidence: 20
   * identities of 100 pairs each must leave about as much doubt as 20 pairs.
   */
  @Test
  void doesNotTakePairsOfOneIdentityForIndependentEvidence() {
    List<ScoredPair> pairs = new ArrayList<>();
    for (int identity = 0; identity < 20; identity++) {
      for (int copy = 0; copy < 100; copy++) {
        double similarity = identity < 16 ? 0.9 : 0.1;
        pairs.add(
            new ScoredPair("p" + identity, "p" + identity, true, 0, new Similarity(similarity)));
        pairs.add(
            new ScoredPair(
                "p" + identity,
                "p" + (identity + 1) % 20,
                false,
                0,
                new Similarity(0.3 + copy * 1e-4)));
      }
    }
    Interval tar =
        IdentityBootstrap.of(ScoreSet.ofPairs(pairs))
            .run(List.of(new FarTarget(0.1)), 1000, 0.95, new SplittableRandom(2))
            .tar()
            .get(new FarTarget(0.1));
    // 16 of 20 identities: the binomial interval of 20 trials is about 0.8 +- 0.18 ...
    assertTrue(tar.low() > 0.5 && tar.low() < 0.7, tar.toString());
    assertTrue(tar.high() > 0.9 && tar.high() <= 1, tar.toString());
    // ... and that of 2000 trials far too narrow.
    Interval naive = ClopperPearson.interval(1600, 2000, 0.95);
    assertTrue(tar.high() - tar.low() > 5 * (naive.high() - naive.low()));
  }

  @Test
  void aThousandReplicatesOfAllLfwPairsTakeSeconds() {
    ScoreSet scores = ScoreSet.ofPairs(pairs(new Random(9), 4281, 6000, 1_000_000));
    IdentityBootstrap bootstrap = IdentityBootstrap.of(scores);
    long start = System.nanoTime();
    // Half a second on two free cores; the bound leaves room for a busy machine.
    assertTimeout(
        Duration.ofSeconds(15), () -> bootstrap.run(TARGETS, 1000, 0.95, new SplittableRandom(1)));
    System.out.printf("1000 replicates of 6000 pairs: %.2f s%n", (System.nanoTime() - start) / 1e9);
  }

  @Test
  void needsIdentities() {
    ScoreSet scores = ScoreSet.ofSimilarities(new double[] {1}, new double[] {0});
    assertThrows(DataException.class, () -> IdentityBootstrap.of(scores));
  }

  @Test
  void drawsAgainWhereAReplicateLacksOneKind() {
    // Two identities: half of the draws are one of them twice, without an impostor pair.
    List<ScoredPair> pairs =
        List.of(
            new ScoredPair("A", "A", true, 0, new Similarity(0.9)),
            new ScoredPair("B", "B", true, 0, new Similarity(0.2)),
            new ScoredPair("A", "B", false, 0, new Similarity(0.5)));
    IdentityBootstrap.Intervals found =
        IdentityBootstrap.of(ScoreSet.ofPairs(pairs))
            .run(List.of(), 50, 0.95, new SplittableRandom(4));
    assertEquals(new Interval(0.5, 0.5, 0.95), found.auc());
    assertTrue(found.auc().isPoint());
  }

  @Test
  void percentilesAreInterpolatedBetweenOrderStatistics() {
    double[] replicates = {4, 1, 3, 2, 5};
    // Ranks 0.4 and 3.6 of 0 to 4.
    assertEquals(1.4, Interval.percentile(replicates, 0.8).low(), 1e-12);
    assertEquals(4.6, Interval.percentile(replicates, 0.8).high(), 1e-12);
  }
}
