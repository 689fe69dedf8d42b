package org.mien.eval.calibration;

import java.util.ArrayList;
import java.util.List;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;

/**
 * A log likelihood ratio that is any function of the similarity that never falls: for thousands of
 * pairs whose scores are not those of a straight line.
 *
 * <p>Learned by pool adjacent violators, after which {@code llr = ln(g / i) - ln(G / I)} in a block
 * of {@code g} genuine and {@code i} impostor pairs (Brümmer and du Preez 2006, section 7). One
 * genuine and one impostor pair are added at each end, so that no ratio is infinite: what has not
 * been seen is not impossible (Laplace's rule, as the BOSARIS toolkit does). Between blocks the
 * ratio is read off the straight line, beyond the ends it stays as it is there.
 *
 * @param scores ascending: the lowest and the highest score of each block
 * @param ratios log likelihood ratio at each, never falling, finite
 * @param genuine genuine pairs it was learned from
 * @param impostors impostor pairs it was learned from
 */
public record IsotonicCalibration(
    List<Double> scores, List<Double> ratios, long genuine, long impostors)
    implements ScoreCalibration {

  public IsotonicCalibration {
    scores = List.copyOf(scores);
    ratios = List.copyOf(ratios);
    if (scores.isEmpty() || scores.size() != ratios.size()) {
      throw new IllegalArgumentException(
          "expected a ratio for each score and at least one, were "
              + scores.size()
              + " scores and "
              + ratios.size()
              + " ratios");
    }
    for (int i = 0; i < scores.size(); i++) {
      boolean falls =
          i > 0 && (scores.get(i) < scores.get(i - 1) || ratios.get(i) < ratios.get(i - 1));
      if (!Double.isFinite(scores.get(i)) || !Double.isFinite(ratios.get(i)) || falls) {
        throw new IllegalArgumentException(
            "point "
                + i
                + ": expected finite numbers that do not fall, were "
                + scores.get(i)
                + " and "
                + ratios.get(i));
      }
    }
  }

  /** Learns the function. */
  public static IsotonicCalibration of(ScoreSet scores) {
    DistinctScores distinct = DistinctScores.of(scores);
    int points = distinct.score().length;
    // A point more at each end for the pairs that are added.
    double[] genuine = new double[points + 2];
    double[] impostors = new double[points + 2];
    System.arraycopy(distinct.genuine(), 0, genuine, 1, points);
    System.arraycopy(distinct.impostors(), 0, impostors, 1, points);
    genuine[0] = impostors[0] = genuine[points + 1] = impostors[points + 1] = 1;
    double logOdds = Math.log((scores.genuineCount() + 2.0) / (scores.impostorCount() + 2.0));
    List<Double> knots = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (MonotoneFit.Block block : MonotoneFit.of(genuine, impostors)) {
      // A block of an added point alone has no score; the nearest one stands for it.
      double low = distinct.score()[Math.min(Math.max(block.first() - 1, 0), points - 1)];
      double high = distinct.score()[Math.min(Math.max(block.last() - 1, 0), points - 1)];
      double ratio = Math.log(block.genuine() / block.impostors()) - logOdds;
      boolean addedAlone =
          block.first() == block.last() && (block.last() == 0 || block.first() > points);
      if (!addedAlone) {
        knots.add(low);
        ratios.add(ratio);
        if (high > low) {
          knots.add(high);
          ratios.add(ratio);
        }
      }
    }
    return new IsotonicCalibration(knots, ratios, scores.genuineCount(), scores.impostorCount());
  }

  @Override
  public double logLikelihoodRatio(Similarity similarity) {
    double score = similarity.value();
    int above = 0;
    while (above < scores.size() && scores.get(above) <= score) {
      above++;
    }
    if (above == 0) {
      return ratios.get(0);
    }
    if (above == scores.size() || scores.get(above - 1) == score) {
      return ratios.get(above - 1);
    }
    double low = scores.get(above - 1);
    double share = (score - low) / (scores.get(above) - low);
    return ratios.get(above - 1) + share * (ratios.get(above) - ratios.get(above - 1));
  }
}
