package org.mien.eval.uncertainty;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoredPair;

/**
 * The bootstrap over identities, for figures of any kind.
 *
 * <p>Each replicate draws as many identities as there are, with replacement; {@code m(s)} is how
 * often identity {@code s} was drawn. An image of {@code s} and a genuine pair of {@code s} count
 * {@code m(s)} times, an impostor pair of {@code s} and {@code t} {@code m(s) m(t)} times: see
 * {@link IdentityBootstrap} for the sources.
 */
public final class IdentityResampling {
  /** As many as give percentiles of 2.5 % that are stable in the second digit. */
  public static final int DEFAULT_REPLICATES = IdentityBootstrap.DEFAULT_REPLICATES;

  private static final int MAXIMAL_REDRAWS = 1000;
  private static final int ALONE = -1;

  private final int identities;
  private final int[] first;
  private final int[] second;

  private IdentityResampling(int identities, int[] first, int[] second) {
    this.identities = identities;
    this.first = first;
    this.second = second;
  }

  /**
   * Trials that are pairs.
   *
   * @throws DataException if the identities of a pair are not known, naming its row from 0
   */
  public static IdentityResampling ofPairs(List<ScoredPair> pairs) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] first = new int[pairs.size()];
    int[] second = new int[pairs.size()];
    for (int row = 0; row < first.length; row++) {
      ScoredPair pair = pairs.get(row);
      if (!pair.hasIdentities()) {
        throw new DataException(
            "pair " + row + ": a bootstrap over identities needs the identities of the pairs");
      }
      first[row] = number(numbers, pair.identityA());
      int other = number(numbers, pair.identityB());
      second[row] = pair.genuine() ? ALONE : other;
    }
    return new IdentityResampling(numbers.size(), first, second);
  }

  /**
   * Trials that are single images, several of which may show one identity.
   *
   * @param identities who is on each image
   * @throws DataException if one is null, naming its row from 0
   */
  public static IdentityResampling ofImages(List<String> identities) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] first = new int[identities.size()];
    int[] second = new int[identities.size()];
    for (int row = 0; row < first.length; row++) {
      if (identities.get(row) == null) {
        throw new DataException("row " + row + ": expected the identity of the image, found none");
      }
      first[row] = number(numbers, identities.get(row));
      second[row] = ALONE;
    }
    return new IdentityResampling(numbers.size(), first, second);
  }

  /** Trials of which none shares its identity with another: the plain bootstrap. */
  public static IdentityResampling ofIndependent(int trials) {
    int[] second = new int[trials];
    Arrays.fill(second, ALONE);
    return new IdentityResampling(trials, IntStream.range(0, trials).toArray(), second);
  }

  /** Numbered in the order of the trials, so that the draws do not depend on the scores. */
  private static int number(Map<String, Integer> numbers, String identity) {
    Integer known = numbers.putIfAbsent(identity, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /** Returns how many identities are resampled. */
  public int identities() {
    return identities;
  }

  /** Returns how many trials there are. */
  public int trials() {
    return first.length;
  }

  /**
   * Runs the replicates, in parallel on the common pool. Each has a seed of its own, drawn from
   * {@code random} beforehand, so that the result does not depend on the number of threads. Only
   * the figures of a replicate are kept; its weights take 4 bytes a trial and thread.
   *
   * @param replicates at least 2
   * @param figures called by several threads at once
   * @throws DataException if almost every draw has no figures
   */
  public Replicates run(int replicates, SplittableRandom random, WeightedFigures figures) {
    if (replicates < 2) {
      throw new IllegalArgumentException("expected at least 2 replicates, were " + replicates);
    }
    long[] seeds = new long[replicates];
    for (int replicate = 0; replicate < replicates; replicate++) {
      seeds[replicate] = random.nextLong();
    }
    double[][] drawn = new double[replicates][];
    IntStream.range(0, replicates)
        .parallel()
        .forEach(replicate -> drawn[replicate] = replicate(seeds[replicate], figures));
    int count = drawn[0].length;
    double[][] byFigure = new double[count][replicates];
    for (int replicate = 0; replicate < replicates; replicate++) {
      if (drawn[replicate].length != count) {
        throw new IllegalArgumentException(
            "expected " + count + " figures in each replicate, were " + drawn[replicate].length);
      }
      for (int figure = 0; figure < count; figure++) {
        byFigure[figure][replicate] = drawn[replicate][figure];
      }
    }
    return new Replicates(byFigure);
  }

  private double[] replicate(long seed, WeightedFigures figures) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int attempt = 0; attempt < MAXIMAL_REDRAWS; attempt++) {
      int[] multiplicity = new int[identities];
      for (int draw = 0; draw < identities; draw++) {
        multiplicity[random.nextInt(identities)]++;
      }
      double[] found = figures.of(weights(multiplicity));
      if (found != null) {
        return found;
      }
    }
    throw new DataException(
        "a bootstrap over "
            + identities
            + " identities almost never draws what the figures need, such as both genuine and"
            + " impostor pairs; use more identities");
  }

  /** Returns how often each trial counts where each identity was drawn so often. */
  int[] weights(int[] multiplicity) {
    int[] weights = new int[first.length];
    for (int trial = 0; trial < weights.length; trial++) {
      int drawn = multiplicity[first[trial]];
      weights[trial] = second[trial] == ALONE ? drawn : drawn * multiplicity[second[trial]];
    }
    return weights;
  }
}
