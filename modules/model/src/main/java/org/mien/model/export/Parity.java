package org.mien.model.export;

import java.util.Locale;
import java.util.Optional;

/**
 * How far two embedders differ on the same images.
 *
 * @param images number of images compared
 * @param largestAbsoluteDifference largest difference of one number; NaN if a vector is not finite
 * @param largestRelativeDifference the same, each vector's relative to its largest magnitude
 * @param smallestCosine smallest cosine between the two vectors of an image
 * @param tolerance largest relative difference allowed
 * @param leastCosine smallest cosine allowed, where that counts instead of the difference: for
 *     vectors that are not meant to be the same number for number
 * @param passed whether the largest relative difference, or the cosine, is within what is allowed
 */
public record Parity(
    int images,
    double largestAbsoluteDifference,
    double largestRelativeDifference,
    double smallestCosine,
    double tolerance,
    Optional<Double> leastCosine,
    boolean passed) {

  /** The same comparison, judged by the cosine alone. */
  public Parity judgedByCosine(double least) {
    return new Parity(
        images,
        largestAbsoluteDifference,
        largestRelativeDifference,
        smallestCosine,
        tolerance,
        Optional.of(least),
        // NaN fails.
        smallestCosine >= least);
  }

  /** One sentence for reports and errors. */
  public String describe() {
    if (leastCosine.isPresent()) {
      return String.format(
          Locale.ROOT,
          "%d images: smallest cosine %.4f (%.2f at least); largest difference %.3g of the largest"
              + " value: %s",
          images,
          smallestCosine,
          leastCosine.get(),
          largestRelativeDifference,
          passed ? "passed" : "failed");
    }
    return String.format(
        Locale.ROOT,
        "%d images: largest difference %.3g (%.3g of the largest value, %.3g allowed), smallest"
            + " cosine %.9f: %s",
        images,
        largestAbsoluteDifference,
        largestRelativeDifference,
        tolerance,
        smallestCosine,
        passed ? "passed" : "failed");
  }
}
