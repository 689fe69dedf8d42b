package org.mien.eval.identification;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.Similarity;

/**
 * The probes of one gallery, sorted once, for figures under many weightings of their identities.
 */
final class GalleryCounts {
  private final IdentificationOptions options;

  private final int[] rank;
  private final float[] mateSimilarity;
  private final int[] mateIdentity;

  /** Descending. */
  private final float[] nonMatedTop;

  private final int[] nonMatedIdentity;
  private final long tied;

  GalleryCounts(
      IdentificationScores scores, Map<String, Integer> identities, IdentificationOptions options) {
    this.options = options;
    int mated = scores.matedProbes();
    rank = new int[mated];
    mateSimilarity = new float[mated];
    mateIdentity = new int[mated];
    Integer[] others = new Integer[scores.probes() - mated];
    int m = 0;
    int n = 0;
    long ties = 0;
    for (int probe = 0; probe < scores.probes(); probe++) {
      if (scores.isMated(probe)) {
        rank[m] = scores.rank(probe);
        mateSimilarity[m] = scores.mateSimilarity(probe);
        mateIdentity[m++] = identities.get(scores.identity(probe));
        ties += scores.ties(probe) > 0 ? 1 : 0;
      } else {
        others[n++] = probe;
      }
    }
    tied = ties;
    Arrays.sort(
        others, Comparator.comparing((Integer probe) -> scores.topSimilarity(probe)).reversed());
    nonMatedTop = new float[n];
    nonMatedIdentity = new int[n];
    for (int i = 0; i < n; i++) {
      nonMatedTop[i] = scores.topSimilarity(others[i]);
      nonMatedIdentity[i] = identities.get(scores.identity(others[i]));
    }
  }

  long mated() {
    return rank.length;
  }

  long nonMated() {
    return nonMatedTop.length;
  }

  long tied() {
    return tied;
  }

  long falsePositives(Similarity threshold) {
    long count = 0;
    for (float top : nonMatedTop) {
      count += top >= threshold.value() ? 1 : 0;
    }
    return count;
  }

  long found(Similarity threshold) {
    long count = 0;
    for (int probe = 0; probe < rank.length; probe++) {
      if (rank[probe] <= options.openSetRank() && mateSimilarity[probe] >= threshold.value()) {
        count++;
      }
    }
    return count;
  }

  OpenSetCurve curve() {
    float[] found = new float[rank.length];
    int count = 0;
    for (int probe = 0; probe < rank.length; probe++) {
      if (rank[probe] <= options.openSetRank()) {
        found[count++] = mateSimilarity[probe];
      }
    }
    return OpenSetCurve.of(nonMatedTop, Arrays.copyOf(found, count), rank.length);
  }

  /**
   * Returns the rate at each rank, then FNIR and threshold at each target; or null where no mated,
   * or no non-mated probe has any weight.
   */
  double[] figures(int[] multiplicity, boolean open) {
    List<Integer> ranks = options.ranks();
    List<FarTarget> targets = open ? options.fpirTargets() : List.of();
    double[] figures = new double[ranks.size() + 2 * targets.size()];
    long mated = 0;
    long[] hits = new long[ranks.size()];
    for (int probe = 0; probe < rank.length; probe++) {
      int weight = multiplicity[mateIdentity[probe]];
      mated += weight;
      for (int r = ranks.size() - 1; r >= 0 && rank[probe] <= ranks.get(r); r--) {
        hits[r] += weight;
      }
    }
    long nonMated = 0;
    for (int identity : nonMatedIdentity) {
      nonMated += multiplicity[identity];
    }
    if (mated == 0 || (open && nonMated == 0)) {
      return null;
    }
    for (int r = 0; r < hits.length; r++) {
      figures[r] = hits[r] / (double) mated;
    }
    for (int t = 0; t < targets.size(); t++) {
      float threshold = threshold(targets.get(t).allowedFalseAccepts(nonMated), multiplicity);
      long found = 0;
      for (int probe = 0; probe < rank.length; probe++) {
        if (rank[probe] <= options.openSetRank() && mateSimilarity[probe] >= threshold) {
          found += multiplicity[mateIdentity[probe]];
        }
      }
      figures[ranks.size() + 2 * t] = (mated - found) / (double) mated;
      figures[ranks.size() + 2 * t + 1] = threshold;
    }
    return figures;
  }

  /** The smallest float above {@code s[k]} or {@code s[max(k-1, 0)]}, each probe repeated. */
  private float threshold(long allowed, int[] multiplicity) {
    long index = options.fpirRule() == FpirRule.AT_MOST ? allowed : Math.max(allowed - 1, 0);
    long passed = 0;
    for (int i = 0; i < nonMatedTop.length; i++) {
      passed += multiplicity[nonMatedIdentity[i]];
      if (passed > index) {
        return Math.nextUp(nonMatedTop[i]);
      }
    }
    throw new IllegalStateException("a rate below 1 always refuses a probe");
  }
}
