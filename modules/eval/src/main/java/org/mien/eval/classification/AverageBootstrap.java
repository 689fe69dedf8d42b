package org.mien.eval.classification;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.mien.eval.uncertainty.Interval;

/**
 * Intervals of averaged precision, recall and F1 by resampling images.
 *
 * <p>The identities are fixed, their images are the sample: each replicate draws for every identity
 * as many of its images as there are, with replacement, so that supports and with them the weights
 * stay as they are.
 */
final class AverageBootstrap {
  private static final int REPLICATES = 1000;

  private AverageBootstrap() {}

  /** Intervals of the figures under one way of averaging. */
  record Averaged(Spread precision, Spread recall, Spread f1) {}

  record Intervals(Averaged macro, Averaged weighted, Spread balancedAccuracy) {}

  /**
   * How a figure spreads over the replicates.
   *
   * @param interval of percentiles
   * @param median of the replicates
   */
  record Spread(Interval interval, double median) {
    static Spread of(double[] replicates, double confidence) {
      double[] ascending = replicates.clone();
      Arrays.sort(ascending);
      int middle = ascending.length / 2;
      return new Spread(
          Interval.percentile(replicates, confidence),
          ascending.length % 2 == 1
              ? ascending[middle]
              : (ascending[middle - 1] + ascending[middle]) / 2);
    }
  }

  static Intervals run(
      int[] actual, int[] predicted, int identities, double confidence, SplittableRandom random) {
    // Images ordered by identity: those of identity i stand from start[i] to start[i + 1].
    int[] start = new int[identities + 1];
    for (int identity : actual) {
      start[identity + 1]++;
    }
    for (int identity = 0; identity < identities; identity++) {
      start[identity + 1] += start[identity];
    }
    int[] next = start.clone();
    int[] orderedActual = new int[actual.length];
    int[] orderedPredicted = new int[actual.length];
    for (int row = 0; row < actual.length; row++) {
      int place = next[actual[row]]++;
      orderedActual[place] = actual[row];
      orderedPredicted[place] = predicted[row];
    }
    // A seed for each replicate: the result does not depend on the number of threads.
    long[] seeds = new long[REPLICATES];
    for (int replicate = 0; replicate < REPLICATES; replicate++) {
      seeds[replicate] = random.nextLong();
    }
    List<Replicate> drawn =
        IntStream.range(0, REPLICATES)
            .parallel()
            .mapToObj(
                replicate -> {
                  int[] sample =
                      draw(start, orderedPredicted, new SplittableRandom(seeds[replicate]));
                  ConfusionMatrix confusion = ConfusionMatrix.of(orderedActual, sample, identities);
                  return new Replicate(
                      confusion.macro(), confusion.weighted(), confusion.balancedAccuracy());
                })
            .toList();
    return new Intervals(
        intervals(drawn, Replicate::macro, confidence),
        intervals(drawn, Replicate::weighted, confidence),
        Spread.of(drawn.stream().mapToDouble(Replicate::balancedAccuracy).toArray(), confidence));
  }

  private record Replicate(
      ConfusionMatrix.Averages macro, ConfusionMatrix.Averages weighted, double balancedAccuracy) {}

  private static int[] draw(int[] start, int[] predicted, SplittableRandom random) {
    int[] sample = new int[predicted.length];
    for (int identity = 0; identity < start.length - 1; identity++) {
      for (int place = start[identity]; place < start[identity + 1]; place++) {
        sample[place] = predicted[random.nextInt(start[identity], start[identity + 1])];
      }
    }
    return sample;
  }

  private static Averaged intervals(
      List<Replicate> drawn,
      Function<Replicate, ConfusionMatrix.Averages> average,
      double confidence) {
    return new Averaged(
        interval(drawn, average, ConfusionMatrix.Averages::precision, confidence),
        interval(drawn, average, ConfusionMatrix.Averages::recall, confidence),
        interval(drawn, average, ConfusionMatrix.Averages::f1, confidence));
  }

  private static Spread interval(
      List<Replicate> drawn,
      Function<Replicate, ConfusionMatrix.Averages> average,
      ToDoubleFunction<ConfusionMatrix.Averages> figure,
      double confidence) {
    return Spread.of(drawn.stream().map(average).mapToDouble(figure).toArray(), confidence);
  }
}
