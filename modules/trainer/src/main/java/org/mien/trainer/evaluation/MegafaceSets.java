package org.mien.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.FoldMean;
import org.mien.eval.uncertainty.Interval;

/** Means over several sets of distractors of one size. */
final class MegafaceSets {
  private static final double CONFIDENCE = 0.95;

  private MegafaceSets() {}

  /**
   * Returns the mean of each rate over the sets, with Student's interval over them: how much the
   * draw of distractors matters. The people on the probes are the same in all sets, so it does not
   * say how other people would fare; the intervals of the single sets do.
   *
   * @param sets at least two
   */
  static Map<String, Metric> means(List<MegafaceResult> sets) {
    Map<String, Metric> means = new LinkedHashMap<>();
    for (String name : sets.get(0).metrics().keySet()) {
      if (!name.startsWith("rank") && !name.startsWith("tar@")) {
        continue;
      }
      double[] values = sets.stream().mapToDouble(set -> set.metrics().get(name).value()).toArray();
      long trials = sets.stream().mapToLong(set -> set.metrics().get(name).trials()).sum();
      FoldMean mean = FoldMean.of(values);
      Interval interval = mean.interval(CONFIDENCE);
      String note =
          "mean over "
              + sets.size()
              + " sets of distractors; the interval is Student's over the sets, of the draw of"
              + " distractors, not of other people";
      Metric metric = Metric.of(mean.mean(), trials);
      means.put(
          name,
          interval.isPoint()
              ? metric.withNote("no interval: all " + sets.size() + " sets give the same")
              : metric.withInterval(interval.low(), interval.high()).withNote(note));
    }
    return means;
  }
}
