package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.EmbeddingRows;

/** Reads the page as browsers do, by an HTML parser, and looks at the newer sections. */
class ReportStructureTest {
  private static final ReportData DATA = ExampleReport.everything();
  private static final String HTML = HtmlReport.render(DATA);
  private static final Document PAGE = Jsoup.parse(HTML);

  @Test
  void theParserFindsNothingToRepair() {
    Parser parser = Parser.htmlParser().setTrackErrors(20);
    Jsoup.parse(HTML, "", parser);

    // What is closed with a slash, as XML asks, is all that HTML knows as void.
    List<String> errors =
        parser.getErrors().stream()
            .map(Object::toString)
            .filter(error -> !error.contains("self closing"))
            .toList();
    assertEquals(List.of(), errors);
  }

  @Test
  void everyIdIsUniqueAndEveryReferenceHasItsTarget() {
    Set<String> ids = new HashSet<>();
    for (Element element : PAGE.select("[id]")) {
      assertTrue(ids.add(element.id()), "twice: " + element.id());
    }
    for (Element link : PAGE.select("a[href]")) {
      assertTrue(ids.contains(link.attr("href").substring(1)), link.attr("href"));
    }
    for (Element element : PAGE.select("[aria-labelledby]")) {
      for (String id : element.attr("aria-labelledby").split(" ", -1)) {
        assertTrue(ids.contains(id), id);
      }
    }
  }

  @Test
  void everyChartHasATitleADescriptionAndItsNumbersInATable() {
    assertTrue(PAGE.select("svg.plot").size() >= 15, PAGE.select("svg.plot").size() + " charts");
    for (Element svg : PAGE.select("svg.plot")) {
      assertFalse(svg.select("> title").text().isBlank(), svg.attr("aria-labelledby"));
      assertFalse(svg.select("> desc").text().isBlank(), svg.attr("aria-labelledby"));
      Element figure = svg.closest("figure");
      assertNotNull(figure);
      boolean own = !figure.select("table").isEmpty();
      boolean ofSection =
          svg.closest("section").select("table").stream()
              .anyMatch(table -> !table.hasClass("facts") && table.closest("figure") == null);
      assertTrue(own || ofSection, figure.id() + " has no table");
    }
  }

  @Test
  void everyTableHasACaptionAndEveryHeadingItsScope() {
    for (Element table : PAGE.select("table")) {
      assertEquals(1, table.select("> caption").size());
      for (Element heading : table.select("th")) {
        assertTrue(heading.attr("scope").matches("row|col"), heading.text());
      }
      int columns = table.select("thead th").size();
      for (Element row : table.select("tbody tr")) {
        assertTrue(columns == 0 || row.children().size() == columns, row.text());
      }
    }
  }

  @Test
  void headingsAreInOrder() {
    int before = 0;
    for (Element heading : PAGE.select("h1, h2, h3, h4")) {
      int level = heading.tagName().charAt(1) - '0';
      assertTrue(level <= before + 1, heading.text());
      before = level;
    }
  }

  @Test
  void thePageNamesNoOtherHostAndItsPolicyLetsOnlyItsOwnScriptRun() throws Exception {
    String withoutNames = HTML.replace("http://www.w3.org/", "");
    assertFalse(withoutNames.contains("http:"), "names a host");
    assertFalse(withoutNames.contains("https:"), "names a host");
    assertEquals(1, PAGE.select("script").size());
    assertFalse(PAGE.select("script").get(0).hasAttr("src"));
    String policy = PAGE.select("meta[http-equiv=Content-Security-Policy]").attr("content");
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(PAGE.select("script").get(0).data().getBytes(StandardCharsets.UTF_8));
    assertTrue(policy.contains("default-src 'none'"), policy);
    assertTrue(
        policy.contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'"),
        policy);
    for (Element element : PAGE.select("*")) {
      element
          .attributes()
          .forEach(
              attribute -> assertFalse(attribute.getKey().startsWith("on"), element.tagName()));
    }
  }

  @Test
  void everySectionIsInTheContents() {
    for (Element section : PAGE.select("main section")) {
      String id = section.attr("aria-labelledby");
      assertEquals(1, PAGE.select("nav a[href=#" + id + "]").size(), id);
    }
    for (String id :
        List.of(
            "identification-1-gallery",
            "identification-2-megaface",
            "templates-1-ijbc",
            "comparison-1-mobilefacenet-512",
            "groups-1-ethnicity",
            "strata-1-agegapyears",
            "worst-1-lfw",
            "map",
            "acquisition",
            "overlap",
            "performance")) {
      assertEquals(1, PAGE.select("main section[aria-labelledby=" + id + "]").size(), id);
    }
  }

  @Test
  void curvesTellThresholdAndBothRatesWithoutAScript() {
    for (String figure : List.of("roc", "det", "rates")) {
      List<String> titles =
          PAGE.select("#verification-1-lfw-" + figure + " circle.tip > title").eachText();
      assertTrue(titles.size() > 10, figure + " " + titles.size());
      for (String title : titles) {
        assertTrue(
            title.matches("threshold [−∞0-9.]+, FMR [0-9.e-]+( %)?, FNMR [0-9.e-]+( %)?"), title);
      }
    }
  }

  @Test
  void aBandLiesBehindTheCurvesItIsOf() {
    assertEquals(1, PAGE.select("#verification-1-lfw-roc path.band").size());
    assertEquals(1, PAGE.select("#verification-1-lfw-det path.band").size());
    Document without = Jsoup.parse(HtmlReport.render(ExampleReport.full(12)));
    assertEquals(0, without.select("path.band").size());
  }

  @Test
  void recommendedThresholdsTellTheirGuardAndRefusalsWhatTheTrialsSupport() {
    Element table = table("Recommended thresholds");
    List<ThresholdAdvice> advice = DATA.verification().get(0).thresholds();
    assertTrue(advice.get(2).refused());
    List<Element> rows = table.select("tbody tr");
    assertEquals(advice.size(), rows.size());
    assertTrue(
        rows.get(0).text().contains(NumberText.decimal(advice.get(0).threshold().value())),
        rows.get(0).text());
    assertTrue(rows.get(1).text().contains("Bounded only"), rows.get(1).text());
    assertTrue(rows.get(2).text().contains("refused"), rows.get(2).text());
    assertTrue(rows.get(2).text().contains("rule of 3"), rows.get(2).text());
  }

  @Test
  void groupsShowCountsAndTheHeatMapEveryTwoGroupsOnce() {
    FairnessSection section = DATA.fairness().get(0);
    assertEquals(10, section.crossGroups().size());
    assertEquals(10, PAGE.select("#groups-1-ethnicity-cross rect.rate").size());
    Element table = table("Groups");
    for (FairnessSection.Group group : section.groups()) {
      Element row =
          table.select("tbody tr").stream()
              .filter(found -> found.child(0).text().equals(group.name()))
              .findFirst()
              .orElseThrow();
      assertTrue(
          row.text()
              .contains(
                  NumberText.count(group.fmr().errors())
                      + " / "
                      + NumberText.count(group.fmr().trials())),
          row.text());
    }
  }

  @Test
  void worstPairsAreTheHighestImpostorsAndTheLowestGenuine() {
    List<ComparedImages> pairs = ExampleReport.pairs(new Random(11), 40);
    WorstPairsSection section =
        WorstPairsSection.of("p", "t", pairs, new Similarity(0.3), null, 5, Thumbnails.none());

    double highest =
        pairs.stream()
            .filter(pair -> !pair.pair().genuine())
            .mapToDouble(pair -> pair.pair().similarity().value())
            .max()
            .orElseThrow();
    double lowest =
        pairs.stream()
            .filter(pair -> pair.pair().genuine())
            .mapToDouble(pair -> pair.pair().similarity().value())
            .min()
            .orElseThrow();
    assertEquals(5, section.falseMatches().size());
    assertEquals(highest, section.falseMatches().get(0).score());
    assertEquals(lowest, section.falseNonMatches().get(0).score());
    assertTrue(section.falseMatches().get(4).score() >= 0.3);
    assertTrue(section.falseNonMatches().get(4).score() < 0.3);
    long errors = Long.MAX_VALUE;
    for (WorstPairsSection.Identity identity : section.identities()) {
      assertTrue(identity.errors() <= errors);
      assertEquals(20, identity.missed().trials());
      assertEquals(78, identity.falseMatches().trials());
      errors = identity.errors();
    }
  }

  @Test
  void picturesAreShownOnlyWhereGivenAndOnlyAsJpegOrPng() {
    assertEquals(20, PAGE.select("img").size());
    for (Element picture : PAGE.select("img")) {
      assertFalse(picture.attr("alt").isBlank());
    }
    List<ComparedImages> pairs = ExampleReport.pairs(new Random(11), 10);
    WorstPairsSection none =
        WorstPairsSection.of("p", "t", pairs, new Similarity(0.3), null, 5, Thumbnails.none());
    assertFalse(none.falseMatches().get(0).hasThumbnails());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            WorstPairsSection.of(
                "p",
                "t",
                pairs,
                new Similarity(0.3),
                null,
                5,
                key -> Optional.of("<svg onload='x'/>".getBytes(StandardCharsets.UTF_8))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WorstPairsSection.Pair(0.1, "a", "b", "data:image/svg+xml;base64,AAAA", null));
  }

  @Test
  void theVerdictSpeaksOfIdentificationGroupsCalibrationAndComparison() {
    String verdict = PAGE.select("section.verdict").text().replace(NumberText.SPACE, " ");
    for (String part :
        List.of(
            "Gallery of 500 people: of 2,100 searches among 500 identities, the right one came"
                + " first in 94.00 %",
            "set so that 1 in 10 strangers is taken for someone of the gallery",
            "MegaFace, 10,000 distractors: how often a stranger",
            "By ethnicity: people are wrongly accepted",
            "accept from a score of",
            "No threshold is recommended",
            "bits, of which",
            "mobilefacenet-512 differs from baseline-128 in accuracy (+1.10 points)",
            "IJB-C 1:1: set so strictly that 1 in 10,000 pairs of templates")) {
      assertTrue(verdict.contains(part), part + "\n" + verdict);
    }
  }

  @Test
  void theVerdictWarnsOfPeopleTrainedOnAndTested() {
    ReportData data =
        ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
            .overlap(OverlapSection.of("LFW", List.of("a", "b"), List.of("b", "c"), null))
            .build();

    assertEquals(1, Verdict.of(data).problems().size());
    assertTrue(
        Verdict.of(data).problems().get(0).startsWith("LFW: 1 of 2"),
        Verdict.of(data).problems().get(0));
  }

  @Test
  void theMapKeepsTheDirectionsOfLargestVariance() {
    // Along the first two of five axes only, ten times as far along the first.
    float[] values = new float[40 * 5];
    Random random = new Random(4);
    for (int row = 0; row < 40; row++) {
      values[5 * row] = (float) (0.02 * random.nextGaussian());
      values[5 * row + 1] = (float) (0.002 * random.nextGaussian());
      values[5 * row + 4] = 1;
    }
    EmbeddingMap map =
        EmbeddingMap.of("d", EmbeddingRows.of("e", 5, values), Collections.nCopies(40, "a"));

    assertTrue(map.firstShare() > 0.95, "first " + map.firstShare());
    assertTrue(map.firstShare() + map.secondShare() > 0.999, "both " + map.secondShare());
    double sign = 0;
    for (int row = 0; row < 40; row++) {
      sign += map.points().get(row).x() * values[5 * row];
    }
    for (int row = 0; row < 40; row++) {
      double x = map.points().get(row).x() * Math.signum(sign);
      EmbeddingMap.Point first = map.points().get(0);
      double between = x - first.x() * Math.signum(sign);
      assertEquals(values[5 * row] - values[0], between, 0.002);
    }
  }

  @Test
  void theMapIsTheSameByRowsAndByDimensions() {
    Random random = new Random(5);
    float[] narrow = new float[12 * 6];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) random.nextGaussian();
    }
    // Padded with zeros, the matrix of rows is the smaller one.
    float[] wide = new float[12 * 30];
    for (int row = 0; row < 12; row++) {
      System.arraycopy(narrow, 6 * row, wide, 30 * row, 6);
    }
    List<String> names = Collections.nCopies(12, "a");
    EmbeddingMap a = EmbeddingMap.of("d", EmbeddingRows.of("e", 6, narrow), names);
    EmbeddingMap b = EmbeddingMap.of("d", EmbeddingRows.of("e", 30, wide), names);

    assertEquals(a.firstShare(), b.firstShare(), 1e-9);
    for (int row = 0; row < 12; row++) {
      assertEquals(a.points().get(row).x(), b.points().get(row).x(), 1e-9);
      assertEquals(a.points().get(row).y(), b.points().get(row).y(), 1e-9);
    }
  }

  @Test
  void latencyTakesTheMiddleAndTheSlowEnd() {
    long[] nanoseconds = new long[101];
    for (int i = 0; i <= 100; i++) {
      nanoseconds[i] = (100 - i) * 1_000_000L + 1_000_000L;
    }
    PerformanceSection.Latency latency = PerformanceSection.Latency.of("x", 4, nanoseconds);

    assertEquals(51, latency.medianMilliseconds());
    assertEquals(96, latency.slowestTwentiethMilliseconds());
    assertEquals(4000 / 51.0, latency.imagesPerSecond(), 1e-9);
  }

  @Test
  void countedRatesHaveAnIntervalAndRefuseMoreErrorsThanTrials() {
    CountedRate rate = CountedRate.of(0, 100);
    // Rule of three, exactly: 1 - 0.025^(1/100).
    assertEquals(1 - Math.pow(0.025, 0.01), rate.rate().high(), 1e-9);
    assertThrows(
        IllegalArgumentException.class, () -> new CountedRate(2, 1, Metric.of(0.5, 1), false));
  }

  private static Element table(String caption) {
    return PAGE.select("table").stream()
        .filter(table -> table.select("caption").text().startsWith(caption))
        .findFirst()
        .orElseThrow();
  }
}
