package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mien.data.manifest.IdentityName;

/**
 * The pairs of a verification protocol, in their order.
 *
 * @param name for reports
 * @param pairs each in a fold of 0 to {@code folds - 1}
 * @param folds how many folds the protocol has; 1 where it has none
 * @param groups group of images by key, such as an ethnicity, where the protocol has groups; of
 *     images rather than people, for RFW has people in two groups
 * @param file the text file that the pairs' lines count in, where there is a single one
 */
public record PairList(
    String name, List<Pair> pairs, int folds, Map<String, String> groups, Optional<Path> file)
    implements Protocol {
  public PairList {
    pairs = List.copyOf(pairs);
    groups = Map.copyOf(groups);
    if (folds < 1) {
      throw new IllegalArgumentException("expected at least 1 fold, was " + folds);
    }
    for (Pair pair : pairs) {
      if (pair.fold() >= folds) {
        throw new IllegalArgumentException(pair + " lies outside the " + folds + " folds");
      }
    }
  }

  /** A list of no single text file. */
  public PairList(String name, List<Pair> pairs, int folds, Map<String, String> groups) {
    this(name, pairs, folds, groups, Optional.empty());
  }

  /** As the other, without groups. */
  public PairList(String name, List<Pair> pairs, int folds) {
    this(name, pairs, folds, Map.of());
  }

  /** Returns this list as one that was read from a text file. */
  PairList in(Path textFile) {
    return new PairList(name, pairs, folds, groups, Optional.of(textFile));
  }

  /** Returns the group of a pair: that of both images, or nothing if they differ or have none. */
  public Optional<String> group(Pair pair) {
    String group = groups.get(pair.keyA());
    return group != null && group.equals(groups.get(pair.keyB()))
        ? Optional.of(group)
        : Optional.empty();
  }

  /**
   * Pairs that remain when some identities must not be tested on.
   *
   * @param kept the remaining pairs, same folds (one may have become smaller than the others)
   * @param leftOut how many pairs were left out
   * @param identitiesFound the identities of this list that were among those, sorted
   */
  public record Filtered(PairList kept, int leftOut, List<String> identitiesFound) {
    public Filtered {
      identitiesFound = List.copyOf(identitiesFound);
    }
  }

  /** Returns how many pairs show one person. */
  public int genuineCount() {
    return (int) pairs.stream().filter(Pair::genuine).count();
  }

  /** Returns how many pairs show two people. */
  public int impostorCount() {
    return pairs.size() - genuineCount();
  }

  @Override
  public List<String> keys() {
    LinkedHashSet<String> keys = new LinkedHashSet<>();
    for (Pair pair : pairs) {
      keys.add(pair.keyA());
      keys.add(pair.keyB());
    }
    return List.copyOf(keys);
  }

  /**
   * Returns the identities that more than one fold shows, sorted. The threshold of a fold is chosen
   * on the others, so people who are shared make its accuracy look better than it is.
   */
  public List<String> identitiesSharedByFolds() {
    Map<String, Integer> foldOf = new HashMap<>();
    TreeSet<String> shared = new TreeSet<>();
    for (Pair pair : pairs) {
      for (String identity : List.of(pair.identityA(), pair.identityB())) {
        Integer before = foldOf.putIfAbsent(identity, pair.fold());
        if (before != null && before != pair.fold()) {
          shared.add(identity);
        }
      }
    }
    return List.copyOf(shared);
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("pairs", (long) pairs.size());
    counts.put("genuine", (long) genuineCount());
    counts.put("impostor", (long) impostorCount());
    counts.put("folds", (long) folds);
    counts.put("images", (long) keys().size());
    counts.put("identities", (long) identities().size());
    counts.put("identitiesSharedByFolds", (long) identitiesSharedByFolds().size());
    if (!groups.isEmpty()) {
      counts.put("groups", groups.values().stream().distinct().count());
    }
    return counts;
  }

  /** Returns every identity, once, sorted. */
  public List<String> identities() {
    TreeSet<String> identities = new TreeSet<>();
    for (Pair pair : pairs) {
      identities.add(pair.identityA());
      identities.add(pair.identityB());
    }
    return List.copyOf(identities);
  }

  /**
   * Leaves out every pair that shows one of these people, for whom a network was trained. Names are
   * compared as {@link IdentityName}s, so spelling with case, accents or hyphens does not matter.
   */
  public Filtered without(Set<String> identities) {
    Set<IdentityName> unwanted =
        identities.stream().map(IdentityName::of).collect(Collectors.toSet());
    List<String> found =
        identities().stream().filter(name -> unwanted.contains(IdentityName.of(name))).toList();
    Set<String> foundSet = Set.copyOf(found);
    List<Pair> kept = new ArrayList<>();
    for (Pair pair : pairs) {
      if (!foundSet.contains(pair.identityA()) && !foundSet.contains(pair.identityB())) {
        kept.add(pair);
      }
    }
    return new Filtered(
        new PairList(name, kept, folds, groups, file), pairs.size() - kept.size(), found);
  }
}
