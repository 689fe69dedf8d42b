package org.mien.eval.calibration;

import org.mien.core.error.DataException;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;

/**
 * A straight line from similarity to log likelihood ratio, {@code llr = intercept + slope *
 * similarity}: two numbers, which a few hundred pairs determine.
 *
 * <p>They are learned by logistic regression in which genuine and impostor pairs have half of the
 * weight each, so that the line holds for even odds and is the log likelihood ratio itself (Brümmer
 * and du Preez 2006, section 6). As Platt ("Probabilistic outputs for support vector machines",
 * 1999) the targets are {@code (G + 1) / (G + 2)} for the G genuine pairs and {@code 1 / (I + 2)}
 * for the I impostors, not 1 and 0: without it, scores that separate perfectly would give an
 * infinite slope.
 *
 * @param intercept finite
 * @param slope positive and finite
 * @param genuine genuine pairs it was learned from
 * @param impostors impostor pairs it was learned from
 */
public record LogisticCalibration(double intercept, double slope, long genuine, long impostors)
    implements ScoreCalibration {
  private static final int MAXIMAL_STEPS = 200;

  public LogisticCalibration {
    if (!Double.isFinite(intercept) || !(slope > 0 && slope < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "expected a finite intercept and a positive slope, were " + intercept + " and " + slope);
    }
  }

  /**
   * Learns the line by Newton's method.
   *
   * @throws DataException if genuine scores are not higher than impostor scores
   */
  public static LogisticCalibration of(ScoreSet scores) {
    double[] genuine = scores.genuineAscending();
    double[] impostors = scores.impostorsAscending();
    // Centred and scaled, the Hessian is well conditioned whatever the unit of the scores.
    double meanGenuine = mean(genuine);
    double meanImpostor = mean(impostors);
    if (!(meanGenuine > meanImpostor)) {
      throw new DataException(
          "expected genuine scores above impostor scores, found means of "
              + meanGenuine
              + " and "
              + meanImpostor
              + "; are these distances?");
    }
    double centre = meanGenuine / 2 + meanImpostor / 2;
    double scale = meanGenuine - meanImpostor;
    double[] x = new double[genuine.length + impostors.length];
    double[] target = new double[x.length];
    double[] weight = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      boolean same = i < genuine.length;
      double score = same ? genuine[i] : impostors[i - genuine.length];
      x[i] = (score - centre) / scale;
      target[i] =
          same ? (genuine.length + 1.0) / (genuine.length + 2.0) : 1 / (impostors.length + 2.0);
      weight[i] = 0.5 / (same ? genuine.length : impostors.length);
    }
    double a = 0;
    double b = 0;
    double loss = loss(x, target, weight, a, b);
    for (int step = 0; step < MAXIMAL_STEPS; step++) {
      double gradientA = 0;
      double gradientB = 0;
      double aa = 0;
      double ab = 0;
      double bb = 0;
      for (int i = 0; i < x.length; i++) {
        double p = 1 / (1 + Math.exp(-(a + b * x[i])));
        double residual = weight[i] * (p - target[i]);
        double curvature = weight[i] * p * (1 - p);
        gradientA += residual;
        gradientB += residual * x[i];
        aa += curvature;
        ab += curvature * x[i];
        bb += curvature * x[i] * x[i];
      }
      double determinant = aa * bb - ab * ab;
      double stepA = (bb * gradientA - ab * gradientB) / determinant;
      double stepB = (aa * gradientB - ab * gradientA) / determinant;
      double share = 1;
      double next = loss(x, target, weight, a - stepA, b - stepB);
      while (!(next <= loss) && share > 1e-10) {
        share /= 2;
        next = loss(x, target, weight, a - share * stepA, b - share * stepB);
      }
      a -= share * stepA;
      b -= share * stepB;
      loss = next;
      if (Math.abs(stepA) + Math.abs(stepB) < 1e-12 * (1 + Math.abs(a) + Math.abs(b))) {
        break;
      }
    }
    return new LogisticCalibration(
        a - b * centre / scale, b / scale, genuine.length, impostors.length);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double loss(double[] x, double[] target, double[] weight, double a, double b) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double z = a + b * x[i];
      sum += weight[i] * (LogLikelihoodRatioCost.softplus(z) - target[i] * z);
    }
    return sum;
  }

  @Override
  public double logLikelihoodRatio(Similarity similarity) {
    return intercept + slope * similarity.value();
  }
}
