package org.mien.eval.identification;

import java.util.List;
import java.util.stream.DoubleStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.uncertainty.IdentityBootstrap;

/**
 * What a run of MegaFace is to report.
 *
 * @param ranks at which the CMC is reported with intervals, ascending, from 1
 * @param targets false accept rates at which TAR is reported. The impostor scores above the highest
 *     are kept: 8 bytes for each that it allows, 28 MB at 1e-3 of 3.5 billion
 * @param maximalRank the CMC is exact up to this rank; a lower one makes the search faster for
 *     networks that place mates far back; {@link Integer#MAX_VALUE} for all
 * @param replicates of the bootstrap over the probes' people, at least 2
 * @param threads of the search, at least 1
 */
public record MegafaceOptions(
    List<Integer> ranks, List<FarTarget> targets, int maximalRank, int replicates, int threads) {
  public MegafaceOptions {
    ranks = List.copyOf(ranks);
    targets = List.copyOf(targets);
    IdentificationOptions.requireRanks(ranks);
    if (!ranks.isEmpty() && ranks.get(ranks.size() - 1) > maximalRank) {
      throw new IllegalArgumentException(
          "ranks " + ranks + " exceed the maximal rank " + maximalRank);
    }
    if (maximalRank < 1 || replicates < 2 || threads < 1) {
      throw new IllegalArgumentException(
          String.format(
              "expected a maximal rank of at least 1, 2 replicates and 1 thread, were %d, %d, %d",
              maximalRank, replicates, threads));
    }
  }

  /** Ranks 1, 10, 100 and 1,000; TAR at FAR 1e-3 to 1e-6; all ranks; all processors. */
  public static MegafaceOptions defaults() {
    return new MegafaceOptions(
        List.of(1, 10, 100, 1000),
        DoubleStream.of(1e-3, 1e-4, 1e-5, 1e-6).mapToObj(FarTarget::new).toList(),
        Integer.MAX_VALUE,
        IdentityBootstrap.DEFAULT_REPLICATES,
        Runtime.getRuntime().availableProcessors());
  }

  /** Returns these options with another number of replicates. */
  public MegafaceOptions withReplicates(int number) {
    return new MegafaceOptions(ranks, targets, maximalRank, number, threads);
  }
}
