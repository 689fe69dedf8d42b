package org.mien.eval.classification;

import java.util.Arrays;
import org.mien.core.error.DataException;

/**
 * The baseline a trained head has to reach: no training, only a mean for each identity.
 *
 * <p>Every feature is scaled to length 1; the centroid of an identity is the mean of its training
 * features, scaled to length 1 again; an image is given to the identity whose centroid has the
 * highest cosine with its feature, the first of equals.
 */
public final class NearestCentroid {
  private final double[][] centroids;
  private final int dimension;

  private NearestCentroid(double[][] centroids, int dimension) {
    this.centroids = centroids;
    this.dimension = dimension;
  }

  /**
   * Computes the centroids.
   *
   * @param features {@code (images, dimension)} of the training images
   * @param labels identity of each, in [0, identities)
   * @param identities how many identities there are; each needs an image
   * @throws DataException if a feature is zero or not finite (naming the row), or an identity has
   *     no image or a mean of zero
   * @throws IllegalArgumentException if the sizes do not fit, naming the row
   */
  public static NearestCentroid of(float[][] features, int[] labels, int identities) {
    if (features.length != labels.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "expected a label for each feature and at least one, were "
              + features.length
              + " features and "
              + labels.length
              + " labels");
    }
    int dimension = features[0].length;
    double[][] centroids = new double[identities][dimension];
    int[] images = new int[identities];
    for (int row = 0; row < features.length; row++) {
      ConfusionMatrix.requireIdentity("training", labels[row], row, identities);
      double[] unit = unit(features[row], dimension, "training", row);
      images[labels[row]]++;
      for (int i = 0; i < dimension; i++) {
        centroids[labels[row]][i] += unit[i];
      }
    }
    for (int identity = 0; identity < identities; identity++) {
      if (images[identity] == 0) {
        throw new DataException(
            "identity " + identity + ": expected a training image for its centroid, found none");
      }
      if (!normalize(centroids[identity])) {
        throw new DataException(
            "identity " + identity + ": the mean of its features is zero and has no direction");
      }
    }
    return new NearestCentroid(centroids, dimension);
  }

  /**
   * Returns the identity of each feature.
   *
   * @param features {@code (images, dimension)}
   * @throws DataException if a feature is zero or not finite, naming the row
   */
  public int[] predict(float[][] features) {
    int[] predictions = new int[features.length];
    for (int row = 0; row < features.length; row++) {
      double[] unit = unit(features[row], dimension, "test", row);
      double best = Double.NEGATIVE_INFINITY;
      for (int identity = 0; identity < centroids.length; identity++) {
        double cosine = 0;
        double[] centroid = centroids[identity];
        for (int i = 0; i < dimension; i++) {
          cosine += unit[i] * centroid[i];
        }
        if (cosine > best) {
          best = cosine;
          predictions[row] = identity;
        }
      }
    }
    return predictions;
  }

  private static double[] unit(float[] feature, int dimension, String kind, int row) {
    if (feature.length != dimension) {
      throw new IllegalArgumentException(
          kind + " row " + row + ": expected " + dimension + " values, were " + feature.length);
    }
    double[] unit = new double[dimension];
    Arrays.setAll(unit, i -> feature[i]);
    if (!normalize(unit)) {
      throw new DataException(kind + " row " + row + ": the feature is zero or not finite");
    }
    return unit;
  }

  /** Scales to length 1 in place; returns false where there is no direction. */
  private static boolean normalize(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    if (!(squares > 0) || Double.isInfinite(squares)) {
      return false;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return true;
  }
}
