package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Exact and near duplicates, inside and across identities and sets. */
final class DuplicateFindings {
  /**
   * So many pairs are counted; a set of which more are near duplicates needs a smaller distance.
   */
  static final long MOST_NEAR_PAIRS = 10_000_000;

  /** Keys listed of one picture that occurs many times. */
  private static final int MOST_KEYS = 10;

  private final CheckedRows rows;
  private final ImageDigests digests;
  private final CheckOptions options;
  private final CaseCollector cases;
  private final List<Finding> findings = new ArrayList<>();

  /** Rows of each picture that occurs more than once, by the first of them. */
  private final Map<Integer, List<Integer>> groups = new LinkedHashMap<>();

  /** Whether a row is the first of its picture and has a hash. */
  private final boolean[] firstOfPicture;

  private boolean complete = true;

  DuplicateFindings(CheckedRows rows, ImageDigests digests, CheckOptions options) {
    this.rows = rows;
    this.digests = digests;
    this.options = options;
    this.cases = new CaseCollector(options.mostExamples());
    this.firstOfPicture = new boolean[rows.size()];
  }

  List<Finding> find(BooleanSupplier stop) {
    group();
    groups.values().forEach(this::addGroup);
    findNear(stop);
    String times = "%,d pictures (same bytes or same pixels) ";
    into(FindingKind.SAME_PICTURE_OF_TWO_IDENTITIES, times + "are under two identities");
    into(FindingKind.SAME_PICTURE_IN_TWO_SPLITS, times + "are in sets that must not share any");
    into(
        FindingKind.SAME_PICTURE_OF_ONE_IDENTITY,
        times + "occur more than once under one identity");
    into(FindingKind.SAME_PICTURE_IN_TWO_SETS, times + "are in two sets");
    String near = "%,d pairs of nearly the same picture are ";
    into(FindingKind.NEAR_DUPLICATE_OF_TWO_IDENTITIES, near + "under two identities");
    into(FindingKind.NEAR_DUPLICATE_IN_TWO_SPLITS, near + "in sets that must not share any");
    into(FindingKind.NEAR_DUPLICATE_OF_ONE_IDENTITY, near + "under one identity");
    into(FindingKind.NEAR_DUPLICATE_IN_TWO_SETS, near + "in two sets");
    return findings;
  }

  /** Whether the search went to its end, or as far as it ever goes. */
  boolean complete() {
    return complete;
  }

  private void into(FindingKind kind, String message) {
    cases.into(findings, kind, message);
  }

  private void group() {
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, rows.size())) * 4);
    int[] table = new int[capacity]; // row + 1 of the first with its digest
    for (int row = 0; row < rows.size(); row++) {
      if (!digests.decoded(row)) {
        continue;
      }
      int slot = (int) (digests.pixelsKey(row) & (capacity - 1));
      while (table[slot] != 0 && !digests.samePixels(table[slot] - 1, row)) {
        slot = (slot + 1) & (capacity - 1);
      }
      if (table[slot] == 0) {
        table[slot] = row + 1;
        firstOfPicture[row] = digests.hashed(row);
      } else {
        int first = table[slot] - 1;
        groups.computeIfAbsent(first, key -> new ArrayList<>(List.of(key))).add(row);
      }
    }
  }

  private void addGroup(List<Integer> group) {
    int[] members = group.stream().mapToInt(Integer::intValue).toArray();
    CheckedRows.Relation relation = rows.relation(members);
    if (relation.twoIdentities()) {
      add(FindingKind.SAME_PICTURE_OF_TWO_IDENTITIES, relation, members);
    }
    if (relation.twoSplits()) {
      add(FindingKind.SAME_PICTURE_IN_TWO_SPLITS, relation, members);
    }
    if (relation.oneIdentity()) {
      add(FindingKind.SAME_PICTURE_OF_ONE_IDENTITY, relation, members);
    }
    if (relation.twoSets()) {
      add(FindingKind.SAME_PICTURE_IN_TWO_SETS, relation, members);
    }
  }

  private void add(FindingKind kind, CheckedRows.Relation relation, int[] members) {
    boolean sameBytes = Arrays.stream(members).allMatch(row -> digests.sameBytes(members[0], row));
    cases.add(
        kind,
        relation.place(),
        0,
        members[0],
        () ->
            new Finding.Case(
                Arrays.stream(members).limit(MOST_KEYS).mapToObj(rows::key).toList(),
                members.length + " times, " + (sameBytes ? "same bytes" : "same pixels")));
  }

  private void findNear(BooleanSupplier stop) {
    if (options.nearDistance() == CheckOptions.NO_NEAR_DUPLICATES) {
      return;
    }
    long[] hashes = digests.hashes();
    Near near = new Near();
    HammingSearch search = new HammingSearch();
    boolean ended =
        search.search(
            hashes,
            hashes,
            firstOfPicture,
            options.nearDistance(),
            stop,
            (row, later, distance) -> near.add(row, later, distance, false));
    if (ended && options.mirrored()) {
      ended =
          search.search(
              digests.mirroredHashes(),
              hashes,
              firstOfPicture,
              options.nearDistance(),
              stop,
              (row, later, distance) ->
                  // Near as they are: found already.
                  Long.bitCount(hashes[row] ^ hashes[later]) <= options.nearDistance()
                      || near.add(row, later, distance, true));
    }
    boolean tooMany = near.pairs >= MOST_NEAR_PAIRS;
    complete = ended || tooMany;
    if (tooMany) {
      findings.add(
          new Finding(
              FindingKind.TOO_MANY_NEAR_DUPLICATES,
              String.format(
                  "the search ended after %,d pairs of near duplicates; the counts are too low."
                      + " Make the distance smaller than %d",
                  MOST_NEAR_PAIRS, options.nearDistance()),
              1,
              List.of()));
    }
  }

  private final class Near {
    private long pairs;

    boolean add(int row, int later, int distance, boolean mirrored) {
      CheckedRows.Relation relation = rows.relation(row, later);
      if (relation.twoIdentities()) {
        add(FindingKind.NEAR_DUPLICATE_OF_TWO_IDENTITIES, relation, row, later, distance, mirrored);
      }
      if (relation.twoSplits()) {
        add(FindingKind.NEAR_DUPLICATE_IN_TWO_SPLITS, relation, row, later, distance, mirrored);
      }
      if (relation.oneIdentity()) {
        add(FindingKind.NEAR_DUPLICATE_OF_ONE_IDENTITY, relation, row, later, distance, mirrored);
      }
      if (relation.twoSets()) {
        add(FindingKind.NEAR_DUPLICATE_IN_TWO_SETS, relation, row, later, distance, mirrored);
      }
      return ++pairs < MOST_NEAR_PAIRS;
    }

    private void add(
        FindingKind kind,
        CheckedRows.Relation relation,
        int row,
        int later,
        int distance,
        boolean mirrored) {
      cases.add(
          kind,
          relation.place(),
          distance,
          ((long) row << 32) | later,
          () ->
              new Finding.Case(
                  IntStream.of(row, later).mapToObj(rows::key).toList(),
                  "distance " + distance + (mirrored ? ", mirrored" : "")));
    }
  }
}
