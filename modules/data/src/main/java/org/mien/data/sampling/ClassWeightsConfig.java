package org.mien.data.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * How much the rows of each identity count in the loss, chosen by {@code type:}.
 *
 * <p>Weights are scaled so that their mean over the rows is 1, {@code sum_i n_i w_i = sum_i n_i}
 * with {@code n_i} rows of identity {@code i}: the size of a step stays what it was. (Cui et al.
 * scale to {@code sum_i w_i = C} over {@code C} classes instead, which makes steps on a lopsided
 * set smaller.)
 */
public sealed interface ClassWeightsConfig {

  /**
   * Returns the weight of each identity.
   *
   * @param counts rows of each identity, at least 1
   * @return positive, as many
   */
  default double[] weights(int[] counts) {
    double[] weights = new double[counts.length];
    double sum = 0;
    long rows = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 1) {
        throw new IllegalArgumentException(
            "expected at least one row of identity " + i + ", was " + counts[i]);
      }
      weights[i] = relativeWeight(counts[i]);
      sum += weights[i] * counts[i];
      rows += counts[i];
    }
    double scale = rows / sum;
    return Arrays.stream(weights).map(weight -> weight * scale).toArray();
  }

  /** Returns the weight of an identity of so many rows, up to a common factor. */
  double relativeWeight(int count);

  /** Every row counts the same. */
  @TypeName("none")
  record None() implements ClassWeightsConfig {
    @Override
    public double[] weights(int[] counts) {
      return IntStream.range(0, counts.length).mapToDouble(i -> 1).toArray();
    }

    @Override
    public double relativeWeight(int count) {
      return 1;
    }
  }

  /** Every identity counts the same: {@code w_i} proportional to {@code 1 / n_i}. */
  @TypeName("inverse")
  record Inverse() implements ClassWeightsConfig {
    @Override
    public double relativeWeight(int count) {
      return 1.0 / count;
    }
  }

  /**
   * One over the effective number of rows: {@code w_i} proportional to {@code (1 - beta) / (1 -
   * beta^n_i)} (Cui et al. 2019, "Class-Balanced Loss Based on Effective Number of Samples",
   * equations 2 and 4). Beta 0 is no weighting, beta towards 1 the inverse count.
   *
   * @param beta (N - 1) / N for a set in which N images of an identity say all there is to say
   */
  @TypeName("effective-number")
  record EffectiveNumber(
      @Setting(
              value = "(N - 1) / N, where N images of an identity say all there is to say.",
              defaultValue = "0.99",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double beta)
      implements ClassWeightsConfig {
    public EffectiveNumber {
      if (!(beta >= 0 && beta < 1)) {
        throw new IllegalArgumentException("expected beta in [0, 1), was " + beta);
      }
    }

    @Override
    public double relativeWeight(int count) {
      // 1 - beta^n without the loss of digits that it has for beta near 1.
      return (1 - beta) / -StrictMath.expm1(count * StrictMath.log(beta));
    }
  }
}
