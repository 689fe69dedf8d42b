package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.xml.sax.InputSource;

final class ComparePageTest {
  private static ReportData run(String name, double accuracy, String recipe) {
    return ReportData.builder(
            name, "2026-11-24T09:30:00Z", new RunSummary(name + "-1", "a network", null))
        .training(
            new TrainingSection(
                List.of(
                    new EpochScores(1, 2.0, 1.5, null, accuracy / 2, 0.1),
                    new EpochScores(2, 1.0, 1.2, null, accuracy, 0.01)),
                2,
                null,
                3,
                null,
                null,
                null,
                null))
        .resolvedConfig(recipe)
        .metrics(
            MetricsFile.of(
                Map.of(
                    "heldOut",
                    Map.of(
                        "accuracy", Metric.of(accuracy, accuracy - 0.01, accuracy + 0.01, 100)))))
        .build();
  }

  @Test
  void figuresCurvesAndDifferingKeysStandSideBySide() throws Exception {
    List<ReportData> runs =
        List.of(
            run("first", 0.91, "name: first\nseed: 1\ntraining: {epochs: 2, batchSize: 8}\n"),
            run("second", 0.93, "name: second\nseed: 1\ntraining: {epochs: 2, batchSize: 16}\n"),
            run("third", 0.95, "name: third\nseed: 1\ntraining: {epochs: 2, batchSize: 16}\n"));
    String html = ComparePage.render(runs, RunComparisons.none());
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    assertTrue(html.contains("0.9300<small>0.9200 – 0.9400"), html);
    assertTrue(html.contains("class=\"series three\""));
    assertTrue(html.contains("Not paired"));
    CompareView view = new CompareView(runs, RunComparisons.none(), "");
    assertEquals(
        List.of("training.batchSize [8, 16, 16]"),
        view.differences().stream().map(line -> line.name() + " " + line.values()).toList());
    assertFalse(view.warnings().toString().contains("not of the same images"));
  }

  @Test
  void runsOnOtherImagesAreSaidToBe() {
    CompareView view =
        new CompareView(
            List.of(run("a", 0.9, "name: a\nseed: 1\n"), run("b", 0.9, "name: b\nseed: 2\n")),
            RunComparisons.none(),
            "");
    assertTrue(view.warnings().get(0).contains("not of the same images"), view.warnings().get(0));
  }

  @Test
  void oneRunAloneIsNoComparison() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ComparePage.render(List.of(run("a", 0.9, "name: a\n")), RunComparisons.none()));
  }
}
