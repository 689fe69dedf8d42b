package org.mien.trainer.head;

import org.mien.trainer.loop.TrainingEngine.MiniBatch;

/** The head and Adam in double precision, written as plainly as can be. */
final class DoubleHead {
  private final int features;
  private final int dimension;
  private final int identities;
  private final double length;
  private final double[] parameters;
  private final double[] first;
  private final double[] second;

  /**
   * @param start weights {@code (dimension, features)}, biases, weights {@code (identities,
   *     dimension)}, biases
   */
  DoubleHead(int features, int dimension, int identities, double length, float[] start) {
    this.features = features;
    this.dimension = dimension;
    this.identities = identities;
    this.length = length;
    parameters = new double[start.length];
    for (int i = 0; i < start.length; i++) {
      parameters[i] = start[i];
    }
    first = new double[start.length];
    second = new double[start.length];
  }

  double step(MiniBatch batch, double rate, int done) {
    int b1 = dimension * features;
    int w2 = b1 + dimension;
    int b2 = w2 + identities * dimension;
    double[] gradient = new double[parameters.length];
    int count = batch.labels().length;
    double loss = 0;
    for (int row = 0; row < count; row++) {
      double[] x = new double[features];
      double norm = 0;
      for (int j = 0; j < features; j++) {
        x[j] = batch.rows()[row * features + j];
        norm += x[j] * x[j];
      }
      for (int j = 0; j < features; j++) {
        x[j] *= Math.sqrt(features / norm);
      }
      double[] h = new double[dimension];
      double squares = 0;
      for (int i = 0; i < dimension; i++) {
        h[i] = parameters[b1 + i];
        for (int j = 0; j < features; j++) {
          h[i] += parameters[i * features + j] * x[j];
        }
        squares += h[i] * h[i];
      }
      double scale = length / Math.sqrt(squares);
      double[] z = new double[identities];
      double total = 0;
      for (int c = 0; c < identities; c++) {
        z[c] = parameters[b2 + c];
        for (int i = 0; i < dimension; i++) {
          z[c] += parameters[w2 + c * dimension + i] * scale * h[i];
        }
        total += Math.exp(z[c]);
      }
      loss += Math.log(total) - z[batch.labels()[row]];
      double[] de = new double[dimension];
      double along = 0;
      for (int c = 0; c < identities; c++) {
        double g = (Math.exp(z[c]) / total - (c == batch.labels()[row] ? 1 : 0)) / count;
        gradient[b2 + c] += g;
        for (int i = 0; i < dimension; i++) {
          gradient[w2 + c * dimension + i] += g * scale * h[i];
          de[i] += g * parameters[w2 + c * dimension + i];
        }
      }
      for (int i = 0; i < dimension; i++) {
        along += de[i] * h[i] / squares;
      }
      for (int i = 0; i < dimension; i++) {
        double dh = scale * (de[i] - along * h[i]);
        gradient[b1 + i] += dh;
        for (int j = 0; j < features; j++) {
          gradient[i * features + j] += dh * x[j];
        }
      }
    }
    double t = done + 1.0;
    double corrected = rate * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
    for (int i = 0; i < parameters.length; i++) {
      first[i] = 0.9 * first[i] + 0.1 * gradient[i];
      second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
      parameters[i] -= corrected * first[i] / (Math.sqrt(second[i]) + 1e-8);
    }
    return loss / count;
  }
}
