package org.mien.eval.identification;

import java.util.Optional;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.Interval;

/**
 * The false negative identification rate at a false positive identification rate.
 *
 * @param target the FPIR asked for
 * @param threshold a probe is positive where its similarity is at least this
 * @param falsePositives non-mated probes that are positive
 * @param nonMated all non-mated probes
 * @param found mated probes whose mate is positive and at the rank asked for or better
 * @param mated all mated probes
 * @param fnirInterval of FNIR at 95 %, the threshold being chosen anew in each replicate
 * @param warning where there are too few non-mated probes for the target
 */
public record OpenSetPoint(
    FarTarget target,
    Similarity threshold,
    long falsePositives,
    long nonMated,
    long found,
    long mated,
    Interval fnirInterval,
    Optional<String> warning) {

  /** Returns the false negative identification rate, {@code 1 - found / mated}. */
  public double fnir() {
    return (mated - found) / (double) mated;
  }

  /** Returns the false positive identification rate that the threshold really has. */
  public double fpir() {
    return falsePositives / (double) nonMated;
  }
}
