package org.mien.eval.report;

import java.util.Comparator;
import java.util.List;

/** The section on naming known people with everything worked out. */
final class ClassificationView {
  /** Identities and confusions shown at once. */
  static final int SHOWN = 20;

  private final ClassificationSection section;

  ClassificationView(ClassificationSection section) {
    this.section = section;
  }

  ClassificationSection section() {
    return section;
  }

  /** Identities from the worst F1 to the best, an undefined one counting as worst; then by name. */
  List<IdentityScores> fromWorst() {
    return section.identities().stream()
        .sorted(
            Comparator.comparingDouble(ClassificationView::rank)
                .thenComparing(IdentityScores::identity))
        .toList();
  }

  List<IdentityScores> worst() {
    List<IdentityScores> all = fromWorst();
    return all.subList(0, Math.min(SHOWN, all.size()));
  }

  boolean hasMore() {
    return section.identities().size() > SHOWN;
  }

  /** How many identities had every image named right and nobody else named as them. */
  long faultless() {
    return section.identities().stream()
        .filter(scores -> scores.f1() != null && scores.f1() == 1)
        .count();
  }

  /** The confusion matrix as a drawing, or null where it is too large or was not kept. */
  String heatMap() {
    int size = section.identities().size();
    if (section.confusion().isEmpty() || size < 2 || size > ConfusionHeatMap.MOST_IDENTITIES) {
      return null;
    }
    List<String> names =
        section.identities().stream().map(IdentityScores::identity).sorted().toList();
    return ConfusionHeatMap.svg("confusion", "identities", "named", names, section.confusion());
  }

  /** Who was taken for whom most often, the most frequent first. */
  List<ConfusionCell> confusions() {
    return section.confusion().stream()
        .filter(cell -> cell.count() > 0 && !cell.identity().equals(cell.named()))
        .sorted(
            Comparator.comparingLong(ConfusionCell::count)
                .reversed()
                .thenComparing(ConfusionCell::identity)
                .thenComparing(ConfusionCell::named))
        .limit(SHOWN)
        .toList();
  }

  private static double rank(IdentityScores scores) {
    return scores.f1() == null || scores.f1().isNaN() ? -1 : scores.f1();
  }
}
