package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.IdentityName;

/**
 * All images of all sets, numbered through: 4 bytes each for who they show.
 *
 * <p>Identities are compared as {@link IdentityName}s. Between sets whose manifests have different
 * names only identities without a digit are compared: {@code 17} or {@code person_01} is somebody
 * else in each data set.
 */
final class CheckedRows {
  private static final Pattern DIGIT = Pattern.compile("\\p{Nd}");

  private final List<CheckedSet> sets;
  private final int[] begin;

  /** Number of the identity of each row among {@link #names}. */
  private final int[] identityOf;

  private final List<String> names = new ArrayList<>();
  private final List<Boolean> numbered = new ArrayList<>();

  CheckedRows(List<CheckedSet> sets) {
    this.sets = List.copyOf(sets);
    begin = new int[sets.size() + 1];
    for (int set = 0; set < sets.size(); set++) {
      begin[set + 1] = Math.addExact(begin[set], sets.get(set).manifest().samples().size());
    }
    identityOf = new int[size()];
    Map<String, Integer> byName = new HashMap<>();
    for (int set = 0; set < sets.size(); set++) {
      // Normalising is slow and most sets list the images of a person one after the other.
      Map<String, Integer> bySpelling = new HashMap<>();
      var samples = sets.get(set).manifest().samples();
      for (int i = 0; i < samples.size(); i++) {
        identityOf[begin[set] + i] =
            bySpelling.computeIfAbsent(samples.identity(i), spelling -> number(spelling, byName));
      }
    }
  }

  private int number(String spelling, Map<String, Integer> byName) {
    String name = IdentityName.of(spelling).normalised();
    Integer known = byName.get(name);
    if (known == null) {
      known = names.size();
      byName.put(name, known);
      names.add(name);
      numbered.add(DIGIT.matcher(name).find());
    }
    return known;
  }

  List<CheckedSet> sets() {
    return sets;
  }

  int size() {
    return begin[sets.size()];
  }

  int begin(int set) {
    return begin[set];
  }

  int end(int set) {
    return begin[set + 1];
  }

  int setOf(int row) {
    int at = Arrays.binarySearch(begin, row);
    if (at < 0) {
      return -at - 2;
    }
    while (begin[at + 1] == row) { // an empty set begins here too
      at++;
    }
    return at;
  }

  FaceSample sample(int row) {
    int set = setOf(row);
    return sets.get(set).manifest().samples().get(row - begin[set]);
  }

  /** The key, with the name of the set before it where there are several. */
  String key(int row) {
    int set = setOf(row);
    String key = sets.get(set).manifest().samples().key(row - begin[set]);
    return sets.size() == 1 ? key : sets.get(set).name() + ":" + key;
  }

  String identity(int row) {
    int set = setOf(row);
    return sets.get(set).manifest().samples().identity(row - begin[set]);
  }

  int identityNumber(int row) {
    return identityOf[row];
  }

  int identityNumbers() {
    return names.size();
  }

  /** The normalised name. */
  String name(int identityNumber) {
    return names.get(identityNumber);
  }

  /** Whether an identity is told by a number, which means nothing in another data set. */
  boolean numbered(int identityNumber) {
    return numbered.get(identityNumber);
  }

  /** Whether identities of two sets may be compared even if they are numbers. */
  boolean sameNaming(int set, int otherSet) {
    return sets.get(set).manifest().name().equals(sets.get(otherSet).manifest().name());
  }

  /**
   * How images of one picture stand to each other.
   *
   * @param oneIdentity at least two are in one set under one identity, or in one set that names
   *     nobody
   * @param twoIdentities at least two are under identities that can be compared and differ
   * @param twoSplits at least two are in sets of uses that must not mix
   * @param twoSets at least two are in different sets of uses that may mix
   * @param place names of the sets, for people
   */
  record Relation(
      boolean oneIdentity,
      boolean twoIdentities,
      boolean twoSplits,
      boolean twoSets,
      String place) {}

  Relation relation(int... rows) {
    boolean oneIdentity = false;
    Set<Long> seen = new HashSet<>();
    Map<String, Set<Integer>> identitiesOfNaming = new HashMap<>();
    Set<Integer> people = new HashSet<>();
    boolean[] used = new boolean[sets.size()];
    for (int row : rows) {
      int set = setOf(row);
      used[set] = true;
      int identity = identityOf[row];
      boolean named = sets.get(set).namesPeople();
      oneIdentity |= !seen.add((long) set << 32 | ((named ? identity : -1) & 0xFFFFFFFFL));
      if (named) {
        identitiesOfNaming
            .computeIfAbsent(sets.get(set).manifest().name(), name -> new HashSet<>())
            .add(identity);
        if (!numbered(identity)) {
          people.add(identity);
        }
      }
    }
    boolean twoIdentities =
        people.size() > 1 || identitiesOfNaming.values().stream().anyMatch(ids -> ids.size() > 1);
    boolean twoSplits = false;
    boolean twoSets = false;
    List<String> place = new ArrayList<>();
    for (int set = 0; set < used.length; set++) {
      for (int other = 0; used[set] && other < set; other++) {
        if (used[other]) {
          boolean leak = sets.get(set).role().leaksInto(sets.get(other).role());
          twoSplits |= leak;
          twoSets |= !leak;
        }
      }
      if (used[set]) {
        place.add(sets.get(set).name());
      }
    }
    return new Relation(
        oneIdentity, twoIdentities, twoSplits, twoSets, String.join(" and ", place));
  }
}
