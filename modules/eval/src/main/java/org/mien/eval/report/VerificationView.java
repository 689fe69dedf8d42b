package org.mien.eval.report;

import java.util.List;
import java.util.Locale;

/** One verification section with everything worked out. */
final class VerificationView {
  /** Fewer errors than this leave a rate uncertain by more than 30 % (rule of 30). */
  private static final double RULE_OF_THIRTY = 30;

  private final VerificationSection section;
  private final String id;

  VerificationView(VerificationSection section, int number) {
    this.section = section;
    String slug = section.protocol().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").strip();
    slug = slug.replaceAll("^-|-$", "");
    // The number keeps two protocols apart whose names differ in signs only.
    id = "verification-" + number + (slug.isEmpty() ? "" : "-" + slug);
  }

  String id() {
    return id;
  }

  VerificationSection section() {
    return section;
  }

  /** Whether the people were trained on, in words. */
  String seen() {
    if (section.peopleUnseen() == null) {
      return "the model does not tell whether it was trained on any of them";
    }
    return section.peopleUnseen()
        ? "none of them trained on in this run"
        : "some of them trained on in this run";
  }

  List<ReportFigure> figures() {
    return VerificationFigures.of(section, id);
  }

  /** Why a share at a false match rate should be trusted less, or an empty text. */
  String guard(TarAtFarRow row) {
    long impostors = section.impostorPairs();
    double deciding = row.targetFar() * impostors;
    if (row.tar() == null || Double.isNaN(row.tar().value())) {
      long needed = (long) Math.ceil(3 / row.targetFar() - 1e-6);
      return "No figure: this rate needs "
          + NumberText.count(needed)
          + " impostor pairs or more, there are "
          + NumberText.count(impostors)
          + ".";
    }
    String own = row.tar().note() == null ? "" : row.tar().note();
    if (!own.isEmpty()) {
      return own;
    }
    if (row.targetFar() < Verdict.lowestFalseMatchRate(impostors)) {
      return "May be chance: fewer than 3 of "
          + NumberText.count(impostors)
          + " impostor pairs decide.";
    }
    if (deciding < RULE_OF_THIRTY) {
      return "Rough: about "
          + NumberText.counted(
              Math.round(deciding), "impostor pair decides", "impostor pairs decide")
          + ".";
    }
    return "";
  }

  /** Why a threshold should be trusted less, or why there is none. */
  String guard(ThresholdAdvice advice) {
    if (advice.refused()) {
      return Character.toUpperCase(advice.statement().charAt(0))
          + advice.statement().substring(1)
          + ".";
    }
    return advice.rough()
        ? "Bounded only: fewer than 30 errors were to be expected, so the rate may be off by more"
            + " than 30 %."
        : "";
  }

  /** Mean accuracy of the folds, or NaN where there are none. */
  double meanAccuracy() {
    return section.folds().stream().mapToDouble(FoldScores::accuracy).average().orElse(Double.NaN);
  }

  /** Standard error of the mean over folds (ddof 1), or NaN for fewer than two folds. */
  double standardError() {
    int count = section.folds().size();
    if (count < 2) {
      return Double.NaN;
    }
    double mean = meanAccuracy();
    double squares = 0;
    for (FoldScores fold : section.folds()) {
      squares += (fold.accuracy() - mean) * (fold.accuracy() - mean);
    }
    return Math.sqrt(squares / (count - 1)) / Math.sqrt(count);
  }
}
