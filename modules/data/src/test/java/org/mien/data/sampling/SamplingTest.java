package org.mien.data.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;
import org.mien.testing.DataFolder;

final class SamplingTest {
  record Recipe(
      @Setting("Sampling.") List<SamplingConfig> sampling,
      @Setting("Weights.") List<ClassWeightsConfig> classWeights) {}

  private static Recipe samples() {
    return ConfigLoader.parse(
            """
            sampling:
              - {type: shuffled}
              - {type: identity-balanced, identitiesPerBatch: 3, imagesPerIdentity: 4}
              - {type: over-sampling, toFraction: 0.5}
              - {type: under-sampling, maximumPerIdentity: 5}
            classWeights:
              - {type: none}
              - {type: inverse}
              - {type: effective-number, beta: 0.9}
            """,
            "recipe.yaml",
            Recipe.class,
            List.of(),
            Map.of())
        .value();
  }

  /** Few identities with very different numbers of images: 1 to 3, and now and then hundreds. */
  @Provide
  Arbitrary<int[]> counts() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 3)),
            net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(4, 300)))
        .array(int[].class)
        .ofMinSize(3)
        .ofMaxSize(12);
  }

  /** So many rows of each label, mixed. */
  private static int[] labels(int[] counts, long seed) {
    int[] labels =
        IntStream.range(0, counts.length)
            .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
            .toArray();
    SeedStreams.shuffle(labels, new SplittableRandom(seed));
    return labels;
  }

  private static int[] timesOf(int[] order, int rows) {
    int[] times = new int[rows];
    for (int row : order) {
      times[row]++;
    }
    return times;
  }

  @Test
  void everyVariantHasASampleAndARowInTheDocumentation() throws java.io.IOException {
    Set<Class<?>> sampled = new HashSet<>();
    samples().sampling().forEach(variant -> sampled.add(variant.getClass()));
    samples().classWeights().forEach(variant -> sampled.add(variant.getClass()));
    Set<Class<?>> all = new HashSet<>(Set.of(SamplingConfig.class.getPermittedSubclasses()));
    all.addAll(Set.of(ClassWeightsConfig.class.getPermittedSubclasses()));
    assertEquals(all, sampled);
    String page =
        Files.readString(DataFolder.projectRoot().resolve("docs/augmentation-and-sampling.md"));
    for (Class<?> variant : sampled) {
      String type = variant.getAnnotation(TypeName.class).value();
      assertTrue(page.contains("| `" + type + "` |"), "no row for " + type);
    }
  }

  @Property(tries = 100)
  void everyOrderIsAPureFunctionOfSeedAndEpochWithOneLength(
      @ForAll("counts") int[] counts,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 99) int epoch) {
    int[] labels = labels(counts, seed);
    SeedStreams seeds = new SeedStreams(seed);
    for (SamplingConfig sampling : samples().sampling()) {
      int[] order = sampling.order(labels, epoch, seeds);
      assertArrayEquals(order, sampling.order(labels.clone(), epoch, new SeedStreams(seed)));
      assertEquals(order.length, sampling.order(labels, epoch + 1, seeds).length);
      for (int row : order) {
        assertTrue(row >= 0 && row < labels.length);
      }
      if (labels.length > 50) {
        assertFalse(Arrays.equals(order, sampling.order(labels, epoch + 1, seeds)));
        assertFalse(Arrays.equals(order, sampling.order(labels, epoch, new SeedStreams(seed + 1))));
      }
    }
  }

  @Test
  void shuffledIsTheOrderThatTrainingAlwaysHad() {
    SeedStreams seeds = new SeedStreams(20261124);
    int[] expected = IntStream.range(0, 100).toArray();
    SeedStreams.shuffle(expected, seeds.stream("training/order", 7));
    assertArrayEquals(expected, new ShuffledConfig().order(new int[100], 7, seeds));
  }

  @Property(tries = 300)
  void everyBatchHasExactlyItsIdentitiesAndImagesAndAllAreVisitedEvenly(
      @ForAll("counts") int[] counts,
      @ForAll @IntRange(min = 2, max = 5) int identities,
      @ForAll @IntRange(min = 1, max = 7) int images,
      @ForAll long seed) {
    int[] labels = labels(counts, seed);
    IdentityBalancedConfig sampling = new IdentityBalancedConfig(identities, images);
    if (identities > counts.length) {
      assertThrows(ConfigException.class, () -> sampling.order(labels, 1, new SeedStreams(seed)));
      return;
    }
    int[] order = sampling.order(labels, 3, new SeedStreams(seed));
    int batch = identities * images;
    assertEquals((labels.length + batch - 1) / batch * batch, order.length);
    int[] visits = new int[counts.length];
    for (int at = 0; at < order.length; at += batch) {
      Set<Integer> seen = new HashSet<>();
      for (int i = 0; i < identities; i++) {
        int from = at + i * images;
        int label = labels[order[from]];
        assertTrue(seen.add(label), "an identity comes twice in a batch");
        visits[label]++;
        Set<Integer> rows = new HashSet<>();
        for (int k = 0; k < images; k++) {
          assertEquals(label, labels[order[from + k]]);
          rows.add(order[from + k]);
        }
        assertEquals(Math.min(images, counts[label]), rows.size());
      }
    }
    assertTrue(
        Arrays.stream(visits).max().orElseThrow() - Arrays.stream(visits).min().orElseThrow() <= 1,
        Arrays.toString(visits));
    int[] times = timesOf(order, labels.length);
    for (int label = 0; label < counts.length; label++) {
      int wanted = label;
      int[] ofIdentity =
          IntStream.range(0, labels.length)
              .filter(row -> labels[row] == wanted)
              .map(row -> times[row])
              .toArray();
      assertTrue(
          Arrays.stream(ofIdentity).max().orElseThrow()
                  - Arrays.stream(ofIdentity).min().orElseThrow()
              <= 1,
          "images of one identity: " + Arrays.toString(ofIdentity));
    }
  }

  @Property(tries = 200)
  void overSamplingBringsEveryIdentityToTheTargetAndNoneLosesAnImage(
      @ForAll("counts") int[] counts,
      @ForAll @DoubleRange(min = 0.01, max = 1) double fraction,
      @ForAll long seed) {
    int[] labels = labels(counts, seed);
    int[] order = new OverSamplingConfig(fraction).order(labels, 2, new SeedStreams(seed));
    int target = (int) Math.ceil(fraction * Arrays.stream(counts).max().orElseThrow());
    int[] times = timesOf(order, labels.length);
    int[] after = new int[counts.length];
    for (int row = 0; row < labels.length; row++) {
      int count = counts[labels[row]];
      int least = Math.max(target, count) / count;
      assertTrue(times[row] == least || times[row] == least + 1);
      after[labels[row]] += times[row];
    }
    for (int i = 0; i < counts.length; i++) {
      assertEquals(Math.max(target, counts[i]), after[i]);
    }
  }

  @Property(tries = 200)
  void underSamplingKeepsToItsMaximumAndShowsEveryImageInTurn(
      @ForAll("counts") int[] counts,
      @ForAll @IntRange(min = 1, max = 20) int most,
      @ForAll long seed) {
    int[] labels = labels(counts, seed);
    UnderSamplingConfig sampling = new UnderSamplingConfig(most);
    int largest = Arrays.stream(counts).max().orElseThrow();
    int rounds = (largest + most - 1) / most;
    int[] total = new int[labels.length];
    for (int epoch = 5; epoch < 5 + rounds; epoch++) {
      int[] times = timesOf(sampling.order(labels, epoch, new SeedStreams(seed)), labels.length);
      int[] after = new int[counts.length];
      for (int row = 0; row < labels.length; row++) {
        assertTrue(times[row] <= 1);
        after[labels[row]] += times[row];
        total[row] += times[row];
      }
      for (int i = 0; i < counts.length; i++) {
        assertEquals(Math.min(most, counts[i]), after[i]);
      }
    }
    for (int times : total) {
      assertTrue(times >= 1, "an image was never shown in " + rounds + " epochs");
    }
  }

  @Test
  void aBatchSizeThatIsNotPTimesKIsRefused() {
    IdentityBalancedConfig sampling = new IdentityBalancedConfig(8, 4);
    sampling.requireBatchSize(32);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> sampling.requireBatchSize(64));
    assertEquals(
        "batchSize: expected 32, which is identitiesPerBatch 8 x imagesPerIdentity 4, was 64",
        e.getMessage());
    new ShuffledConfig().requireBatchSize(7);
    assertThrows(IllegalArgumentException.class, () -> new IdentityBalancedConfig(1, 4));
    assertThrows(IllegalArgumentException.class, () -> new IdentityBalancedConfig(65_536, 2));
    assertThrows(IllegalArgumentException.class, () -> new OverSamplingConfig(0));
    assertThrows(IllegalArgumentException.class, () -> new UnderSamplingConfig(0));
  }

  @Property(tries = 200)
  void weightsHaveTheMeanOneOverTheRows(@ForAll("counts") int[] counts) {
    for (ClassWeightsConfig config : samples().classWeights()) {
      double[] weights = config.weights(counts);
      double sum = 0;
      for (int i = 0; i < counts.length; i++) {
        sum += counts[i] * weights[i];
        assertTrue(weights[i] > 0);
      }
      assertEquals(Arrays.stream(counts).sum(), sum, 1e-9 * sum);
    }
  }

  @Test
  void weightsFollowTheirFormulas() {
    int[] counts = {1, 3, 6};
    assertArrayEquals(
        new double[] {10 / 3.0, 10 / 9.0, 10 / 18.0},
        new ClassWeightsConfig.Inverse().weights(counts),
        1e-12);
    assertArrayEquals(new double[] {1, 1, 1}, new ClassWeightsConfig.None().weights(counts));
    assertArrayEquals(
        new double[] {1, 1, 1}, new ClassWeightsConfig.EffectiveNumber(0).weights(counts), 1e-12);
    // Beta 0.5: effective numbers 1, 1.75 and 1.96875.
    double[] weights = new ClassWeightsConfig.EffectiveNumber(0.5).weights(counts);
    assertEquals(1.75, weights[0] / weights[1], 1e-12);
    assertEquals(1.96875, weights[0] / weights[2], 1e-12);
    assertArrayEquals(
        new ClassWeightsConfig.Inverse().weights(counts),
        new ClassWeightsConfig.EffectiveNumber(1 - 1e-12).weights(counts),
        1e-6);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ClassWeightsConfig.Inverse().weights(new int[] {2, 0}));
    assertThrows(IllegalArgumentException.class, () -> new ClassWeightsConfig.EffectiveNumber(1));
  }
}
