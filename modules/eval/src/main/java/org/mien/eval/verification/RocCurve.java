package org.mien.eval.verification;

import java.util.Arrays;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;

/**
 * The receiver operating characteristic: TAR against FAR at every distinct similarity.
 *
 * <p>Point 0 is (0, 0) with the threshold {@code +Infinity}; each further point takes the next
 * lower distinct similarity as its threshold, down to (1, 1) at the lowest. Pairs of equal
 * similarity are accepted together, so a tie of genuine and impostor pairs makes a sloping line. No
 * point is left out, as in scikit-learn's {@code roc_curve(drop_intermediate=False)}.
 */
public final class RocCurve {
  private final double[] thresholds;
  private final int[] genuineAccepted;
  private final int[] impostorsAccepted;

  private RocCurve(double[] thresholds, int[] genuineAccepted, int[] impostorsAccepted) {
    this.thresholds = thresholds;
    this.genuineAccepted = genuineAccepted;
    this.impostorsAccepted = impostorsAccepted;
  }

  /** Counts the curve's points in one pass over the sorted scores. */
  public static RocCurve of(ScoreSet scores) {
    double[] genuine = scores.genuineAscending();
    double[] impostors = scores.impostorsAscending();
    int capacity = Math.addExact(Math.addExact(genuine.length, impostors.length), 1);
    double[] thresholds = new double[capacity];
    int[] genuineAccepted = new int[capacity];
    int[] impostorsAccepted = new int[capacity];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int points = 1;
    int g = genuine.length;
    int i = impostors.length;
    while (g > 0 || i > 0) {
      double threshold =
          Math.max(
              g > 0 ? genuine[g - 1] : Double.NEGATIVE_INFINITY,
              i > 0 ? impostors[i - 1] : Double.NEGATIVE_INFINITY);
      while (g > 0 && genuine[g - 1] == threshold) {
        g--;
      }
      while (i > 0 && impostors[i - 1] == threshold) {
        i--;
      }
      thresholds[points] = threshold;
      genuineAccepted[points] = genuine.length - g;
      impostorsAccepted[points] = impostors.length - i;
      points++;
    }
    return new RocCurve(
        Arrays.copyOf(thresholds, points),
        Arrays.copyOf(genuineAccepted, points),
        Arrays.copyOf(impostorsAccepted, points));
  }

  /** Returns the number of points: one more than there are distinct similarities. */
  public int points() {
    return thresholds.length;
  }

  /** Returns the threshold of a point; {@code +Infinity} for point 0. */
  public Similarity threshold(int point) {
    return new Similarity(thresholds[point]);
  }

  /** Returns the false accept rate of a point, not falling from 0 to 1. */
  public double far(int point) {
    return impostorsAccepted[point] / (double) impostorCount();
  }

  /** Returns the true accept rate of a point, not falling from 0 to 1. */
  public double tar(int point) {
    return genuineAccepted[point] / (double) genuineCount();
  }

  /** Returns the false non-match rate of a point: not accepted by genuine pairs, {@code 1-TAR}. */
  public double fnmr(int point) {
    return (genuineCount() - genuineAccepted[point]) / (double) genuineCount();
  }

  /** Returns a point with its error rates. */
  public OperatingPoint at(int point) {
    return new OperatingPoint(threshold(point), far(point), fnmr(point));
  }

  public int genuineCount() {
    return genuineAccepted[genuineAccepted.length - 1];
  }

  public int impostorCount() {
    return impostorsAccepted[impostorsAccepted.length - 1];
  }

  /**
   * Returns the area under the curve by the trapezoid rule. It equals the share of all (genuine,
   * impostor) combinations in which the genuine similarity is higher, a tie counting one half: the
   * Mann-Whitney statistic. Computed in whole numbers and rounded once.
   */
  public double area() {
    long doubled = 0;
    for (int point = 1; point < points(); point++) {
      long width = (long) impostorsAccepted[point] - impostorsAccepted[point - 1];
      long heights = (long) genuineAccepted[point - 1] + genuineAccepted[point];
      doubled = Math.addExact(doubled, Math.multiplyExact(width, heights));
    }
    return doubled / (2.0 * genuineCount() * impostorCount());
  }

  /**
   * Returns the same curve without the points that lie inside a horizontal or vertical run, for
   * drawing: every line of the curve stays where it was, and so does the area.
   */
  public RocCurve corners() {
    int[] kept = new int[points()];
    int count = 0;
    for (int point = 0; point < points(); point++) {
      boolean inner = point > 0 && point < points() - 1;
      boolean level =
          inner
              && genuineAccepted[point - 1] == genuineAccepted[point]
              && genuineAccepted[point] == genuineAccepted[point + 1];
      boolean steep =
          inner
              && impostorsAccepted[point - 1] == impostorsAccepted[point]
              && impostorsAccepted[point] == impostorsAccepted[point + 1];
      if (!level && !steep) {
        kept[count++] = point;
      }
    }
    double[] cornerThresholds = new double[count];
    int[] cornerGenuine = new int[count];
    int[] cornerImpostors = new int[count];
    for (int corner = 0; corner < count; corner++) {
      cornerThresholds[corner] = thresholds[kept[corner]];
      cornerGenuine[corner] = genuineAccepted[kept[corner]];
      cornerImpostors[corner] = impostorsAccepted[kept[corner]];
    }
    return new RocCurve(cornerThresholds, cornerGenuine, cornerImpostors);
  }
}
