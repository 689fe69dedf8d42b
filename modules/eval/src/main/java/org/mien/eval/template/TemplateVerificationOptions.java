package org.mien.eval.template;

import java.util.List;
import java.util.stream.DoubleStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.uncertainty.IdentityBootstrap;

/**
 * What a comparison of templates is to report.
 *
 * @param targets false accept rates at which TAR is reported
 * @param withNearest whether TAR is reported by {@code FarRule.NEAREST}, too
 * @param replicates of the bootstrap over identities, at least 2
 * @param threads at least 1
 */
public record TemplateVerificationOptions(
    List<FarTarget> targets, boolean withNearest, int replicates, int threads) {
  public TemplateVerificationOptions {
    targets = List.copyOf(targets);
    if (targets.stream().distinct().count() != targets.size()) {
      throw new IllegalArgumentException("a FAR target is given twice in " + targets);
    }
    if (replicates < 2 || threads < 1) {
      throw new IllegalArgumentException(
          "expected at least 2 replicates and 1 thread, were " + replicates + " and " + threads);
    }
  }

  /** Returns these options with another number of replicates. */
  public TemplateVerificationOptions withReplicates(int number) {
    return new TemplateVerificationOptions(targets, withNearest, number, threads);
  }

  /** TAR at FAR 1e-1 to 1e-6 by both rules; all processors. */
  public static TemplateVerificationOptions defaults() {
    return new TemplateVerificationOptions(
        DoubleStream.of(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6).mapToObj(FarTarget::new).toList(),
        true,
        IdentityBootstrap.DEFAULT_REPLICATES,
        Runtime.getRuntime().availableProcessors());
  }
}
