package org.mien.eval.calibration;

import java.util.Arrays;
import org.mien.eval.score.ScoreSet;

/** How many genuine and impostor pairs have each distinct similarity, ascending. */
final class DistinctScores {
  private final double[] score;
  private final double[] genuine;
  private final double[] impostors;

  private DistinctScores(double[] score, double[] genuine, double[] impostors) {
    this.score = score;
    this.genuine = genuine;
    this.impostors = impostors;
  }

  /** The similarities; not to be changed. */
  double[] score() {
    return score;
  }

  /** Genuine pairs of each; not to be changed. */
  double[] genuine() {
    return genuine;
  }

  /** Impostor pairs of each; not to be changed. */
  double[] impostors() {
    return impostors;
  }

  static DistinctScores of(ScoreSet scores) {
    double[] genuine = scores.genuineAscending();
    double[] impostors = scores.impostorsAscending();
    double[] score = new double[genuine.length + impostors.length];
    double[] genuineAt = new double[score.length];
    double[] impostorsAt = new double[score.length];
    int points = 0;
    int g = 0;
    int i = 0;
    while (g < genuine.length || i < impostors.length) {
      double lowest =
          Math.min(
              g < genuine.length ? genuine[g] : Double.POSITIVE_INFINITY,
              i < impostors.length ? impostors[i] : Double.POSITIVE_INFINITY);
      for (; g < genuine.length && genuine[g] == lowest; g++) {
        genuineAt[points]++;
      }
      for (; i < impostors.length && impostors[i] == lowest; i++) {
        impostorsAt[points]++;
      }
      score[points++] = lowest;
    }
    return new DistinctScores(
        Arrays.copyOf(score, points),
        Arrays.copyOf(genuineAt, points),
        Arrays.copyOf(impostorsAt, points));
  }
}
