package org.mien.eval.identification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.protocol.MegafaceList;
import org.mien.eval.Failure;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.FarTarget;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.Grid;

final class MegafaceEvaluationTest {
  private static final int DIMENSION = 10;

  private static MegafaceOptions options(int maximalRank, double... rates) {
    return new MegafaceOptions(
        List.of(1, 2, 5),
        Arrays.stream(rates).mapToObj(FarTarget::new).toList(),
        maximalRank,
        20,
        2);
  }

  @Test
  void everyFigureIsThatOfAllPairsComparedOneByOne() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      int people = 2 + random.nextInt(4);
      List<String> identities = new ArrayList<>();
      for (int person = 0; person < people; person++) {
        for (int image = 2 + random.nextInt(3); image > 0; image--) {
          identities.add("person " + person);
        }
      }
      int distractors = 5 + random.nextInt(700);
      float[] probes = Grid.rows(identities.size(), DIMENSION, random);
      float[] others = Grid.rows(distractors, DIMENSION, random);
      MegafaceTrial trial =
          MegafaceTrial.raw(
              new LabelledRows(EmbeddingRows.of("probe", DIMENSION, probes), identities),
              EmbeddingRows.of("distractor", DIMENSION, others));
      int maximalRank = round % 2 == 0 ? Integer.MAX_VALUE : 5;
      MegafaceResult result =
          MegafaceEvaluation.evaluate(
              trial, options(maximalRank, 0.01, 0.1), Progress.silent(), new SplittableRandom(1));

      long trials = 0;
      long[] within = new long[6];
      List<Float> genuine = new ArrayList<>();
      for (int j = 0; j < identities.size(); j++) {
        for (int i = 0; i < identities.size(); i++) {
          if (i != j && identities.get(i).equals(identities.get(j))) {
            float mate = Grid.cosine(probes, i, probes, j, DIMENSION);
            float[] scores = new float[distractors];
            for (int d = 0; d < distractors; d++) {
              scores[d] = Grid.cosine(others, d, probes, j, DIMENSION);
            }
            Arrays.sort(scores);
            for (int k = 1; k <= 5; k++) {
              within[k] += mate >= scores[distractors - k] ? 1 : 0;
            }
            genuine.add(mate);
            trials++;
          }
        }
      }
      assertEquals(trials, result.matePairs(), String.format("seed %d", seed));
      for (CmcPoint point : result.cmc()) {
        assertEquals(
            within[point.rank()] / (double) trials,
            point.rate(),
            String.format("seed %d rank %d", seed, point.rank()));
        assertEquals(point.rate(), result.file().recallAtRank(point.rank()));
      }
      float[] impostors = new float[identities.size() * distractors];
      for (int j = 0; j < identities.size(); j++) {
        for (int d = 0; d < distractors; d++) {
          impostors[j * distractors + d] = Grid.cosine(others, d, probes, j, DIMENSION);
        }
      }
      Arrays.sort(impostors);
      for (AcceptedAtFar point : result.operatingPoints()) {
        int allowed = (int) point.target().allowedFalseAccepts(impostors.length);
        float refused = impostors[impostors.length - 1 - allowed];
        long accepted = genuine.stream().filter(one -> one > refused).count();
        assertEquals(accepted, point.trueAccepts(), String.format("seed %d", seed));
        assertEquals(
            accepted / (double) trials,
            result.metrics().get("tar@far=" + point.target().label()).value());
        assertEquals(point.tar(), result.file().tprAtFpr(point.far()), 1e-12);
      }
    }
  }

  /** Two people on the axes; distractors between them. */
  private static final float[] PROBES = {1, 0, 0.8f, 0.6f, 0, 1, 0.6f, 0.8f};

  private static final List<String> PEOPLE = List.of("a", "a", "b", "b");

  private static MegafaceTrial byHand(float... distractors) {
    return MegafaceTrial.raw(
        new LabelledRows(EmbeddingRows.of("probe", 2, PROBES), PEOPLE),
        EmbeddingRows.of("distractor", 2, distractors));
  }

  @Test
  void aDistractorAsSimilarAsTheMateDoesNotPushItBack() {
    // Mates of a and of b are at 0.8. The distractor (0.8, 0.6) is at 0.8 of (1, 0): a tie. It is
    // at 1 of (0.8, 0.6), whose mate (1, 0) it beats, and at 0.96 of (0.6, 0.8), whose mate too.
    MegafaceResult result =
        MegafaceEvaluation.evaluate(
            byHand(0.8f, 0.6f), options(9, 0.3), Progress.silent(), new SplittableRandom(1));
    // Of (0, 1) it is at 0.6: right. So two of four trials are right.
    assertEquals(0.5, result.metrics().get("rank1").value());
    assertEquals(1.0, result.metrics().get("rank2").value());
    assertEquals(4, result.impostorPairs());
    assertEquals(2, result.people());
  }

  @Test
  void theKitsResultFileIsWrittenAndReadBack(@TempDir Path folder) {
    MegafaceResult result =
        MegafaceEvaluation.evaluate(
            byHand(0.8f, 0.6f, -1, 0), options(9, 0.3), Progress.silent(), new SplittableRandom(1));
    MegafaceResultFile.Name name =
        new MegafaceResultFile.Name("facescrub", "mobilefacenet_512", 10, 1);
    Path file = result.file().write(folder, name);
    assertEquals(
        "cmc_facescrub_megaface_mobilefacenet_512_10_1.json", file.getFileName().toString());
    assertEquals(name, MegafaceResultFile.Name.of(file));
    MegafaceResultFile read = MegafaceResultFile.read(file);
    assertEquals(result.file(), read);
    assertEquals(0.0, read.cmc().get(0).get(0));
    assertEquals(0.5, read.recallAtRank(1));
    assertEquals(1.0, read.recallAtRank(1000));
  }

  @Test
  void resultFilesThatAreNotTwoCurvesAreRefused(@TempDir Path folder) throws Exception {
    String[][] cases = {
      {"{\"roc\": [[0], [0]]}", "cmc"},
      {"{\"roc\": [[0, 1], [0]], \"cmc\": [[0], [1]]}", "two lists"},
      {"{\"roc\": [[0], [0]], \"cmc\": [[0, 1], [0.5, 1.5]]}", "cmc point 1"},
      {"{\"roc\": [[0.5, 0.1], [0, 1]], \"cmc\": [[0], [1]]}", "roc point 1"},
      {"{\"roc\": [[null], [0]], \"cmc\": [[0], [1]]}", "roc"},
    };
    for (String[] one : cases) {
      Path file = Files.writeString(folder.resolve("one.json"), one[0]);
      Failure.says(DataException.class, one[1], () -> MegafaceResultFile.read(file));
    }
    Failure.says(
        DataException.class,
        "ALGORITHM_SIZE_SET",
        () -> MegafaceResultFile.Name.of(folder.resolve("result.json")));
  }

  @Test
  void aPersonOfOneImageIsNamed() {
    Failure.says(
        DataException.class,
        "probe 1 (probe 1) is the only image of b",
        () ->
            MegafaceTrial.raw(
                new LabelledRows(
                    EmbeddingRows.of("probe", 1, new float[] {1, 1, 1}), List.of("a", "b", "a")),
                EmbeddingRows.of("distractor", 1, new float[] {1})));
    Failure.says(
        DataException.class,
        "0 distractors",
        () ->
            MegafaceTrial.raw(
                new LabelledRows(EmbeddingRows.of("probe", 2, PROBES), PEOPLE),
                EmbeddingRows.of("distractor", 2, new float[0])));
  }

  @Test
  void leftOutNoiseTakesTrialsAwayAndReplacedNoiseKeepsThem() {
    float[] probes = {1, 0, 0.8f, 0.6f, 0, -1, 0, 1, 0.6f, 0.8f, 1, 0};
    List<String> people = List.of("a", "a", "a", "b", "b", "c");
    LabelledRows rows = new LabelledRows(EmbeddingRows.of("probe", 2, probes), people);
    LabelledRows known = new LabelledRows(rows.rows().select(0, 1, 2, 3, 4), people.subList(0, 5));
    EmbeddingRows distractors = EmbeddingRows.of("distractor", 2, new float[] {0.8f, 0.6f, -1, 0});
    BitSet noisyProbes = BitSet.valueOf(new long[] {1 << 2});
    BitSet noisyDistractors = BitSet.valueOf(new long[] {1});
    MegafaceTrial leftOut =
        MegafaceTrial.cleaned(
            known,
            distractors,
            MegafaceCleaning.LEFT_OUT,
            noisyProbes,
            noisyDistractors,
            new SeedStreams(1));
    assertEquals(PEOPLE, leftOut.probes().identities());
    assertEquals(1, leftOut.distractorCount());
    MegafaceTrial replaced =
        MegafaceTrial.cleaned(
            known,
            distractors,
            MegafaceCleaning.REPLACED,
            noisyProbes,
            noisyDistractors,
            new SeedStreams(1));
    assertEquals(5, replaced.probes().size());
    assertEquals(2, replaced.distractorCount());
    float[] centre = new float[2];
    replaced.probes().rows().read(2, 1, centre);
    assertEquals(0.9, centre[0], 0.00101);
    assertEquals(0.3, centre[1], 0.00101);
    MegafaceResult result =
        MegafaceEvaluation.evaluate(
            replaced, options(9, 0.6), Progress.silent(), new SplittableRandom(1));
    assertEquals(8, result.matePairs());
    assertEquals(10, result.impostorPairs());
    assertEquals(1.0, result.metrics().get("rank1").value());
    // A person left with one image goes, too.
    MegafaceTrial smaller =
        MegafaceTrial.cleaned(
            known,
            distractors,
            MegafaceCleaning.LEFT_OUT,
            BitSet.valueOf(new long[] {1 << 3}),
            new BitSet(),
            new SeedStreams(1));
    assertEquals(List.of("a", "a", "a"), smaller.probes().identities());
  }

  @Test
  void noisesAreFoundByPathOrFileNameInBothStyles() {
    MegafaceList list =
        new MegafaceList(
            List.of("Ann_A/Ann_A_1.png", "Ann_A/Ann_A_2.png", "Bo/Bo_3.png"), Optional.empty());
    BitSet noisy = MegafaceTrial.noisyRows(list, Set.of("Ann A/Ann A_2.jpg", "Bo_3.png"));
    assertEquals(BitSet.valueOf(new long[] {6}), noisy);
  }

  /**
   * Mates of a are at 0.8, those of b at -0.6. The clean distractor (0, -1) is at -0.6 of (0.8,
   * 0.6), at 0 of (1, 0), at -1 and 0.6 of b's images; the noisy one is at 0 of everything.
   */
  @Test
  void aZeroVectorStandsInTheWayOfMatesBelowZero() {
    float[] probes = {1, 0, 0.8f, 0.6f, 0, 1, 0.8f, -0.6f};
    LabelledRows known = new LabelledRows(EmbeddingRows.of("probe", 2, probes), PEOPLE);
    EmbeddingRows distractors = EmbeddingRows.of("distractor", 2, new float[] {0, -1, 0.8f, 0.6f});
    BitSet second = BitSet.valueOf(new long[] {2});
    MegafaceTrial zeroed =
        MegafaceTrial.cleaned(
            known, distractors, MegafaceCleaning.ZEROED, new BitSet(), second, new SeedStreams(1));
    assertEquals(2, zeroed.distractorCount());
    MegafaceResult result =
        MegafaceEvaluation.evaluate(
            zeroed, options(9, 0.25, 0.5), Progress.silent(), new SplittableRandom(1));
    // (0, 1), whose mate is at -0.6: the zero vector is before it, (0, -1) is not. (0.8, -0.6),
    // whose mate is the same: both are.
    assertEquals(0.5, result.metrics().get("rank1").value());
    assertEquals(0.75, result.metrics().get("rank2").value());
    assertEquals(1, result.metrics().get("rank5").value());
    // Impostors: 0.6, 0, 0, 0, 0, 0, -0.6, -1. Two of 8 may be accepted, but five are equal.
    assertEquals(8, result.impostorPairs());
    assertEquals(Math.nextUp(0.0f), result.operatingPoints().get(0).threshold().value());
    assertEquals(1, result.operatingPoints().get(0).falseAccepts());
    assertEquals(0.5, result.metrics().get("tar@far=2.5e-1").value());
    // With zero vectors never similar, b's first image is found at rank 1.
    MegafaceTrial replaced =
        MegafaceTrial.cleaned(
            known,
            distractors,
            MegafaceCleaning.REPLACED,
            new BitSet(),
            second,
            new SeedStreams(1));
    assertEquals(
        0.75,
        MegafaceEvaluation.evaluate(
                replaced, options(9, 0.25), Progress.silent(), new SplittableRandom(1))
            .metrics()
            .get("rank1")
            .value());
  }

  @Test
  void aZeroedProbeIsTheVeryCentreOfItsPerson() {
    float[] probes = {1, 0, 0.8f, 0.6f, 0, -1, 0, 1, 0.6f, 0.8f};
    LabelledRows known =
        new LabelledRows(EmbeddingRows.of("probe", 2, probes), List.of("a", "a", "a", "b", "b"));
    MegafaceTrial zeroed =
        MegafaceTrial.cleaned(
            known,
            EmbeddingRows.of("distractor", 2, new float[] {-1, 0}),
            MegafaceCleaning.ZEROED,
            BitSet.valueOf(new long[] {1 << 2}),
            new BitSet(),
            new SeedStreams(1));
    float[] centre = new float[2];
    zeroed.probes().rows().read(2, 1, centre);
    assertEquals(0.9f, centre[0], 1e-6);
    assertEquals(0.3f, centre[1], 1e-6);
  }
}
