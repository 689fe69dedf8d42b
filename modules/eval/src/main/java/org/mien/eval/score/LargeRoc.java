package org.mien.eval.score;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The ROC curve of a {@link LargeScoreSet}: some two thousand of its points, each exact, closest
 * where FAR is low; and the figures of all its points.
 *
 * @param points from the strictest to the loosest: the first accepts nothing; the last accepts
 *     everything, or is the loosest that is known
 * @param area under the whole curve by the trapezoid rule, ties counting one half; empty where not
 *     all impostors are known
 * @param equalErrorRate on the line between the two points around it, as in {@link
 *     OperatingPoint#equalErrorRate}; empty where it lies beyond the impostors that are known
 */
public record LargeRoc(
    List<OperatingPoint> points, OptionalDouble area, OptionalDouble equalErrorRate) {
  /** The next point kept has at least this many times the false accepts of the last. */
  private static final double STEP = 1.02;

  /** Or this share of the genuine pairs more. */
  private static final double RISE = 1e-3;

  public LargeRoc {
    points = List.copyOf(points);
  }

  /** Counts the curve in one pass over the sorted scores. */
  public static LargeRoc of(LargeScoreSet scores) {
    Pass pass = new Pass(scores);
    scores.forEachPoint(pass::visit);
    return pass.end();
  }

  private static final class Pass {
    private final boolean complete;
    private final long genuine;
    private final long impostors;
    private final List<OperatingPoint> points = new ArrayList<>();
    private boolean lastKept = true;
    private float lastThreshold = Float.POSITIVE_INFINITY;
    private long lastGenuine;
    private long lastImpostors;
    private long keptGenuine;
    private long keptImpostors;
    private double area;
    private double equalErrorRate = Double.NaN;

    Pass(LargeScoreSet scores) {
      this.complete = scores.isComplete();
      this.genuine = scores.genuineCount();
      this.impostors = scores.impostorCount();
      points.add(new OperatingPoint(new Similarity(lastThreshold), 0, 1));
    }

    void visit(float threshold, long genuineAccepted, long impostorsAccepted) {
      area += (impostorsAccepted - lastImpostors) * (double) (genuineAccepted + lastGenuine) / 2;
      double far = impostorsAccepted / (double) impostors;
      double frr = (genuine - genuineAccepted) / (double) genuine;
      boolean crosses = Double.isNaN(equalErrorRate) && far >= frr;
      boolean keep =
          (impostorsAccepted > keptImpostors && impostorsAccepted >= keptImpostors * STEP)
              || genuineAccepted - keptGenuine >= Math.max(1, genuine * RISE);
      // An object for each of 100 million points would cost more than all else.
      if (crosses) {
        OperatingPoint before =
            new OperatingPoint(
                new Similarity(lastThreshold),
                lastImpostors / (double) impostors,
                (genuine - lastGenuine) / (double) genuine);
        OperatingPoint here = new OperatingPoint(new Similarity(threshold), far, frr);
        equalErrorRate = OperatingPoint.equalErrorRate(before, here);
      }
      lastKept = keep;
      lastThreshold = threshold;
      lastGenuine = genuineAccepted;
      lastImpostors = impostorsAccepted;
      if (keep) {
        points.add(new OperatingPoint(new Similarity(threshold), far, frr));
        keptGenuine = genuineAccepted;
        keptImpostors = impostorsAccepted;
      }
    }

    LargeRoc end() {
      if (!lastKept) {
        points.add(
            new OperatingPoint(
                new Similarity(lastThreshold),
                lastImpostors / (double) impostors,
                (genuine - lastGenuine) / (double) genuine));
      }
      return new LargeRoc(
          points,
          complete ? OptionalDouble.of(area / genuine / impostors) : OptionalDouble.empty(),
          Double.isNaN(equalErrorRate)
              ? OptionalDouble.empty()
              : OptionalDouble.of(equalErrorRate));
    }
  }
}
