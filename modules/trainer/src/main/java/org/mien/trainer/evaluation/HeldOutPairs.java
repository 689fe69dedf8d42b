package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.data.sampling.VerificationPairs;

/**
 * Verification pairs of people who were not trained on, in folds that share no person: the
 * threshold that decides a pair is chosen on other people than the pair shows.
 *
 * <p>The people are shuffled and dealt out to the folds like cards; each fold draws its share of
 * genuine and impostor pairs among its own people.
 */
public final class HeldOutPairs {
  /** Fewer people give a fold no more than a single pair of two people to draw impostors from. */
  private static final int LEAST_PEOPLE_A_FOLD = 3;

  private HeldOutPairs() {}

  /**
   * Draws the pairs.
   *
   * @param samples images of the people held out
   * @param genuine genuine pairs wanted in all
   * @param impostor impostor pairs wanted in all
   * @param folds folds wanted; fewer are made where there are fewer than three people for each
   * @return nothing if there are too few people or images for two folds with pairs of both kinds
   */
  public static Optional<PairList> generate(
      List<FaceSample> samples, int genuine, int impostor, int folds, SeedStreams seeds) {
    Map<String, List<FaceSample>> people = new TreeMap<>();
    for (FaceSample sample : samples) {
      people.computeIfAbsent(sample.identity(), name -> new ArrayList<>()).add(sample);
    }
    // A person with one image can be in no genuine pair; such people are dealt last, evenly.
    List<String> names = new ArrayList<>(people.keySet());
    int[] order = new int[names.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    SeedStreams.shuffle(order, seeds.stream("heldOut/folds"));
    List<String> dealt = new ArrayList<>();
    for (int i : order) {
      dealt.add(names.get(i));
    }
    dealt.sort(Comparator.comparing(name -> people.get(name).size() < 2));

    int made = Math.min(folds, names.size() / LEAST_PEOPLE_A_FOLD);
    if (made < 2) {
      return Optional.empty();
    }
    List<Pair> pairs = new ArrayList<>();
    for (int fold = 0; fold < made; fold++) {
      List<FaceSample> members = new ArrayList<>();
      for (int i = fold; i < dealt.size(); i += made) {
        members.addAll(people.get(dealt.get(i)));
      }
      PairList drawn =
          VerificationPairs.generate(
              members,
              share(genuine, fold, made),
              share(impostor, fold, made),
              new SeedStreams(seeds.seedOf("heldOut/pairs", fold)));
      if (drawn.genuineCount() == 0 || drawn.impostorCount() == 0) {
        return Optional.empty();
      }
      for (Pair pair : drawn.pairs()) {
        pairs.add(
            new Pair(
                pair.keyA(),
                pair.identityA(),
                pair.keyB(),
                pair.identityB(),
                pair.genuine(),
                fold));
      }
    }
    return Optional.of(new PairList("heldOut", pairs, made));
  }

  private static int share(int total, int fold, int folds) {
    return total / folds + (fold < total % folds ? 1 : 0);
  }
}
