package org.mien.data.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;

/**
 * Draws verification pairs from samples, without drawing a pair twice.
 *
 * <p>Genuine pairs are dealt out one by one over the identities, in rounds, until enough are dealt
 * or an identity has no more: their counts differ by at most one except where an identity has fewer
 * pairs than its share. Impostor pairs are dealt in rounds in which every identity is paired with
 * the one {@code d} places on in a shuffled circle, {@code d} growing from round to round, so each
 * identity occurs equally often as far as its images allow; the images are drawn evenly.
 *
 * <p>Streams: {@code pairs/genuine} and {@code pairs/impostor}.
 */
public final class VerificationPairs {
  /** The images of one identity, as numbers of samples. */
  private record Images(List<Integer> samples) {
    long pairs() {
      return (long) samples.size() * (samples.size() - 1) / 2;
    }
  }

  private final List<FaceSample> samples;
  private final List<Images> identities = new ArrayList<>();

  private VerificationPairs(List<FaceSample> samples) {
    this.samples = samples;
    Map<String, List<Integer>> byIdentity = new TreeMap<>();
    for (int i = 0; i < samples.size(); i++) {
      byIdentity.computeIfAbsent(samples.get(i).identity(), name -> new ArrayList<>()).add(i);
    }
    byIdentity.values().forEach(images -> identities.add(new Images(images)));
  }

  /**
   * Draws pairs. Where fewer exist than are asked for, all of them are given: compare {@link
   * PairList#genuineCount()} and {@link PairList#impostorCount()} with the wish.
   *
   * @param samples keys unique; the pairs do not depend on anything but their order and the seed
   * @param genuine how many pairs of one person, 0 to 10 million
   * @param impostor how many pairs of two people, 0 to 10 million
   * @param seeds where the choice comes from
   * @return genuine pairs, then impostor pairs, in one fold
   */
  public static PairList generate(
      List<FaceSample> samples, int genuine, int impostor, SeedStreams seeds) {
    if (genuine < 0 || impostor < 0 || genuine > 10_000_000 || impostor > 10_000_000) {
      throw new IllegalArgumentException(
          "expected 0 to 10 million pairs of each kind, was " + genuine + " and " + impostor);
    }
    VerificationPairs all = new VerificationPairs(List.copyOf(samples));
    List<Pair> pairs = new ArrayList<>();
    all.addGenuine(pairs, genuine, seeds.stream("pairs/genuine"));
    all.addImpostor(pairs, impostor, seeds.stream("pairs/impostor"));
    return new PairList("generated", pairs, 1);
  }

  private void addGenuine(List<Pair> pairs, int wanted, SplittableRandom random) {
    int[] order = shuffledIdentities(random);
    int[] quota = new int[identities.size()];
    int dealt = 0;
    for (boolean progress = true; progress && dealt < wanted; ) {
      progress = false;
      for (int i = 0; i < order.length && dealt < wanted; i++) {
        if (quota[order[i]] < identities.get(order[i]).pairs()) {
          quota[order[i]]++;
          dealt++;
          progress = true;
        }
      }
    }
    for (int i = 0; i < quota.length; i++) {
      Images images = identities.get(i);
      for (long number : distinct(images.pairs(), quota[i], random)) {
        // Pair number b(b-1)/2 + a is (a, b) with a < b.
        int b = (int) ((1 + Math.sqrt(1 + 8.0 * number)) / 2);
        while ((long) b * (b - 1) / 2 > number) {
          b--;
        }
        while ((long) b * (b + 1) / 2 <= number) {
          b++;
        }
        int a = (int) (number - (long) b * (b - 1) / 2);
        pairs.add(pair(images.samples().get(a), images.samples().get(b)));
      }
    }
  }

  private void addImpostor(List<Pair> pairs, int wanted, SplittableRandom random) {
    int count = identities.size();
    int[] order = shuffledIdentities(random);
    // For each pair of identities met so far, how many image pairs it has to give; dealt later.
    Map<Long, Integer> quota = new HashMap<>();
    List<Long> met = new ArrayList<>();
    int dealt = 0;
    for (boolean progress = true; progress && dealt < wanted; ) {
      progress = false;
      for (int distance = 1; distance <= count / 2 && dealt < wanted; distance++) {
        // At half the circle each pair of identities would be met twice.
        int starts = 2 * distance == count ? distance : count;
        for (int i = 0; i < starts && dealt < wanted; i++) {
          int a = Math.min(order[i], order[(i + distance) % count]);
          int b = Math.max(order[i], order[(i + distance) % count]);
          long code = (long) a * count + b;
          int given = quota.getOrDefault(code, 0);
          if (given < imagePairs(a, b)) {
            quota.put(code, given + 1);
            if (given == 0) {
              met.add(code);
            }
            dealt++;
            progress = true;
          }
        }
      }
    }
    for (long code : met) {
      List<Integer> first = identities.get((int) (code / count)).samples();
      List<Integer> second = identities.get((int) (code % count)).samples();
      long all = (long) first.size() * second.size();
      for (long number : distinct(all, quota.get(code), random)) {
        pairs.add(
            pair(
                first.get((int) (number / second.size())),
                second.get((int) (number % second.size()))));
      }
    }
  }

  private long imagePairs(int a, int b) {
    return (long) identities.get(a).samples().size() * identities.get(b).samples().size();
  }

  private int[] shuffledIdentities(SplittableRandom random) {
    int[] order = new int[identities.size()];
    Arrays.setAll(order, i -> i);
    SeedStreams.shuffle(order, random);
    return order;
  }

  /** Returns {@code count} different numbers of 0 to {@code bound - 1} (R. Floyd's algorithm). */
  private static long[] distinct(long bound, int count, SplittableRandom random) {
    Set<Long> chosen = new HashSet<>();
    long[] numbers = new long[count];
    int filled = 0;
    for (long top = bound - count; top < bound; top++) {
      long drawn = random.nextLong(top + 1);
      long number = chosen.add(drawn) ? drawn : top;
      chosen.add(number);
      numbers[filled++] = number;
    }
    return numbers;
  }

  private Pair pair(int a, int b) {
    FaceSample first = samples.get(a);
    FaceSample second = samples.get(b);
    return new Pair(
        first.key(),
        first.identity(),
        second.key(),
        second.identity(),
        first.identity().equals(second.identity()),
        0);
  }
}
