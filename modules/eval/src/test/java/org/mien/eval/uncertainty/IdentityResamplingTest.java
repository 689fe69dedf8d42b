package org.mien.eval.uncertainty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

class IdentityResamplingTest {
  private static ScoredPair pair(String a, String b) {
    return new ScoredPair(a, b, a.equals(b), ScoredPair.NO_FOLD, new Similarity(0));
  }

  @Test
  void aGenuinePairCountsOnceADrawAndAnImpostorPairTheProductOfBoth() {
    IdentityResampling resampling =
        IdentityResampling.ofPairs(List.of(pair("A", "A"), pair("A", "B"), pair("C", "B")));
    assertEquals(3, resampling.identities());
    assertArrayEquals(new int[] {2, 6, 0}, resampling.weights(new int[] {2, 3, 0}));
  }

  @Test
  void imagesOfOneIdentityAreDrawnTogether() {
    IdentityResampling resampling = IdentityResampling.ofImages(List.of("A", "B", "A"));
    assertArrayEquals(new int[] {2, 1, 2}, resampling.weights(new int[] {2, 1}));
    assertEquals(2, resampling.identities());
    assertEquals(3, resampling.trials());
  }

  @Test
  void everyReplicateDrawsAsManyAsThereAre() {
    Replicates replicates =
        IdentityResampling.ofIndependent(50)
            .run(
                30,
                new SplittableRandom(1),
                weights -> new double[] {Arrays.stream(weights).sum(), weights[0]});
    assertEquals(2, replicates.figures());
    assertTrue(Arrays.stream(replicates.values(0)).allMatch(sum -> sum == 50));
    assertTrue(Arrays.stream(replicates.values(1)).distinct().count() > 1, "draws differ");
  }

  @Test
  void aFigureThatIsSeldomDefinedHasNoInterval() {
    Replicates replicates =
        IdentityResampling.ofIndependent(4)
            .run(
                400,
                new SplittableRandom(2),
                // The first of four is missed by about a third of the draws.
                weights -> new double[] {weights[0] == 0 ? Double.NaN : weights[0], weights[1]});
    assertEquals(Optional.empty(), replicates.interval(0, 0.95));
    assertEquals(0, replicates.interval(1, 0.95).orElseThrow().low());
  }

  @Test
  void givesUpWhereNoDrawHasFigures() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                IdentityResampling.ofIndependent(3)
                    .run(2, new SplittableRandom(1), weights -> null));
    assertTrue(e.getMessage().contains("3 identities"), e.getMessage());
  }

  @Test
  void errorsNameTheRow() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                IdentityResampling.ofPairs(
                    List.of(pair("A", "B"), ScoredPair.anonymous(true, 0, new Similarity(0)))));
    assertTrue(e.getMessage().startsWith("pair 1: "), e.getMessage());
    e =
        assertThrows(
            DataException.class, () -> IdentityResampling.ofImages(Arrays.asList("A", "B", null)));
    assertTrue(e.getMessage().startsWith("row 2: "), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            IdentityResampling.ofIndependent(3)
                .run(1, new SplittableRandom(1), weights -> new double[0]));
  }
}
