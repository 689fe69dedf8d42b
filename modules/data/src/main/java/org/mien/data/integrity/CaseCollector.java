package org.mien.data.integrity;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Counts cases by kind and keeps the first of each, whatever order they come in. */
final class CaseCollector {
  private final int mostExamples;
  private final Map<FindingKind, Cases> byKind = new EnumMap<>(FindingKind.class);

  CaseCollector(int mostExamples) {
    this.mostExamples = mostExamples;
  }

  /**
   * Counts a case.
   *
   * @param place where, for the message
   * @param rank first of the order in which examples are kept, such as a distance
   * @param order second of it, such as a row
   * @param example made only if it is kept
   */
  void add(FindingKind kind, String place, int rank, long order, Supplier<Finding.Case> example) {
    Cases cases = byKind.computeIfAbsent(kind, key -> new Cases());
    cases.total++;
    cases.places.merge(place, 1L, Long::sum);
    if (mostExamples == 0) {
      return;
    }
    Ranked last = cases.kept.peek();
    if (cases.kept.size() < mostExamples) {
      cases.kept.add(new Ranked(rank, order, example.get()));
    } else if (Ranked.ORDER.compare(new Ranked(rank, order, null), last) < 0) {
      cases.kept.poll();
      cases.kept.add(new Ranked(rank, order, example.get()));
    }
  }

  long total(FindingKind kind) {
    return byKind.containsKey(kind) ? byKind.get(kind).total : 0;
  }

  /**
   * Adds the finding of a kind, if there are cases.
   *
   * @param message what stands before the places, given the number of cases
   */
  void into(List<Finding> findings, FindingKind kind, String message) {
    Cases cases = byKind.get(kind);
    if (cases == null) {
      return;
    }
    String places =
        cases.places.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    findings.add(
        new Finding(
            kind,
            String.format(message, cases.total) + " (" + places + ")",
            cases.total,
            cases.kept.stream()
                .sorted(Ranked.ORDER)
                .map(Ranked::example)
                .collect(Collectors.toList())));
  }

  private static final class Cases {
    private long total;
    private final Map<String, Long> places = new TreeMap<>();
    private final PriorityQueue<Ranked> kept = new PriorityQueue<>(Ranked.ORDER.reversed());
  }

  private record Ranked(int rank, long order, Finding.Case example) {
    private static final Comparator<Ranked> ORDER =
        Comparator.comparingInt(Ranked::rank).thenComparingLong(Ranked::order);
  }
}
