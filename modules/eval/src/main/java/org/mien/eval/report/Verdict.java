package org.mien.eval.report;

import static org.mien.eval.report.NumberText.SPACE;
import static org.mien.eval.report.NumberText.count;
import static org.mien.eval.report.NumberText.counted;
import static org.mien.eval.report.NumberText.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.eval.metrics.Metric;

/**
 * What the numbers of a run mean, in plain sentences.
 *
 * @param problems what should stop the reader: a head below its baseline, an export that answers
 *     differently, too few trials; empty where there is nothing of the kind
 * @param findings what was found, with the interval and what it was found on
 * @param limits what the numbers do not say
 */
public record Verdict(List<String> problems, List<String> findings, List<String> limits) {

  /**
   * With fewer trials even a perfect score leaves error rates of 10 % possible (rule of three: no
   * error in N independent trials bounds the rate by 3/N with 95 % confidence; ISO/IEC 19795-1).
   */
  static final int FEW_TRIALS = 30;

  /** More skipped images than this share are named first. */
  private static final double MANY_SKIPPED = 0.02;

  public Verdict {
    problems = List.copyOf(problems);
    findings = List.copyOf(findings);
    limits = List.copyOf(limits);
  }

  /** Words the verdict on a run. */
  public static Verdict of(ReportData data) {
    Draft draft = new Draft();
    if (data.classification() != null) {
      classification(draft, data.classification());
    }
    if (data.baseline() != null) {
      baseline(draft, data.baseline());
    }
    for (VerificationSection section : data.verification()) {
      verification(draft, section, data.verification().size() > 1);
    }
    for (IdentificationSection section : data.identification()) {
      identification(draft, section);
    }
    for (TemplateSection section : data.templates()) {
      templates(draft, section);
    }
    for (ComparisonSection section : data.comparisons()) {
      comparison(draft, section);
    }
    for (FairnessSection section : data.fairness()) {
      fairness(draft, section);
    }
    for (OverlapSection section : data.overlap()) {
      overlap(draft, section);
    }
    if (data.acquisition() != null) {
      acquisition(draft, data.acquisition());
    }
    for (ExportSection section : data.exports()) {
      export(draft, section);
    }
    if (data.data() != null) {
      skipped(draft, data.data());
    }
    boolean imagesTested =
        data.classification() != null
            || !data.verification().isEmpty()
            || !data.identification().isEmpty()
            || !data.templates().isEmpty();
    String origin = data.summary().imageOrigin();
    if (imagesTested && origin != null && !origin.isBlank()) {
      draft.limits.add(
          "These images come from "
              + origin
              + ". A deployment with other cameras, poses, ages or groups of people will differ.");
    }
    return new Verdict(draft.problems, draft.findings, draft.limits);
  }

  /**
   * The lowest false match rate on which impostor pairs can speak: with no false match seen among
   * {@code impostorPairs}, the true rate may still be 3/N (rule of three), at most 1.
   */
  static double lowestFalseMatchRate(long impostorPairs) {
    return impostorPairs <= 0 ? 1 : Math.min(1, 3.0 / impostorPairs);
  }

  private static void classification(Draft draft, ClassificationSection section) {
    Metric accuracy = section.accuracy();
    long images = accuracy.trials() == null ? section.images() : accuracy.trials();
    int people = section.identities().size();
    String where =
        "Of "
            + counted(images, "image", "images")
            + (people > 0 ? " of " + counted(people, "person", "people") : "")
            + " ("
            + section.split()
            + ")";
    if (Double.isNaN(accuracy.value())) {
      draft.problems.add(where + " no accuracy could be computed.");
      return;
    }
    long right = Math.round(accuracy.value() * images);
    draft.findings.add(
        where
            + ", "
            + count(right)
            + (right == 1 ? " was" : " were")
            + " named right: "
            + withInterval(accuracy)
            + ".");
    if (accuracy.value() == 1) {
      draft.limits.add(ruleOfThree(images, "images"));
    }
    fewTrials(draft, images, "images", "named");
    draft.limits.add(
        "Every tested image shows a person whom the head was trained on. How it treats strangers,"
            + " the accuracy of naming does not say.");
  }

  private static void baseline(Draft draft, BaselineComparison comparison) {
    Metric head = comparison.head();
    Metric baseline = comparison.baseline();
    double difference = head.value() - baseline.value();
    String figures =
        percent(head.value())
            + " against "
            + percent(baseline.value())
            + " ("
            + comparison.measure()
            + ")";
    if (Double.isNaN(difference)) {
      draft.problems.add(
          "The head could not be compared with the baseline (" + comparison.baselineName() + ").");
    } else if (difference < 0) {
      draft.problems.add(
          "The trained head is below the baseline, "
              + comparison.baselineName()
              + ": "
              + figures
              + "."
              + (overlap(head, baseline)
                  ? chance() + " Either way, training gained nothing that shows here."
                  : " Training made the features worse by this figure; find out why before using"
                      + " the head."));
    } else if (difference == 0) {
      draft.findings.add(
          "The trained head is level with the baseline, "
              + comparison.baselineName()
              + ": "
              + figures
              + ". By this figure, training gained nothing.");
    } else {
      draft.findings.add(
          "The trained head is above the baseline, "
              + comparison.baselineName()
              + ": "
              + figures
              + "."
              + (overlap(head, baseline) ? chance() : ""));
    }
  }

  /** Whether the intervals overlap; no test, as both figures are from the same images. */
  private static boolean overlap(Metric head, Metric baseline) {
    return head.low() != null
        && head.high() != null
        && baseline.low() != null
        && baseline.high() != null
        && head.low() <= baseline.high()
        && baseline.low() <= head.high();
  }

  private static String chance() {
    return " Their 95" + SPACE + "% intervals overlap, so a difference of this size may be chance.";
  }

  private static void verification(Draft draft, VerificationSection section, boolean several) {
    String prefix = several ? section.title() + ": on " : "On ";
    Metric accuracy = section.accuracy();
    long pairs = section.pairs();
    String who =
        counted(pairs, "pair", "pairs")
            + " of "
            + counted(section.people(), "person", "people")
            + (section.peopleUnseen() == null
                ? ""
                : section.peopleUnseen()
                    ? " whom this run did not train on"
                    : ", some of whom this run trained on");
    if (pairs == 0 || (accuracy != null && Double.isNaN(accuracy.value()))) {
      draft.problems.add(section.title() + ": no pair could be scored.");
    } else if (accuracy == null) {
      if (section.equalErrorRate() != null) {
        draft.findings.add(
            prefix
                + who
                + ", there is a threshold at which equally large shares of both kinds are decided"
                + " wrong: "
                + withInterval(section.equalErrorRate())
                + ".");
      }
      draft.limits.add(
          labelled(
              section,
              several,
              "The pairs have no folds, so no accuracy is given: it would need a threshold that was"
                  + " chosen on other pairs."));
    } else {
      draft.findings.add(
          prefix
              + who
              + ", the decision (same person or not) was right in "
              + withInterval(accuracy)
              + ".");
      if (accuracy.value() == 1) {
        draft.limits.add(labelled(section, several, ruleOfThree(pairs, "pairs")));
      }
      fewTrials(draft, pairs, "pairs", "decided in " + section.title());
    }
    strictestRate(draft, section, several);
    thresholds(draft, section, several);
    calibration(draft, section, several);
    if (Boolean.FALSE.equals(section.peopleUnseen())) {
      draft.limits.add(
          labelled(
              section,
              several,
              "People of the training images occur in these pairs, so the figures are better than"
                  + " they would be on strangers."));
    }
    if (section.impostorPairs() > 0) {
      draft.limits.add(
          labelled(
              section,
              several,
              "With "
                  + counted(section.impostorPairs(), "impostor pair", "impostor pairs")
                  + " nothing can be said below a false match rate of "
                  + NumberText.rate(lowestFalseMatchRate(section.impostorPairs()))
                  + "."));
    }
    if (section.intervalBasis() != null && accuracy != null && accuracy.low() != null) {
      draft.limits.add(
          labelled(
              section,
              several,
              switch (section.intervalBasis()) {
                case PEOPLE ->
                    "Pairs share people, so the interval treats people, not pairs, as independent.";
                case PAIRS ->
                    "The interval treats pairs as independent. They share people, so the true"
                        + " interval is wider.";
                case FOLDS ->
                    "The interval comes from the spread over "
                        + counted(section.folds().size(), "fold", "folds")
                        + ", whose thresholds were chosen on overlapping pairs; it is a rough"
                        + " guide.";
              }));
    }
    LeftOutPairs leftOut = section.leftOut();
    if (leftOut != null && leftOut.pairs() > 0) {
      draft.limits.add(
          labelled(
              section,
              several,
              count(leftOut.pairs())
                  + " of "
                  + counted(leftOut.total(), "pair", "pairs")
                  + " of the protocol were left out, so the figure is not comparable with published"
                  + " ones. "
                  + sentence(leftOut.reason())));
    }
  }

  /** The strictest false match rate that the pairs can carry, and what it costs. */
  private static void strictestRate(Draft draft, VerificationSection section, boolean several) {
    TarAtFarRow strictest = null;
    for (TarAtFarRow row : section.tarAtFar()) {
      boolean carried =
          row.tar() != null
              && !Double.isNaN(row.tar().value())
              && row.targetFar() >= lowestFalseMatchRate(section.impostorPairs());
      if (carried && (strictest == null || row.targetFar() < strictest.targetFar())) {
        strictest = row;
      }
    }
    if (strictest == null) {
      return;
    }
    draft.findings.add(
        (several ? section.title() + ": set " : "Set ")
            + "so strictly that "
            + oneIn(strictest.targetFar())
            + " pairs of different people passes as one person, it accepts "
            + withInterval(strictest.tar())
            + " of the pairs that do show one person.");
  }

  private static void thresholds(Draft draft, VerificationSection section, boolean several) {
    ThresholdAdvice strictest = null;
    for (ThresholdAdvice advice : section.thresholds()) {
      if (advice.refused()) {
        draft.limits.add(
            labelled(
                section, several, "No threshold is recommended: " + sentence(advice.statement())));
      } else if (strictest == null || advice.targetFmr() < strictest.targetFmr()) {
        strictest = advice;
      }
    }
    if (strictest != null) {
      draft.findings.add(
          (several ? section.title() + ": for " : "For ")
              + "a false match rate of "
              + NumberText.rate(strictest.targetFmr())
              + ", accept from a score of "
              + NumberText.decimal(strictest.threshold().value())
              + "; then "
              + withInterval(strictest.fnmr())
              + " of the pairs of one person are refused."
              + (strictest.rough()
                  ? " The rate is bounded only: fewer than 30 errors were to be expected."
                  : ""));
    }
  }

  private static void calibration(Draft draft, VerificationSection section, boolean several) {
    CalibrationCost cost = section.calibration();
    if (cost == null) {
      return;
    }
    String figures =
        "Cllr "
            + NumberText.decimal(cost.cost().value())
            + " bits, of which "
            + NumberText.decimal(cost.loss().value())
            + " are lost by the calibration ("
            + cost.method()
            + ")";
    if (cost.cost().value() >= 1) {
      draft.problems.add(
          (several ? section.title() + ": the " : "The ")
              + "probabilities made of the scores mislead: "
              + figures
              + ", where 1 bit is what saying nothing would cost.");
    } else {
      draft.findings.add(
          (several ? section.title() + ": as " : "As ")
              + "probabilities, the scores cost "
              + figures
              + "; 0 is perfect, 1 says nothing.");
    }
  }

  private static void identification(Draft draft, IdentificationSection section) {
    String title = section.title() + ": ";
    if (section.matedProbes() == 0) {
      draft.problems.add(title + "no search was for someone in the gallery.");
      return;
    }
    fewTrials(draft, section.matedProbes(), "searches", "made in " + section.title());
    if (!section.ranks().isEmpty() && section.ranks().get(0).rank() == 1) {
      Metric rate = section.ranks().get(0).rate();
      draft.findings.add(
          title
              + "of "
              + counted(section.matedProbes(), "search", "searches")
              + " among "
              + counted(section.galleryIdentities(), "identity", "identities")
              + ", the right one came first in "
              + withInterval(rate)
              + ".");
      if (rate.value() == 1) {
        draft.limits.add(title + ruleOfThree(section.matedProbes(), "searches"));
      }
    }
    IdentificationSection.OpenSetRate strictest = null;
    for (IdentificationSection.OpenSetRate rate : section.openSet()) {
      boolean carried = rate.targetFpir() >= lowestFalseMatchRate(section.nonMatedProbes());
      if (carried && (strictest == null || rate.targetFpir() < strictest.targetFpir())) {
        strictest = rate;
      }
    }
    if (strictest != null) {
      draft.findings.add(
          title
              + "set so that "
              + oneIn(strictest.targetFpir())
              + " strangers is taken for someone of the gallery, "
              + withInterval(strictest.fnir())
              + " of the searches for someone who is there find nobody, or the wrong one.");
    } else if (!section.openSet().isEmpty()) {
      draft.problems.add(
          title
              + counted(section.nonMatedProbes(), "search", "searches")
              + " for strangers are too few for any of the rates asked for.");
    } else {
      draft.limits.add(
          title
              + "how often a stranger is taken for someone of the gallery was not measured. The rate"
              + " at rank 1 does not tell it.");
    }
    draft.limits.add(
        title
            + "a larger gallery finds fewer. These figures hold for "
            + counted(section.galleryIdentities(), "identity", "identities")
            + ".");
  }

  private static void templates(Draft draft, TemplateSection section) {
    TarAtFarRow strictest = null;
    for (TemplateSection.Row row : section.rows()) {
      TarAtFarRow point = row.point();
      boolean carried =
          point.tar() != null
              && row.rule().equals("at most")
              && point.targetFar() >= lowestFalseMatchRate(section.impostorPairs());
      if (carried && (strictest == null || point.targetFar() < strictest.targetFar())) {
        strictest = point;
      }
    }
    if (strictest != null) {
      draft.findings.add(
          section.title()
              + ": set so strictly that "
              + oneIn(strictest.targetFar())
              + " pairs of templates of different people passes as one person, it accepts "
              + withInterval(strictest.tar())
              + " of the pairs that do show one person.");
    }
  }

  private static void comparison(Draft draft, ComparisonSection section) {
    List<String> shown = new ArrayList<>();
    for (ComparisonSection.Figure figure : section.figures()) {
      if (figure.shown()) {
        shown.add(
            figure.name() + " (" + NumberText.points(figure.difference().value()) + " points)");
      }
    }
    String models = section.second() + " and " + section.first();
    draft.findings.add(
        shown.isEmpty()
            ? "No difference between "
                + models
                + " has been shown on these pairs. That is not to say that they are equal."
            : "On the same pairs, "
                + section.second()
                + " differs from "
                + section.first()
                + " in "
                + String.join(", ", shown)
                + ".");
  }

  private static void fairness(Draft draft, FairnessSection section) {
    String by = "By " + section.attribute() + ": ";
    inequality(draft, by, "people are wrongly accepted", section.fmrInequality());
    inequality(draft, by, "people are wrongly refused", section.fnmrInequality());
    long few =
        section.groups().stream()
            .filter(group -> group.fmr().tooFew() || group.fnmr().tooFew())
            .count();
    if (few > 0) {
      draft.limits.add(
          by
              + counted(few, "group has", "groups have")
              + " too few trials to be compared with the others.");
    }
  }

  private static void inequality(Draft draft, String by, String what, InequalityFigures figures) {
    if (figures == null || figures.maxOverMin() == null) {
      return;
    }
    Metric ratio = figures.maxOverMin();
    boolean certain = ratio.low() != null && ratio.low() > 1;
    draft.findings.add(
        by
            + what
            + " "
            + String.format(Locale.ROOT, "%.1f", ratio.value())
            + " times as often in the worst group ("
            + figures.highest()
            + ") as in the best ("
            + figures.lowest()
            + ")"
            + (ratio.low() == null
                ? "."
                : String.format(
                    Locale.ROOT,
                    " (95%s%% interval %.1f to %.1f).",
                    SPACE,
                    ratio.low(),
                    ratio.high()))
            + (certain ? "" : " The interval holds 1: the groups may be equal."));
  }

  private static void overlap(Draft draft, OverlapSection section) {
    if (!section.trainingKnown()) {
      draft.limits.add(
          section.test()
              + ": whether the model was trained on these people is not known; it does not name"
              + " whom it was trained on.");
    } else if (section.sharedCount() > 0 && section.leftOut() == null) {
      draft.problems.add(
          section.test()
              + ": "
              + count(section.sharedCount())
              + " of "
              + counted(section.testIdentities(), "person", "people")
              + " were trained on and not left out. The figures are better than on strangers.");
    }
  }

  private static void acquisition(Draft draft, AcquisitionSection section) {
    for (AcquisitionSection.Stage stage : section.stages()) {
      CountedRate lost = stage.failures();
      if (lost.rate() != null && lost.rate().value() > MANY_SKIPPED) {
        draft.problems.add(
            "At the step "
                + stage.name()
                + ", "
                + count(lost.errors())
                + " of "
                + counted(lost.trials(), "image", "images")
                + " were lost: "
                + withInterval(lost.rate())
                + ". "
                + sentence(section.treatment()));
      }
    }
  }

  private static String oneIn(double rate) {
    return "1 in " + count(Math.round(1 / rate));
  }

  private static void export(Draft draft, ExportSection section) {
    String format = section.format().toUpperCase(Locale.ROOT);
    String difference =
        "largest difference "
            + NumberText.small(section.largestDifference())
            + ", tolerance "
            + NumberText.small(section.tolerance());
    String images = counted(section.imagesCompared(), "image", "images");
    if (section.agrees()) {
      draft.findings.add(
          "The "
              + format
              + " file gives the same embeddings as the trained model on "
              + images
              + " ("
              + difference
              + ").");
    } else {
      draft.problems.add(
          "The "
              + format
              + " file does not answer as the trained model does ("
              + images
              + " compared, "
              + difference
              + "). Do not deploy it.");
    }
  }

  private static void skipped(Draft draft, DataSection section) {
    long skipped = section.skipped().size();
    long used = section.splits().stream().mapToLong(SplitCounts::images).sum();
    if (skipped > MANY_SKIPPED * (skipped + used)) {
      draft.problems.add(
          counted(skipped, "file was", "files were")
              + " skipped as unusable, "
              + percent((double) skipped / (skipped + used))
              + " of what was found. The figures describe the rest only.");
    }
  }

  private static void fewTrials(Draft draft, long trials, String what, String verb) {
    if (trials < FEW_TRIALS) {
      draft.problems.add(
          "Only "
              + count(trials)
              + " "
              + what
              + " were "
              + verb
              + ". That is too few for any conclusion: one more error moves the figure by "
              + percent(1.0 / Math.max(1, trials), 100L)
              + ".");
    }
  }

  private static String ruleOfThree(long trials, String what) {
    return "0 errors in "
        + count(trials)
        + " "
        + what
        + " do not mean that there are none: they bound the error rate by 3/"
        + count(trials)
        + " = "
        + NumberText.rate(Math.min(1, 3.0 / Math.max(1, trials)))
        + " (95"
        + SPACE
        + "% confidence, if the "
        + what
        + " were independent).";
  }

  private static String withInterval(Metric metric) {
    String value = percent(metric.value(), metric.trials());
    String interval = NumberText.spokenInterval(metric);
    return interval.equals(NumberText.NONE)
        ? value
        : value + " (95" + SPACE + "% interval " + interval + ")";
  }

  /** The sentence with the protocol before it where there are several. */
  private static String labelled(VerificationSection section, boolean several, String sentence) {
    if (!several) {
      return sentence;
    }
    return section.title()
        + ": "
        + Character.toLowerCase(sentence.charAt(0))
        + sentence.substring(1);
  }

  private static String sentence(String text) {
    String trimmed = text.strip();
    return trimmed.isEmpty() || ".!?".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0
        ? trimmed
        : trimmed + ".";
  }

  private static final class Draft {
    final List<String> problems = new ArrayList<>();
    final List<String> findings = new ArrayList<>();
    final List<String> limits = new ArrayList<>();
  }
}
