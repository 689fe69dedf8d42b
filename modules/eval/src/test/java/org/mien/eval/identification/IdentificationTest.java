package org.mien.eval.identification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.eval.Failure;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.Grid;

final class IdentificationTest {
  private static LabelledRows rows(String what, List<String> who, float... values) {
    return new LabelledRows(EmbeddingRows.of(what, values.length / who.size(), values), who);
  }

  private static IdentificationScores search(
      LabelledRows gallery, LabelledRows probes, GalleryFusion fusion) {
    return IdentificationScores.of(gallery, probes, fusion, 2, Progress.silent());
  }

  /** Three people on the axes of space; the probes say how alike they are to each. */
  private static final LabelledRows AXES =
      rows("gallery", List.of("a", "b", "c"), 1, 0, 0, 0, 1, 0, 0, 0, 1);

  private static final LabelledRows PROBES =
      rows(
          "probe",
          List.of("a", "b", "c", "x", "y", "a"),
          0.8f,
          0.6f,
          0, // a: 0.8, first
          0.8f,
          0.6f,
          0, // b: 0.6, second
          0.6f,
          0,
          0.8f, // c: 0.8, first
          0,
          0.6f,
          -0.8f, // unknown, best 0.6
          0.28f,
          0.96f,
          0, // unknown, best 0.96
          0,
          0,
          1); // a: 0, tied with b behind c

  @Test
  void ranksTiesAndTheBestMatchOfATableMadeByHand() {
    IdentificationScores scores = search(AXES, PROBES, GalleryFusion.MEAN_EMBEDDING);
    assertEquals(4, scores.matedProbes());
    assertEquals(1, scores.rank(0));
    assertEquals(2, scores.rank(1));
    assertEquals(2, scores.rank(5));
    assertEquals(1, scores.ties(5));
    assertEquals("a", scores.topIdentity(1));
    assertEquals(0.96f, scores.topSimilarity(4));
    assertFalse(scores.isMated(3));
    Failure.says(DataException.class, "probe 3 shows x", scores::requireMates);
  }

  private static IdentificationOptions options(FpirRule rule) {
    return new IdentificationOptions(
        List.of(1, 2, 3), List.of(new FarTarget(0.5), new FarTarget(0.1)), rule, 1, 50);
  }

  @Test
  void ratesOfATableMadeByHand() {
    IdentificationScores scores = search(AXES, PROBES, GalleryFusion.MEAN_EMBEDDING);
    IdentificationResult result =
        IdentificationEvaluation.evaluate(
            scores, options(FpirRule.AT_MOST), new SplittableRandom(1));
    assertEquals(0.5, result.metrics().get("rank1").value());
    assertEquals(1.0, result.metrics().get("rank2").value());
    // One of the two unknown may be positive: just above 0.6. Found are a and c at 0.8.
    assertEquals(0.5, result.metrics().get("fnir@fpir=5e-1").value());
    assertEquals(Math.nextUp(0.6f), result.openSet().get(0).threshold().value());
    assertEquals(1, result.openSet().get(0).falsePositives());
    assertEquals(0.5, result.openSet().get(0).fpir());
    // None may be: just above 0.96, where nobody is found.
    assertEquals(1.0, result.metrics().get("fnir@fpir=1e-1").value());
    assertEquals(0, result.metrics().get("tpir@fpir=1e-1").value());
    assertTrue(result.metrics().get("fnir@fpir=1e-1").note().contains("too few non-mated"));
    assertEquals(1, result.tied());
    assertEquals(2, result.nonMated());
    List<OperatingPoint> curve = result.curves().get(0).points();
    assertEquals(0, curve.get(0).fmr());
    assertEquals(1.0, curve.get(0).fnmr());
    assertEquals(0.5, curve.get(1).fmr());
    assertEquals(0.5, curve.get(1).fnmr());
    assertEquals(1.0, curve.get(curve.size() - 1).fmr());
  }

  @Test
  void thePublishedRuleIsPositiveAboveTheKthHighest() {
    IdentificationScores scores = search(AXES, PROBES, GalleryFusion.MEAN_EMBEDDING);
    IdentificationResult result =
        IdentificationEvaluation.evaluate(
            scores, options(FpirRule.ABOVE_KTH), new SplittableRandom(1));
    // k = 1: above 0.96.
    assertEquals(Math.nextUp(0.96f), result.openSet().get(0).threshold().value());
    assertEquals(1.0, result.metrics().get("fnir@fpir=5e-1").value());
  }

  @Test
  void theMeanAndTheBestOfAnIdentitysImagesGiveDifferentRanks() {
    LabelledRows gallery = rows("gallery", List.of("a", "b", "a"), 1, 0, 0.8f, 0.6f, -0.6f, 0.8f);
    LabelledRows probe = rows("probe", List.of("a"), 1, 0);
    IdentificationScores best = search(gallery, probe, GalleryFusion.MAXIMUM_SIMILARITY);
    assertEquals(1, best.rank(0));
    assertEquals(1.0f, best.mateSimilarity(0));
    IdentificationScores mean = search(gallery, probe, GalleryFusion.MEAN_EMBEDDING);
    // The mean (0.4, 0.8) is at 0.4 / sqrt(0.8) = 0.447 and b at 0.8.
    assertEquals(2, mean.rank(0));
    assertEquals(0.4 / Math.sqrt(0.8), mean.mateSimilarity(0), 1e-6);
  }

  @Test
  void figuresOfRandomSearchesAreThoseOfAllPairs() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      int dimension = 9;
      int people = 3 + random.nextInt(20);
      int images = people + random.nextInt(600);
      List<String> who = new ArrayList<>();
      for (int i = 0; i < images; i++) {
        who.add("p" + (i < people ? i : random.nextInt(people)));
      }
      List<String> asked = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        asked.add("p" + random.nextInt(people + people / 2 + 1));
      }
      asked.set(0, "p0");
      asked.set(1, "nobody");
      float[] gallery = Grid.rows(images, dimension, random);
      float[] probes = Grid.rows(60, dimension, random);
      IdentificationScores scores =
          search(
              rows("gallery", who, gallery),
              rows("probe", asked, probes),
              GalleryFusion.MAXIMUM_SIMILARITY);
      int right = 0;
      int mated = 0;
      for (int p = 0; p < 60; p++) {
        int probe = p;
        double[] best = new double[people];
        Arrays.fill(best, -2);
        for (int i = 0; i < images; i++) {
          int person = Integer.parseInt(who.get(i).substring(1));
          best[person] = Math.max(best[person], Grid.cosine(gallery, i, probes, probe, dimension));
        }
        double top = Arrays.stream(best).max().getAsDouble();
        assertEquals(top, (double) scores.topSimilarity(p), String.format("seed %d", seed));
        int own = who.indexOf(asked.get(p));
        assertEquals(own >= 0, scores.isMated(p));
        if (own >= 0) {
          double mate = best[Integer.parseInt(asked.get(p).substring(1))];
          long above = Arrays.stream(best).filter(one -> one > mate).count();
          assertEquals(1 + above, (long) scores.rank(p), String.format("seed %d", seed));
          right += above == 0 ? 1 : 0;
          mated++;
        }
      }
      IdentificationResult result =
          IdentificationEvaluation.evaluate(
              scores,
              IdentificationOptions.defaults().withRanks(List.of(1)),
              new SplittableRandom(1));
      assertEquals(
          right / (double) mated, result.cmc().get(0).rate(), String.format("seed %d", seed));
    }
  }

  @Test
  void figuresOfTwoGalleriesAreTheMeansOfBoth() {
    LabelledRows first = rows("gallery", List.of("a"), 1, 0);
    LabelledRows second = rows("gallery", List.of("b"), 0, 1);
    LabelledRows probes = rows("probe", List.of("a", "a", "b"), 1, 0, 0, 1, 0.6f, 0.8f);
    List<IdentificationScores> both =
        List.of(
            search(first, probes, GalleryFusion.MEAN_EMBEDDING),
            search(second, probes, GalleryFusion.MEAN_EMBEDDING));
    IdentificationResult result =
        IdentificationEvaluation.evaluate(both, options(FpirRule.AT_MOST), new SplittableRandom(1));
    // First: above b's 0.6, a is found once of twice. Second: one of a's may be positive: above 0,
    // where b is found.
    assertEquals(0.25, result.metrics().get("fnir@fpir=5e-1").value());
    assertEquals(2, result.galleries());
    assertEquals(3, result.mated());
    assertEquals(2, result.curves().size());
  }

  @Test
  void intervalsHoldTheFigureAndDoNotDependOnLuck() {
    IdentificationScores scores = search(AXES, PROBES, GalleryFusion.MEAN_EMBEDDING);
    IdentificationResult result =
        IdentificationEvaluation.evaluate(
            scores, options(FpirRule.AT_MOST), new SplittableRandom(7));
    for (CmcPoint point : result.cmc()) {
      assertTrue(point.interval().low() <= point.rate() && point.rate() <= point.interval().high());
      assertFalse(point.interval().isPoint());
    }
    assertEquals(
        result.metrics(),
        IdentificationEvaluation.evaluate(
                scores, options(FpirRule.AT_MOST), new SplittableRandom(7))
            .metrics());
  }

  @Test
  void anEmptyGalleryAndProbesWithoutMatesAreErrors() {
    Failure.says(
        DataException.class,
        "the gallery is empty",
        () ->
            search(
                new LabelledRows(EmbeddingRows.of("gallery", 3, new float[0]), List.of()),
                PROBES,
                GalleryFusion.MEAN_EMBEDDING));
    IdentificationScores strangers =
        search(AXES, rows("probe", List.of("x"), 1, 0, 0), GalleryFusion.MAXIMUM_SIMILARITY);
    Failure.says(
        DataException.class,
        "none of the 1 probes shows one of the 3 identities",
        () ->
            IdentificationEvaluation.evaluate(
                strangers, IdentificationOptions.defaults(), new SplittableRandom(1)));
    Failure.says(
        DataException.class,
        "the mean of gallery identity a is all zeros",
        () ->
            search(
                rows("gallery", List.of("a", "a"), 1, 0, -1, 0),
                rows("probe", List.of("a"), 1, 0),
                GalleryFusion.MEAN_EMBEDDING));
    Failure.says(
        DataException.class,
        "probe 0 has NaN at position 1",
        () ->
            search(
                rows("gallery", List.of("a"), 1, 0),
                rows("probe", List.of("a"), 1, Float.NaN),
                GalleryFusion.MEAN_EMBEDDING));
  }

  @Test
  void prototypesOfPeopleApartAreAlwaysRightAndOfEqualOnesNever() {
    List<String> who = IntStream.range(0, 30).mapToObj(i -> "p" + i % 5).toList();
    float[] apart = new float[30 * 5];
    float[] equal = new float[30 * 5];
    for (int i = 0; i < 30; i++) {
      apart[i * 5 + i % 5] = 2;
      equal[i * 5] = 1;
    }
    FewShot setting = new FewShot(5, 1, 3, 20);
    FewShot.Result right = setting.evaluate(rows("face", who, apart), 20, new SeedStreams(1));
    assertEquals(1.0, right.accuracy());
    assertEquals("accuracy@5way1shot", right.name());
    assertEquals(300, right.trials());
    assertEquals(0, setting.evaluate(rows("face", who, equal), 20, new SeedStreams(1)).accuracy());
    Failure.says(
        DataException.class,
        "needs 6 identities of 4 images; 5 of 5 have them",
        () -> new FewShot(6, 1, 3, 20).evaluate(rows("face", who, apart), 20, new SeedStreams(1)));
  }

  @Test
  void guessesAmongTwoAreRightHalfOfTheTime() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> who = IntStream.range(0, 400).mapToObj(i -> "p" + i % 20).toList();
    float[] values = new float[400 * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() - 0.5f;
    }
    FewShot.Result result =
        new FewShot(2, 5, 10, 500).evaluate(rows("face", who, values), 20, new SeedStreams(9));
    assertEquals(0.5, result.accuracy(), 0.03);
    assertTrue(result.interval().low() < 0.5 && result.interval().high() > 0.47);
    Metric overIdentities = result.metrics().get("accuracy@2way5shot");
    Metric overEpisodes = result.metrics().get("accuracy@2way5shot.overEpisodes");
    assertEquals(result.accuracy(), overIdentities.value());
    assertEquals(result.interval().low(), overEpisodes.low());
    assertTrue(
        overIdentities.low() < 0.5 && overIdentities.high() > 0.47, overIdentities.toString());
    assertTrue(overIdentities.note().contains("drawn from 20 identities"));
  }
}
