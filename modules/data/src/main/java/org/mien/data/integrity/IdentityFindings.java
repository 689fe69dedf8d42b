package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/** Bad images, empty identities, people in several sets. */
final class IdentityFindings {
  /** Reasons named in a message. */
  private static final int MOST_REASONS = 5;

  private final CheckedRows rows;
  private final ImageDigests digests;
  private final CheckOptions options;
  private final CaseCollector cases;

  IdentityFindings(CheckedRows rows, ImageDigests digests, CheckOptions options) {
    this.rows = rows;
    this.digests = digests;
    this.options = options;
    this.cases = new CaseCollector(options.mostExamples());
  }

  List<Finding> find() {
    List<Finding> findings = new ArrayList<>();
    unreadable(findings);
    for (int set = 0; set < rows.sets().size(); set++) {
      if (rows.sets().get(set).namesPeople()) {
        emptyIdentities(set);
        spelledTwice(set);
      }
      leftOut(set);
    }
    for (int set = 0; set < rows.sets().size(); set++) {
      for (int other = set + 1; other < rows.sets().size(); other++) {
        overlap(set, other);
      }
    }
    cases.into(findings, FindingKind.EMPTY_IDENTITY, "%,d identities have no image to be read");
    cases.into(findings, FindingKind.LEFT_OUT, "%,d entries were left out when opened");
    cases.into(findings, FindingKind.IDENTITY_SPELLED_TWICE, "%,d names are spelled differently");
    cases.into(
        findings,
        FindingKind.IDENTITY_TRAINED_AND_EVALUATED,
        "%,d identities of an evaluation are trained on or chosen by");
    cases.into(
        findings,
        FindingKind.IDENTITY_IN_TWO_SPLITS,
        "%,d identities are in two splits, which suits a network that names known people only");
    cases.into(
        findings,
        FindingKind.IDENTITIES_NOT_COMPARABLE,
        "%,d identities are equal numbers in data sets of different names and were not compared");
    return findings;
  }

  private void unreadable(List<Finding> findings) {
    long bad = 0;
    for (int row = 0; row < rows.size(); row++) {
      bad += digests.bad(row) ? 1 : 0;
    }
    if (bad == 0) {
      return;
    }
    Map<String, Long> reasons = new TreeMap<>();
    List<Finding.Case> examples = new ArrayList<>();
    digests
        .problems()
        .forEach(
            (row, reason) -> {
              reasons.merge(reason.replaceAll("\\d+", "N"), 1L, Long::sum);
              if (examples.size() < options.mostExamples()) {
                examples.add(new Finding.Case(List.of(rows.key(row)), reason));
              }
            });
    StringBuilder message =
        new StringBuilder(String.format("%,d images are unreadable or damaged", bad));
    reasons.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_REASONS)
        .forEach(
            entry ->
                message.append("; ").append(entry.getValue()).append(" x ").append(entry.getKey()));
    if (reasons.size() > MOST_REASONS) {
      message.append("; and ").append(reasons.size() - MOST_REASONS).append(" other reasons");
    }
    findings.add(new Finding(FindingKind.UNREADABLE_IMAGE, message.toString(), bad, examples));
  }

  private void emptyIdentities(int set) {
    BitSet usable = new BitSet();
    Map<Integer, Integer> firstRow = new LinkedHashMap<>();
    for (int row = rows.begin(set); row < rows.end(set); row++) {
      int identity = rows.identityNumber(row);
      firstRow.putIfAbsent(identity, row);
      // An image that was not read, for the check was stopped, may be good.
      if (!digests.wasRead(row) || !digests.bad(row)) {
        usable.set(identity);
      }
    }
    firstRow.forEach(
        (identity, row) -> {
          if (!usable.get(identity)) {
            add(FindingKind.EMPTY_IDENTITY, set, row, rows.identity(row), "no image can be read");
          }
        });
  }

  private void spelledTwice(int set) {
    FaceSamples samples = rows.sets().get(set).manifest().samples();
    Map<Integer, String> spelling = new HashMap<>();
    Map<Integer, String> other = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      int identity = rows.identityNumber(rows.begin(set) + i);
      String here = samples.identity(i);
      String first = spelling.putIfAbsent(identity, here);
      if (first != null && !first.equals(here)) {
        other.putIfAbsent(identity, here);
      }
    }
    other.forEach(
        (identity, second) ->
            cases.add(
                FindingKind.IDENTITY_SPELLED_TWICE,
                name(set),
                set,
                identity,
                () -> new Finding.Case(List.of(spelling.get(identity), second), "")));
  }

  private void leftOut(int set) {
    int order = 0;
    for (Skipped skipped : rows.sets().get(set).manifest().skipped()) {
      // As the sources of folders say it.
      boolean empty = skipped.reason().equals("holds no usable image");
      FindingKind kind = empty ? FindingKind.EMPTY_IDENTITY : FindingKind.LEFT_OUT;
      add(kind, set, order++, skipped.key(), skipped.reason());
    }
  }

  private void add(FindingKind kind, int set, int order, String key, String detail) {
    String shown = rows.sets().size() == 1 ? key : name(set) + ":" + key;
    cases.add(kind, name(set), set, order, () -> new Finding.Case(List.of(shown), detail));
  }

  private void overlap(int set, int other) {
    CheckedSet one = rows.sets().get(set);
    CheckedSet two = rows.sets().get(other);
    if (!one.namesPeople() || !two.namesPeople() || !one.role().leaksInto(two.role())) {
      return;
    }
    boolean evaluation = one.role() == SetRole.EVALUATION || two.role() == SetRole.EVALUATION;
    BitSet shared = identities(set);
    shared.and(identities(other));
    String place = name(set) + " and " + name(other);
    shared.stream()
        .forEach(
            identity -> {
              FindingKind kind =
                  rows.numbered(identity) && !rows.sameNaming(set, other)
                      ? FindingKind.IDENTITIES_NOT_COMPARABLE
                      : evaluation
                          ? FindingKind.IDENTITY_TRAINED_AND_EVALUATED
                          : FindingKind.IDENTITY_IN_TWO_SPLITS;
              cases.add(
                  kind,
                  place,
                  set,
                  identity,
                  () -> new Finding.Case(List.of(rows.name(identity)), place));
            });
  }

  private BitSet identities(int set) {
    BitSet identities = new BitSet(rows.identityNumbers());
    for (int row = rows.begin(set); row < rows.end(set); row++) {
      identities.set(rows.identityNumber(row));
    }
    return identities;
  }

  private String name(int set) {
    return rows.sets().get(set).name();
  }
}
