package org.mien.model.export;

import java.util.Locale;

/**
 * How far two embedders differ on the same images.
 *
 * @param images number of images compared
 * @param largestAbsoluteDifference largest difference of one number; NaN if a vector is not finite
 * @param largestRelativeDifference the same, each vector's relative to its largest magnitude
 * @param smallestCosine smallest cosine between the two vectors of an image
 * @param tolerance largest relative difference allowed
 * @param passed whether the largest relative difference is within the tolerance
 */
public record Parity(
    int images,
    double largestAbsoluteDifference,
    double largestRelativeDifference,
    double smallestCosine,
    double tolerance,
    boolean passed) {

  /** One sentence for reports and errors. */
  public String describe() {
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
