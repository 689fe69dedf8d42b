package org.mien.eval.report;

import java.util.Arrays;

/**
 * t-SNE, exactly (van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 9, 2008), for the
 * few hundred points of a map. It starts from the plane of largest variance rather than at random,
 * so that the same embeddings give the same map (Kobak and Linderman, Nature Biotechnology 39,
 * 2021).
 *
 * <p>It is written here since no library fits: Deeplearning4j's BarnesHutTsne ended with
 * 1.0.0-beta7 and is not published for the version that Mien stands on, Smile is under the GPL, and
 * T-SNE-Java is not on Maven Central. For so few points the exact sums are quick, and a tree would
 * only approximate them.
 */
final class NeighbourEmbedding {
  private static final double LARGEST_PERPLEXITY = 30;
  private static final int STEPS = 500;
  private static final int EXAGGERATED_STEPS = 150;
  private static final double EXAGGERATION = 12;
  private static final int SEARCH_STEPS = 60;

  private NeighbourEmbedding() {}

  /**
   * Lays out points.
   *
   * @param points at least 3 rows of one length
   * @param start {@code [2][rows]}; is not changed
   * @return {@code [2][rows]}
   */
  static double[][] of(double[][] points, double[][] start) {
    int count = points.length;
    double[][] p =
        affinities(squaredDistances(points), Math.min(LARGEST_PERPLEXITY, (count - 1) / 3.0));
    double[][] y = new double[2][];
    for (int axis = 0; axis < 2; axis++) {
      double scale = 1e-4 / Math.max(1e-12, spread(start[0]));
      y[axis] = Arrays.stream(start[axis]).map(value -> value * scale).toArray();
    }
    double[][] velocity = new double[2][count];
    double[][] gains = new double[2][count];
    Arrays.stream(gains).forEach(row -> Arrays.fill(row, 1));
    double[][] kernel = new double[count][count];
    double rate = Math.max(count / EXAGGERATION / 4, 50);
    for (int step = 0; step < STEPS; step++) {
      double exaggeration = step < EXAGGERATED_STEPS ? EXAGGERATION : 1;
      double momentum = step < EXAGGERATED_STEPS ? 0.5 : 0.8;
      double total = 0;
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++) {
          double dx = y[0][i] - y[0][j];
          double dy = y[1][i] - y[1][j];
          kernel[i][j] = 1 / (1 + dx * dx + dy * dy);
          kernel[j][i] = kernel[i][j];
          total += 2 * kernel[i][j];
        }
      }
      double[][] gradient = new double[2][count];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          if (i != j) {
            double force = 4 * (exaggeration * p[i][j] - kernel[i][j] / total) * kernel[i][j];
            gradient[0][i] += force * (y[0][i] - y[0][j]);
            gradient[1][i] += force * (y[1][i] - y[1][j]);
          }
        }
      }
      for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < count; i++) {
          boolean turned = (gradient[axis][i] > 0) != (velocity[axis][i] > 0);
          gains[axis][i] = Math.max(0.01, turned ? gains[axis][i] + 0.2 : gains[axis][i] * 0.8);
          velocity[axis][i] =
              momentum * velocity[axis][i] - rate * gains[axis][i] * gradient[axis][i];
          y[axis][i] += velocity[axis][i];
        }
      }
    }
    return y;
  }

  private static double spread(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  private static double[][] squaredDistances(double[][] points) {
    double[][] distances = new double[points.length][points.length];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < i; j++) {
        double sum = 0;
        for (int k = 0; k < points[i].length; k++) {
          double difference = points[i][k] - points[j][k];
          sum += difference * difference;
        }
        distances[i][j] = sum;
        distances[j][i] = sum;
      }
    }
    return distances;
  }

  /** The joint probabilities: Gaussians of the width at which each point has as many neighbours. */
  private static double[][] affinities(double[][] distances, double perplexity) {
    int count = distances.length;
    double[][] conditional = new double[count][count];
    for (int i = 0; i < count; i++) {
      double low = 0;
      double high = Double.POSITIVE_INFINITY;
      double beta = 1;
      for (int step = 0; step < SEARCH_STEPS; step++) {
        if (entropy(distances[i], i, beta, conditional[i]) > Math.log(perplexity)) {
          low = beta;
          beta = Double.isInfinite(high) ? beta * 2 : (beta + high) / 2;
        } else {
          high = beta;
          beta = (beta + low) / 2;
        }
      }
    }
    double[][] joint = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        joint[i][j] = Math.max(1e-12, (conditional[i][j] + conditional[j][i]) / (2 * count));
      }
    }
    return joint;
  }

  private static double entropy(double[] distances, int self, double beta, double[] probabilities) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int j = 0; j < distances.length; j++) {
      nearest = j == self ? nearest : Math.min(nearest, distances[j]);
    }
    double total = 0;
    double weighted = 0;
    for (int j = 0; j < distances.length; j++) {
      double value = j == self ? 0 : Math.exp(-beta * (distances[j] - nearest));
      probabilities[j] = value;
      total += value;
      weighted += value * (distances[j] - nearest);
    }
    for (int j = 0; j < distances.length; j++) {
      probabilities[j] /= total;
    }
    return Math.log(total) + beta * weighted / total;
  }
}
