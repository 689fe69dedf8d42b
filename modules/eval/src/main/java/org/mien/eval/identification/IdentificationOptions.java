package org.mien.eval.identification;

import java.util.List;
import java.util.stream.DoubleStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.uncertainty.IdentityBootstrap;

/**
 * What an identification is to report.
 *
 * @param ranks at which the CMC is reported with intervals, ascending, each at least 1
 * @param fpirTargets false positive identification rates at which FNIR is reported, each once
 * @param fpirRule how the threshold of each is chosen
 * @param openSetRank a mated probe is found where its mate is positive and at this rank or better
 * @param replicates of the bootstrap over the identities of the probes, at least 2
 */
public record IdentificationOptions(
    List<Integer> ranks,
    List<FarTarget> fpirTargets,
    FpirRule fpirRule,
    int openSetRank,
    int replicates) {
  public IdentificationOptions {
    ranks = List.copyOf(ranks);
    fpirTargets = List.copyOf(fpirTargets);
    requireRanks(ranks);
    if (fpirTargets.stream().distinct().count() != fpirTargets.size()) {
      throw new IllegalArgumentException("an FPIR target is given twice in " + fpirTargets);
    }
    if (openSetRank < 1 || replicates < 2) {
      throw new IllegalArgumentException(
          "expected a rank of at least 1 and 2 replicates, were "
              + openSetRank
              + " and "
              + replicates);
    }
  }

  static void requireRanks(List<Integer> ranks) {
    for (int i = 0; i < ranks.size(); i++) {
      if (ranks.get(i) < (i == 0 ? 1 : ranks.get(i - 1) + 1)) {
        throw new IllegalArgumentException("expected ascending ranks from 1, were " + ranks);
      }
    }
  }

  /** Ranks 1, 5, 10, 20 and 50; FNIR at rank 1 and FPIR 1e-1, 1e-2 and 1e-3; 1,000 replicates. */
  public static IdentificationOptions defaults() {
    return new IdentificationOptions(
        List.of(1, 5, 10, 20, 50),
        DoubleStream.of(1e-1, 1e-2, 1e-3).mapToObj(FarTarget::new).toList(),
        FpirRule.AT_MOST,
        1,
        IdentityBootstrap.DEFAULT_REPLICATES);
  }

  /** Returns these options with another rule for thresholds. */
  public IdentificationOptions withFpirRule(FpirRule rule) {
    return new IdentificationOptions(ranks, fpirTargets, rule, openSetRank, replicates);
  }

  /** Returns these options with another number of replicates. */
  public IdentificationOptions withReplicates(int number) {
    return new IdentificationOptions(ranks, fpirTargets, fpirRule, openSetRank, number);
  }

  /** Returns these options with other targets. */
  public IdentificationOptions withFpirTargets(List<FarTarget> targets) {
    return new IdentificationOptions(ranks, targets, fpirRule, openSetRank, replicates);
  }

  /** Returns these options with other ranks. */
  public IdentificationOptions withRanks(List<Integer> others) {
    return new IdentificationOptions(others, fpirTargets, fpirRule, openSetRank, replicates);
  }
}
