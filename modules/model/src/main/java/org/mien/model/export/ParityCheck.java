package org.mien.model.export;

import java.util.Optional;
import org.mien.model.embed.Embedder;

/** Runs two embedders on the same images and says how far apart they are. */
public final class ParityCheck {
  private ParityCheck() {}

  /**
   * Compares vectors of the same images.
   *
   * @param expected the reference
   * @param actual what is to be the same
   * @param images {@code (count, 3, height, width)} preprocessed pixels, real ones
   * @param count number of images, at least 1
   * @param tolerance largest difference allowed, relative to each vector's largest magnitude
   * @throws IllegalArgumentException if the two do not give vectors of one length from images of
   *     one size
   */
  public static Parity compare(
      Embedder expected, Embedder actual, float[] images, int count, double tolerance) {
    if (expected.preprocessing().imageLength() != actual.preprocessing().imageLength()
        || expected.dimension() != actual.dimension()) {
      throw new IllegalArgumentException(
          String.format(
              "expected the same images and dimension, was %s to %d and %s to %d",
              expected.preprocessing().describe(),
              expected.dimension(),
              actual.preprocessing().describe(),
              actual.dimension()));
    }
    return compare(
        expected.embed(images, count),
        actual.embed(images, count),
        expected.dimension(),
        tolerance);
  }

  /**
   * Compares rows of vectors.
   *
   * @param expected {@code (rows, dimension)}
   * @param actual {@code (rows, dimension)}
   */
  public static Parity compare(float[] expected, float[] actual, int dimension, double tolerance) {
    if (expected.length != actual.length
        || expected.length == 0
        || expected.length % dimension != 0) {
      throw new IllegalArgumentException(
          String.format(
              "expected two equal numbers of rows of %d, was %d and %d numbers",
              dimension, expected.length, actual.length));
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("expected a tolerance of at least 0, was " + tolerance);
    }
    double absolute = 0;
    double relative = 0;
    double cosine = 1;
    for (int row = 0; row < expected.length; row += dimension) {
      double difference = 0;
      double scale = 0;
      double dot = 0;
      double normExpected = 0;
      double normActual = 0;
      for (int i = row; i < row + dimension; i++) {
        double a = expected[i];
        double b = actual[i];
        // Math.max passes NaN on, so that nothing compares well with a broken vector.
        difference = Math.max(difference, Math.abs(a - b));
        scale = Math.max(scale, Math.abs(a));
        dot += a * b;
        normExpected += a * a;
        normActual += b * b;
      }
      absolute = Math.max(absolute, difference);
      // A reference of zeros has no scale: 0/0 fails, as it should.
      relative = Math.max(relative, difference / scale);
      cosine = Math.min(cosine, dot / Math.sqrt(normExpected * normActual));
    }
    return new Parity(
        expected.length / dimension,
        absolute,
        relative,
        cosine,
        tolerance,
        Optional.empty(),
        relative <= tolerance);
  }
}
