package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mien.eval.metrics.Metric;

class VerdictTest {
  private static final String NBSP = NumberText.SPACE;

  @Test
  void tellsTheAccuracyOnPeopleNotTrainedOnWithItsInterval() {
    Verdict verdict =
        Verdict.of(with(section(300, 300, true, Metric.of(0.987, 0.974, 0.993, 600))));

    assertEquals(
        List.of(
            "On 600 pairs of 32 people whom this run did not train on, the decision (same"
                + " person or not) was right in 98.7 % (95 % interval 97.4 to 99.3 %)."),
        plain(verdict.findings()));
    assertEquals(List.of(), verdict.problems());
  }

  @Test
  void namesTheRateBelowWhichImpostorPairsSayNothing() {
    List<String> limits =
        plain(Verdict.of(with(section(300, 300, true, Metric.of(0.98, 600)))).limits());

    assertTrue(
        limits.contains(
            "With 300 impostor pairs nothing can be said below a false match rate of 1 %."),
        limits.toString());
    assertEquals(0.001, Verdict.lowestFalseMatchRate(3000), 1e-12);
    assertEquals(1, Verdict.lowestFalseMatchRate(2));
    assertEquals(1, Verdict.lowestFalseMatchRate(0));
  }

  @Test
  void saysWhatTheIntervalTakesAsIndependentOnlyWhereThereIsAnInterval() {
    String people = "Pairs share people, so the interval treats people, not pairs, as independent.";

    assertTrue(
        Verdict.of(with(section(300, 300, true, Metric.of(0.98, 0.97, 0.99, 600))))
            .limits()
            .contains(people));
    assertFalse(
        Verdict.of(with(section(300, 300, true, Metric.of(0.98, 600)))).limits().contains(people));
  }

  @Test
  void boundsTheErrorRateOfAPerfectScoreByThreeOverN() {
    List<String> limits =
        plain(Verdict.of(with(section(300, 300, true, Metric.of(1, 600)))).limits());

    assertTrue(
        limits.contains(
            "0 errors in 600 pairs do not mean that there are none: they bound the error rate by"
                + " 3/600 = 0.5 % (95 % confidence, if the pairs were independent)."),
        limits.toString());
    assertTrue(
        plain(Verdict.of(with(section(300, 300, true, Metric.of(0.999, 600)))).limits()).stream()
            .noneMatch(sentence -> sentence.startsWith("0 errors")));
  }

  @Test
  void warnsOfTooFewTrials() {
    assertTrue(
        plain(Verdict.of(with(section(14, 15, true, Metric.of(0.9, 29)))).problems())
            .get(0)
            .startsWith("Only 29 pairs were decided"));
    assertEquals(List.of(), Verdict.of(with(section(15, 15, true, Metric.of(0.9, 30)))).problems());
  }

  @Test
  void saysPlainlyThatTheHeadIsBelowTheBaseline() {
    Verdict clear =
        Verdict.of(compared(Metric.of(0.90, 0.88, 0.92, 800), Metric.of(0.981, 0.97, 0.99, 800)));

    assertEquals(1, clear.problems().size());
    assertTrue(
        plain(clear.problems())
            .get(0)
            .startsWith(
                "The trained head is below the baseline, nearest class centroid: 90.00 % against"
                    + " 98.10 % (accuracy)."));
    assertFalse(clear.problems().get(0).contains("chance"));
    assertTrue(clear.findings().isEmpty());
  }

  @Test
  void callsADifferenceInsideTheIntervalsPossibleChance() {
    Verdict below =
        Verdict.of(compared(Metric.of(0.97, 0.95, 0.98, 400), Metric.of(0.98, 0.96, 0.99, 400)));
    Verdict above =
        Verdict.of(compared(Metric.of(0.98, 0.96, 0.99, 400), Metric.of(0.97, 0.95, 0.98, 400)));

    assertTrue(below.problems().get(0).contains("may be chance"));
    assertTrue(above.findings().get(0).contains("above the baseline"));
    assertTrue(above.findings().get(0).contains("may be chance"));
    assertEquals(List.of(), above.problems());
  }

  @Test
  void levelWithTheBaselineIsNoGain() {
    Verdict level = Verdict.of(compared(Metric.of(0.98, 400), Metric.of(0.98, 400)));

    assertTrue(level.findings().get(0).contains("training gained nothing"));
    assertEquals(List.of(), level.problems());
  }

  @Test
  void warnsOfAnExportThatAnswersDifferentlyAndOfOneThatWasNeverCompared() {
    for (ExportSection bad :
        List.of(
            new ExportSection("onnx", "m.onnx", 1, "00", 8, 2e-3, 1e-5),
            new ExportSection("onnx", "m.onnx", 1, "00", 8, Double.NaN, 1e-5),
            new ExportSection("onnx", "m.onnx", 1, "00", 8, Double.POSITIVE_INFINITY, 1e-5),
            new ExportSection("onnx", "m.onnx", 1, "00", 0, 0, 1e-5))) {
      Verdict verdict = Verdict.of(empty().export(bad).build());
      assertTrue(verdict.problems().get(0).contains("Do not deploy it"), bad.toString());
      assertEquals(List.of(), verdict.findings());
    }
    assertEquals(
        List.of(),
        Verdict.of(empty().export(new ExportSection("onnx", "m", 1, "00", 8, 1e-5, 1e-5)).build())
            .problems());
  }

  @Test
  void tellsWhereTheImagesComeFromOnlyWhereImagesWereTested() {
    String sentence =
        "These images come from LFW deep-funneled (news photographs of public figures). A"
            + " deployment with other cameras, poses, ages or groups of people will differ.";

    assertTrue(
        Verdict.of(with(section(300, 300, true, Metric.of(0.98, 600))))
            .limits()
            .contains(sentence));
    assertEquals(List.of(), Verdict.of(empty().build()).limits());
  }

  @Test
  void countsTheNamesThatWereRight() {
    ClassificationSection section = ExampleReport.classification(new Random(3), 40);
    long right = section.identities().stream().mapToLong(IdentityScores::correct).sum();

    String sentence = plain(Verdict.of(empty().classification(section).build()).findings()).get(0);

    assertTrue(sentence.contains(", " + NumberText.count(right) + " were named right: "), sentence);
    assertTrue(
        sentence.startsWith("Of " + NumberText.count(section.images()) + " images of 40 people"));
  }

  @Test
  void picksTheStrictestRateThatThePairsCanCarry() {
    VerificationSection section =
        ExampleReport.verification(new Random(3), "lfw", "LFW", 3000, 3000, 99, 0);

    List<String> findings = plain(Verdict.of(with(section)).findings());

    assertTrue(
        findings.get(1).contains("1 in 1,000 pairs of different people"), findings.toString());
  }

  @Test
  void namesTheProtocolWhereThereAreSeveral() {
    ReportData data = ExampleReport.full(12);

    assertTrue(
        plain(Verdict.of(data).limits())
            .contains(
                "LFW View 2: with 3,000 impostor pairs nothing can be said below a false match rate"
                    + " of 0.1 %."));
  }

  private static ReportDataBuilder empty() {
    return ReportData.builder("title", "2026-11-24T09:30:00Z", ExampleReport.summary());
  }

  private static ReportData with(VerificationSection section) {
    return empty().verification(section).build();
  }

  private static ReportData compared(Metric head, Metric baseline) {
    return empty()
        .baseline(new BaselineComparison("accuracy", "nearest class centroid", head, baseline))
        .build();
  }

  private static VerificationSection section(
      long genuine, long impostor, boolean unseen, Metric accuracy) {
    return new VerificationSection(
        "heldOut",
        "Held-out people",
        null,
        genuine,
        impostor,
        32,
        unseen,
        IntervalBasis.PEOPLE,
        accuracy,
        null,
        null,
        "cosine similarity",
        null,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        null);
  }

  private static List<String> plain(List<String> sentences) {
    return sentences.stream().map(sentence -> sentence.replace(NBSP, " ")).toList();
  }
}
