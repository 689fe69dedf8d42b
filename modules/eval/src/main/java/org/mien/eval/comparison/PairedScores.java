package org.mien.eval.comparison;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoredPair;

/**
 * The pairs that two runs both scored, in the order of the first.
 *
 * <p>A pair is the same where the names of its images, its identities, its label and its fold are;
 * one that occurs several times is matched occurrence by occurrence. That a name stands for the
 * same picture in both runs is taken for granted.
 *
 * @param first scores of the first run
 * @param second scores of the second run, of the same pairs in the same order
 * @param onlyFirst pairs that the second run did not score
 * @param onlySecond pairs that the first run did not score
 */
public record PairedScores(
    List<ComparedImages> first, List<ComparedImages> second, long onlyFirst, long onlySecond) {
  public PairedScores {
    first = List.copyOf(first);
    second = List.copyOf(second);
  }

  /** Finds what both scored. */
  public static PairedScores of(List<ComparedImages> first, List<ComparedImages> second) {
    Map<Key, ComparedImages> others = new HashMap<>();
    Map<Key, Integer> seen = new HashMap<>();
    for (ComparedImages images : second) {
      others.put(Key.next(images, seen), images);
    }
    seen.clear();
    List<ComparedImages> ofFirst = new ArrayList<>();
    List<ComparedImages> ofSecond = new ArrayList<>();
    for (ComparedImages images : first) {
      ComparedImages other = others.get(Key.next(images, seen));
      if (other != null) {
        ofFirst.add(images);
        ofSecond.add(other);
      }
    }
    return new PairedScores(
        ofFirst,
        ofSecond,
        (long) first.size() - ofFirst.size(),
        (long) second.size() - ofSecond.size());
  }

  /** Whether each run scored exactly the pairs of the other. */
  public boolean complete() {
    return !first.isEmpty() && onlyFirst == 0 && onlySecond == 0;
  }

  private record Key(
      String imageA,
      String imageB,
      String identityA,
      String identityB,
      boolean genuine,
      int fold,
      int occurrence) {
    static Key next(ComparedImages images, Map<Key, Integer> seen) {
      Key once = of(images, 0);
      int before = seen.merge(once, 1, Integer::sum) - 1;
      return before == 0 ? once : of(images, before);
    }

    private static Key of(ComparedImages images, int occurrence) {
      ScoredPair pair = images.pair();
      return new Key(
          images.imageA(),
          images.imageB(),
          pair.identityA(),
          pair.identityB(),
          pair.genuine(),
          pair.fold(),
          occurrence);
    }
  }
}
