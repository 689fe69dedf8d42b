package org.mien.data.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/**
 * A split from which some of the people to be trained on are taken out, so that a way of training
 * can be judged on people it has not seen and that no report counts.
 *
 * <p>The split's identities are shuffled by the stream {@code split/folds} and dealt out like
 * cards; each is taken out in exactly one fold. Of the people taken out, only images for training
 * and validation are used: those of the test are left to the report.
 *
 * @param rest the split without them
 * @param withheld images of the people taken out
 */
public record PeopleFold(Split rest, FaceSamples withheld) {
  /** Fewer people make no two pairs of different people. */
  private static final int LEAST_PEOPLE = 3;

  /**
   * Takes one fold's people out.
   *
   * @param fold from 0
   * @param folds at least 2
   * @throws DataException if fewer than three people would be in a fold
   */
  public static PeopleFold of(Split split, int fold, int folds, SeedStreams seeds) {
    if (folds < 2 || fold < 0 || fold >= folds) {
      throw new IllegalArgumentException(
          "expected a fold of 0 to folds - 1 and at least 2 folds, was " + fold + " of " + folds);
    }
    List<String> people = split.identities();
    if (people.size() / folds < LEAST_PEOPLE) {
      throw new DataException(
          String.format(
              "%d people to train on make no %d folds of at least %d people each",
              people.size(), folds, LEAST_PEOPLE));
    }
    int[] order = new int[people.size()];
    Arrays.setAll(order, i -> i);
    SeedStreams.shuffle(order, seeds.stream("split/folds"));
    Set<String> out = new HashSet<>();
    for (int i = fold; i < order.length; i += folds) {
      out.add(people.get(order[i]));
    }
    Split rest =
        new Split(
            only(split.train(), out, false),
            only(split.validation(), out, false),
            only(split.test(), out, false),
            split.verification(),
            people.stream().filter(name -> !out.contains(name)).toList());
    List<FaceSample> withheld = new ArrayList<>(only(split.train(), out, true));
    withheld.addAll(only(split.validation(), out, true));
    return new PeopleFold(rest, FaceSamples.copyOf(withheld));
  }

  private static FaceSamples only(FaceSamples samples, Set<String> people, boolean those) {
    return samples.select(
        IntStream.range(0, samples.size())
            .filter(row -> people.contains(samples.identity(row)) == those)
            .toArray());
  }
}
