package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.data.protocol.Protocol;
import org.mien.data.protocol.TemplateProtocol;

/** What is wrong with protocols, by themselves and against their images. */
final class ProtocolFindings {
  private final CheckedRows rows;
  private final ImageDigests digests;
  private final CheckOptions options;
  private final CaseCollector cases;

  ProtocolFindings(CheckedRows rows, ImageDigests digests, CheckOptions options) {
    this.rows = rows;
    this.digests = digests;
    this.options = options;
    this.cases = new CaseCollector(options.mostExamples());
  }

  List<Finding> find(List<CheckedProtocol> protocols) {
    for (CheckedProtocol checked : protocols) {
      Protocol protocol = checked.protocol();
      if (protocol instanceof PairList pairs) {
        foldsShareIdentities(pairs);
        listedTwice(pairs);
      }
      if (checked.set().isPresent()) {
        againstImages(protocol, setNamed(checked.set().get()));
      }
    }
    List<Finding> findings = new ArrayList<>();
    cases.into(
        findings,
        FindingKind.FOLDS_SHARE_IDENTITIES,
        "%,d identities are in several folds: the threshold of a fold is chosen on its own people");
    cases.into(
        findings,
        FindingKind.PROTOCOL_IMAGE_MISSING,
        "%,d images that a protocol names are not in the set");
    cases.into(findings, FindingKind.PAIR_LISTED_TWICE, "%,d pairs are listed more than once");
    cases.into(
        findings,
        FindingKind.PAIR_CONTRADICTS_IDENTITIES,
        "%,d pairs say same or different people and the set says otherwise");
    cases.into(
        findings,
        FindingKind.IMPOSTOR_PAIR_OF_ONE_PICTURE,
        "%,d pairs of different people are one picture");
    cases.into(
        findings,
        FindingKind.IMPOSTOR_PAIR_OF_NEAR_DUPLICATES,
        "%,d pairs of different people are nearly the same picture");
    cases.into(
        findings,
        FindingKind.GENUINE_PAIR_OF_ONE_PICTURE,
        "%,d pairs of one person are one picture or nearly the same, which no network gets wrong");
    return findings;
  }

  private int setNamed(String name) {
    for (int set = 0; set < rows.sets().size(); set++) {
      if (rows.sets().get(set).name().equals(name)) {
        return set;
      }
    }
    throw new IllegalArgumentException("no set to check is called " + name);
  }

  private void foldsShareIdentities(PairList pairs) {
    Map<String, Set<Integer>> folds = new TreeMap<>();
    for (Pair pair : pairs.pairs()) {
      folds.computeIfAbsent(pair.identityA(), name -> new TreeSet<>()).add(pair.fold() + 1);
      folds.computeIfAbsent(pair.identityB(), name -> new TreeSet<>()).add(pair.fold() + 1);
    }
    int order = 0;
    for (Map.Entry<String, Set<Integer>> entry : folds.entrySet()) {
      order++;
      if (entry.getValue().size() > 1) {
        cases.add(
            FindingKind.FOLDS_SHARE_IDENTITIES,
            pairs.name(),
            0,
            order,
            () -> new Finding.Case(List.of(entry.getKey()), "folds " + entry.getValue()));
      }
    }
  }

  private void listedTwice(PairList pairs) {
    Map<Pair, Integer> first = new HashMap<>();
    for (int i = 0; i < pairs.pairs().size(); i++) {
      Pair pair = pairs.pairs().get(i);
      boolean inOrder = pair.keyA().compareTo(pair.keyB()) <= 0;
      // Neither the order of the two nor the fold makes it another pair.
      Pair normal =
          inOrder
              ? new Pair(
                  pair.keyA(), pair.identityA(), pair.keyB(), pair.identityB(), pair.genuine(), 0)
              : new Pair(
                  pair.keyB(), pair.identityB(), pair.keyA(), pair.identityA(), pair.genuine(), 0);
      Integer before = first.putIfAbsent(normal, i);
      if (before != null) {
        String detail = "pairs " + (before + 1) + " and " + (i + 1);
        add(FindingKind.PAIR_LISTED_TWICE, pairs.name(), i, pair, detail);
      }
    }
  }

  private void againstImages(Protocol protocol, int set) {
    List<String> keys = keys(protocol);
    Map<String, Integer> rowOf = rowsOf(set, new HashSet<>(keys));
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      if (!rowOf.containsKey(key)) {
        cases.add(
            FindingKind.PROTOCOL_IMAGE_MISSING,
            protocol.name(),
            0,
            i,
            () -> new Finding.Case(List.of(key), ""));
      }
    }
    if (protocol instanceof PairList pairs) {
      for (int i = 0; i < pairs.pairs().size(); i++) {
        Pair pair = pairs.pairs().get(i);
        Integer a = rowOf.get(pair.keyA());
        Integer b = rowOf.get(pair.keyB());
        if (a != null && b != null) {
          pair(pairs.name(), set, i, pair, a, b);
        }
      }
    }
  }

  private static List<String> keys(Protocol protocol) {
    // Of identification lists the probes and the distractors may be in different sets, and where
    // they lie is up to who prepared them.
    return protocol instanceof PairList pairs
        ? pairs.keys()
        : protocol instanceof TemplateProtocol templates
            ? List.copyOf(new LinkedHashSet<>(templates.images()))
            : List.of();
  }

  private Map<String, Integer> rowsOf(int set, Set<String> wanted) {
    Map<String, Integer> rowOf = new HashMap<>();
    FaceSamples samples = rows.sets().get(set).manifest().samples();
    for (int i = 0; i < samples.size(); i++) {
      String key = samples.key(i);
      if (wanted.contains(key)) {
        rowOf.put(key, rows.begin(set) + i);
      }
    }
    return rowOf;
  }

  private void pair(String name, int set, int index, Pair pair, int a, int b) {
    boolean one = rows.identityNumber(a) == rows.identityNumber(b);
    if (rows.sets().get(set).namesPeople() && one != pair.genuine()) {
      add(
          FindingKind.PAIR_CONTRADICTS_IDENTITIES,
          name,
          index,
          pair,
          "pair "
              + (index + 1)
              + " is "
              + (pair.genuine() ? "genuine" : "impostor")
              + "; the set says "
              + rows.identity(a)
              + " and "
              + rows.identity(b));
    }
    boolean samePicture = digests.samePixels(a, b);
    int distance = -1;
    if (!samePicture && digests.hashed(a) && digests.hashed(b)) {
      distance = Long.bitCount(digests.hashes()[a] ^ digests.hashes()[b]);
    }
    if (samePicture || (distance >= 0 && distance <= options.nearDistance())) {
      add(
          pair.genuine()
              ? FindingKind.GENUINE_PAIR_OF_ONE_PICTURE
              : samePicture
                  ? FindingKind.IMPOSTOR_PAIR_OF_ONE_PICTURE
                  : FindingKind.IMPOSTOR_PAIR_OF_NEAR_DUPLICATES,
          name,
          index,
          pair,
          "pair "
              + (index + 1)
              + (samePicture ? ", same pixels" : ", near duplicates at distance " + distance));
    }
  }

  private void add(FindingKind kind, String name, int index, Pair pair, String detail) {
    cases.add(
        kind, name, 0, index, () -> new Finding.Case(List.of(pair.keyA(), pair.keyB()), detail));
  }
}
