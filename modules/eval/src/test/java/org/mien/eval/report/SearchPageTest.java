package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mien.eval.report.SearchData.Axis;
import org.mien.eval.report.SearchData.Row;
import org.xml.sax.InputSource;

final class SearchPageTest {
  /** The rate decides, the loss does not. */
  private static SearchData search() {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(0, List.of(), 0.5, 3, 1.5, ""));
    for (int i = 1; i <= 12; i++) {
      rows.add(
          new Row(
              i,
              List.of(
                  String.format(Locale.ROOT, "%.4f", Math.pow(10, -i / 4.0)),
                  i % 2 == 0 ? "{type: arcface}" : "{type: <b>}"),
              0.9 - i / 100.0,
              2,
              1,
              ""));
    }
    rows.add(new Row(13, List.of("0.5", "{type: <b>}"), null, 0, 1, "diverged"));
    return new SearchData(
        "faces",
        "head.yaml",
        "validation accuracy",
        true,
        List.of(
            new Axis("training.optimizer.learningRate", true, List.of()),
            new Axis("model.loss", false, List.of("{type: arcface}", "{type: <b>}"))),
        rows,
        1);
  }

  @Test
  void thePageIsWellFormedAndSaysWhatWasFound() throws Exception {
    String html = SearchPage.render(search());
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    assertTrue(html.contains("The best is candidate 1 with validation accuracy 0.8900"), html);
    assertTrue(html.contains("the recipe as it is has 0.5000"));
    assertTrue(html.contains("diverged"));
    assertFalse(html.contains("<b>"), "a value is not escaped");
    assertTrue(html.contains("id=\"coordinates\"") && html.contains("id=\"importance\""));
  }

  @Test
  void theKeyThatDecidesExplainsTheRanksAndTheOtherNothing() {
    var importance = new SearchView(search(), "").importance();
    assertTrue(importance.get("learningRate") >= 80, importance.toString());
    assertEquals(0, importance.get("loss"), importance.toString());
  }

  @Test
  void chanceAloneExplainsNothingOnAverage() {
    SplittableRandom random = new SplittableRandom(3);
    double sum = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] coordinates = random.doubles(12).toArray();
      double[] figures = random.doubles(12).toArray();
      sum += KeyImportance.of(coordinates, false, figures).orElseThrow();
    }
    // The plain correlation ratio would be 2 / 11 on average; what is cut off at 0 leaves a little.
    assertTrue(sum / 400 < 0.11, "mean " + sum / 400);
  }

  @Test
  void equalFiguresShareTheirRankAndTooFewCandidatesTellNothing() {
    assertArrayEquals(
        new double[] {2.5, 1, 2.5, 4}, KeyImportance.ranks(new double[] {3, 1, 3, 9}));
    assertTrue(KeyImportance.of(new double[] {1, 2, 3}, false, new double[] {1, 2, 3}).isEmpty());
  }
}
