package org.mien.trainer.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.random.SeedStreams;

final class SampledIdentitiesTest {
  private static final SeedStreams SEEDS = new SeedStreams(3);

  @ParameterizedTest
  @CsvSource({"100, 0.1, 10", "100, 0.93, 93", "64, 1.0, 64", "1000, 0.0001, 4", "129, 0.6, 78"})
  void asManyAsAskedForWithTheBatchAmongThem(int identities, double share, int expected) {
    int[] labels = {7, 0, 63, 7, 5};
    int[] chosen = new SampledIdentities(identities, share, SEEDS).of(labels, 12);
    assertEquals(expected, chosen.length);
    for (int i = 1; i < chosen.length; i++) {
      assertTrue(chosen[i] > chosen[i - 1], Arrays.toString(chosen));
    }
    assertTrue(chosen[chosen.length - 1] < identities);
    for (int label : labels) {
      assertTrue(Arrays.binarySearch(chosen, label) >= 0, label + " is missing");
    }
  }

  @Test
  void theSampleIsAFunctionOfSeedAndStepAndCoversEverybodyInTime() {
    SampledIdentities sampled = new SampledIdentities(200, 0.2, SEEDS);
    int[] labels = {3};
    assertArrayEquals(sampled.of(labels, 5), sampled.of(labels, 5));
    assertFalse(Arrays.equals(sampled.of(labels, 5), sampled.of(labels, 6)));
    boolean[] seen = new boolean[200];
    for (int step = 0; step < 100; step++) {
      for (int identity : sampled.of(labels, step)) {
        seen[identity] = true;
      }
    }
    for (boolean one : seen) {
      assertTrue(one);
    }
  }
}
