package org.mien.eval.comparison;

import java.util.List;
import java.util.stream.DoubleStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.uncertainty.IdentityBootstrap;

/**
 * What a comparison is to report.
 *
 * @param targets the false accept rates at which TAR is compared, without repetition
 * @param replicates replicates of the bootstrap over identities, at least 2
 */
public record ComparisonOptions(List<FarTarget> targets, int replicates) {
  public ComparisonOptions {
    targets = List.copyOf(targets);
    if (targets.stream().distinct().count() != targets.size()) {
      throw new IllegalArgumentException("a FAR target is given twice in " + targets);
    }
    if (replicates < 2) {
      throw new IllegalArgumentException("expected at least 2 replicates, were " + replicates);
    }
  }

  /** TAR at FAR 1e-1, 1e-2 and 1e-3; 1000 replicates. */
  public static ComparisonOptions defaults() {
    return new ComparisonOptions(
        DoubleStream.of(1e-1, 1e-2, 1e-3).mapToObj(FarTarget::new).toList(),
        IdentityBootstrap.DEFAULT_REPLICATES);
  }
}
