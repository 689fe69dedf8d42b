package org.mien.eval.verification;

import java.util.List;
import java.util.stream.DoubleStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.IdentityBootstrap;

/**
 * What a verification is to report.
 *
 * @param targets the false accept rates at which TAR is reported, without repetition
 * @param replicates replicates of the bootstrap over identities, at least 2
 * @param histogramBins bins of the score histogram, at least 1
 * @param decisionThreshold a threshold chosen on other data, at which accuracy, FMR and FNMR are
 *     reported; or null
 */
public record VerificationOptions(
    List<FarTarget> targets, int replicates, int histogramBins, Similarity decisionThreshold) {
  public VerificationOptions {
    targets = List.copyOf(targets);
    if (targets.stream().distinct().count() != targets.size()) {
      throw new IllegalArgumentException("a FAR target is given twice in " + targets);
    }
    if (replicates < 2 || histogramBins < 1) {
      throw new IllegalArgumentException(
          "expected at least 2 replicates and 1 bin, were " + replicates + " and " + histogramBins);
    }
  }

  /** TAR at FAR 1e-1, 1e-2 and so on to 1e-6; 1000 replicates; 50 bins; no threshold. */
  public static VerificationOptions defaults() {
    return new VerificationOptions(
        DoubleStream.of(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6).mapToObj(FarTarget::new).toList(),
        IdentityBootstrap.DEFAULT_REPLICATES,
        50,
        null);
  }

  /** Returns these options with other targets. */
  public VerificationOptions withTargets(List<FarTarget> newTargets) {
    return new VerificationOptions(newTargets, replicates, histogramBins, decisionThreshold);
  }

  /** Returns these options with a threshold chosen on other data. */
  public VerificationOptions withDecisionThreshold(Similarity threshold) {
    return new VerificationOptions(targets, replicates, histogramBins, threshold);
  }
}
