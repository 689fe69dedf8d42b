package org.mien.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/** Random pairs for the tests of several packages. */
public final class ScoredPairs {
  private ScoredPairs() {}

  /**
   * Pairs of identities {@code p0, p1 ...}, half of them genuine; {@code levels} of 5 makes most
   * similarities tie, 0 none. The first two pairs make sure of both kinds; folds share identities.
   */
  public static List<ScoredPair> random(
      Random random, int identities, int count, int folds, int levels, double gap) {
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean genuine = i % 2 == 0;
      int a = random.nextInt(identities);
      int b = genuine ? a : (a + 1 + random.nextInt(identities - 1)) % identities;
      double similarity = 0.2 * random.nextGaussian() + (genuine ? gap : 0);
      if (levels > 0) {
        similarity = Math.round(similarity * levels) / (double) levels;
      }
      int fold = folds == 0 ? ScoredPair.NO_FOLD : i / 2 % folds;
      pairs.add(new ScoredPair("p" + a, "p" + b, genuine, fold, new Similarity(similarity)));
    }
    return pairs;
  }

  /** Returns each pair as often as its weight says. */
  public static List<ScoredPair> writtenOut(List<ScoredPair> pairs, int[] weights) {
    List<ScoredPair> copies = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      copies.addAll(Collections.nCopies(weights[i], pairs.get(i)));
    }
    return copies;
  }
}
