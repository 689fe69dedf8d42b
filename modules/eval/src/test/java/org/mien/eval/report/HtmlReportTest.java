package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads the page as XML, which it is on purpose, and checks it against its data. */
class HtmlReportTest {
  private static final List<String> ALL_SECTIONS =
      List.of(
          "verdict",
          "key-figures",
          "baseline",
          "classification",
          "verification-1-heldout",
          "verification-2-lfw",
          "training",
          "data",
          "exports",
          "not-tested",
          "all-figures",
          "configuration",
          "provenance");

  @Test
  void aFullRunHasEverySectionInOrderAndEachIsLinked() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.full(40)));

    assertEquals(ALL_SECTIONS, sections(page));
    assertEquals(
        ALL_SECTIONS.stream().map(id -> "#" + id).toList(),
        attributes((Element) page.getElementsByTagName("nav").item(0), "a", "href"));
  }

  @Test
  void absentSectionsAreLeftOutAndNamed() throws Exception {
    Document page =
        parse(
            HtmlReport.render(
                ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                    .notTested("Nothing about cats.")
                    .build()));

    assertEquals(List.of("verdict", "not-tested"), sections(page));
    String notTested = section(page, "not-tested").getTextContent();
    for (String expected :
        List.of(
            "classification", "Verification", "Nothing was trained", "exported", "about cats")) {
      assertTrue(notTested.contains(expected), expected);
    }
    assertEquals(0, page.getElementsByTagName("table").getLength());
  }

  @Test
  void aTaskOfClassesHasItsConfusionDrawn() throws Exception {
    Map<String, Metric> figures = new LinkedHashMap<>();
    figures.put("accuracy", Metric.of(0.75, 8));
    // An equals sign in a label, and one that no image has.
    figures.put("confusion@a=b=a=b", Metric.of(0.75, 4));
    figures.put("confusion@a=b=sad", Metric.of(0.25, 4));
    figures.put("confusion@sad=sad", Metric.of(1, 5));
    figures.put("confusion@sad=a=b", Metric.of(0, 5));
    figures.put("confusion@sad=<none>", Metric.of(0, 5));
    Document page =
        parse(
            HtmlReport.render(
                ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                    .metrics(MetricsFile.of(Map.of("task.mood", figures)))
                    .build()));

    Element section = section(page, "confusion-1-task-mood");
    assertTrue(section.getTextContent().contains("3 classes; 1 images told wrong"));
    List<String> cells = new ArrayList<>();
    NodeList texts = section.getElementsByTagName("text");
    for (int i = 0; i < texts.getLength(); i++) {
      if (((Element) texts.item(i)).getAttribute("class").startsWith("count")) {
        cells.add(texts.item(i).getTextContent());
      }
    }
    assertEquals(List.of("3", "1", "5"), cells);
  }

  @Test
  void ofManyClassesThoseOfLowestRecallAreShownWithTheirIntervals() throws Exception {
    Map<String, Metric> figures = new LinkedHashMap<>();
    for (int label = 0; label < 31; label++) {
      double recall = label == 17 ? 0.25 : 0.5 + label / 100.0;
      figures.put("confusion@c" + label + "=c" + label, Metric.of(recall, 0.2, 0.9, 100));
    }
    Document page =
        parse(
            HtmlReport.render(
                ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                    .metrics(MetricsFile.of(Map.of("task.brand", figures)))
                    .build()));

    Element section = section(page, "confusion-1-task-brand");
    assertTrue(section.getTextContent().contains("31 classes with images"));
    List<Element> worst = rows(section);
    assertEquals(20, worst.size());
    assertEquals("c17", elements(worst.get(0), "th").get(0).getTextContent());
    assertEquals(
        List.of("100", "25", "25.0 %", "20.0 – 90.0 %"),
        elements(worst.get(0), "td").stream()
            .map(cell -> cell.getTextContent().replace(NumberText.SPACE, " "))
            .toList());
    assertTrue(worst.get(1).getTextContent().startsWith("c0"), worst.get(1).getTextContent());
    assertEquals(0, section.getElementsByTagName("svg").getLength());
  }

  @Test
  void aTestedSectionIsNotCalledUntested() throws Exception {
    String text =
        section(parse(HtmlReport.render(ExampleReport.full(40))), "not-tested").getTextContent();

    assertFalse(text.contains("classification"), text);
    assertFalse(text.contains("exported"), text);
  }

  @Test
  void hostileTextStaysText() throws Exception {
    String hostile = "<script>alert(1)</script>\"'><img src=x onerror=y> & \u0001 \ud800";
    ClassificationSection section =
        new ClassificationSection(
            hostile,
            2,
            Metric.of(0.5, 2).withNote(hostile),
            List.of(),
            List.of(
                new IdentityScores(hostile, 1, 1, 1.0, 1.0, 1.0),
                new IdentityScores("b", 1, 0, null, 0.0, null)),
            List.of(new ConfusionCell(hostile, hostile, 1), new ConfusionCell("b", hostile, 1)));
    VerificationSection verification =
        new VerificationSection(
            hostile,
            hostile,
            hostile,
            30,
            30,
            4,
            true,
            null,
            Metric.of(0.5, 60),
            null,
            null,
            hostile,
            0.5,
            hostile,
            List.of(),
            new ScoreHistogram(0, 1, List.of(3L, 4L), List.of(4L, 3L)),
            List.of(),
            List.of(),
            new LeftOutPairs(1, 61, 1, hostile));
    Document page =
        parse(
            HtmlReport.render(
                ReportData.builder(hostile, hostile, new RunSummary(hostile, hostile, hostile))
                    .keyFigure(
                        new KeyFigure(
                            hostile, Metric.of(1, 2).withNote(hostile), FigureStyle.COUNT))
                    .classification(section)
                    .verification(verification)
                    .data(
                        new DataSection(
                            hostile,
                            List.of(new SplitCounts(hostile, 1, 1, hostile)),
                            List.of(new SkippedImage(hostile, hostile))))
                    .export(new ExportSection(hostile, hostile, 1, hostile, 1, 0, 0))
                    .resolvedConfig(hostile)
                    .provenance(hostile, hostile)
                    .notTested(hostile)
                    .build()));

    // The page's own.
    assertEquals(1, page.getElementsByTagName("script").getLength());
    assertEquals(0, page.getElementsByTagName("img").getLength());
    String shown = hostile.replace('\u0001', '\ufffd').replace('\ud800', '\ufffd');
    assertEquals(shown, page.getElementsByTagName("h1").item(0).getTextContent());
    assertEquals(shown, page.getElementsByTagName("code").item(0).getTextContent());
  }

  @Test
  void namesNoOtherFileOrHost() throws Exception {
    for (ReportData data :
        List.of(ExampleReport.full(12), ExampleReport.troubled(), ExampleReport.everything())) {
      String html = HtmlReport.render(data);
      Document page = parse(html);
      for (Element element : elements(page.getDocumentElement(), "*")) {
        String source = element.getAttribute("src");
        assertTrue(source.isEmpty() || source.startsWith("data:image/"), source);
        String href = element.getAttribute("href");
        assertTrue(href.isEmpty() || href.startsWith("#"), href);
      }
      assertFalse(html.contains("url("), "style sheet refers to a file");
      assertFalse(html.contains("@import"), "style sheet refers to a file");
      for (String tag : List.of("link", "iframe", "object")) {
        assertEquals(0, page.getElementsByTagName(tag).getLength(), tag);
      }
    }
  }

  @Test
  void idsAreUniqueAndEveryReferenceHasItsTarget() throws Exception {
    for (int identities : new int[] {12, 158}) {
      Document page = parse(HtmlReport.render(ExampleReport.full(identities)));
      Set<String> ids = new HashSet<>();
      for (Element element : elements(page.getDocumentElement(), "*")) {
        String id = element.getAttribute("id");
        assertTrue(id.isEmpty() || ids.add(id), "twice: " + id);
      }
      for (Element element : elements(page.getDocumentElement(), "*")) {
        String href = element.getAttribute("href");
        assertTrue(href.isEmpty() || ids.contains(href.substring(1)), href);
        for (String label : element.getAttribute("aria-labelledby").split(" ", -1)) {
          assertTrue(label.isEmpty() || ids.contains(label), label);
        }
      }
    }
  }

  @Test
  void screenReadersFindLandmarksHeadingsInOrderAndDescribedTablesAndPlots() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.full(12)));

    for (String landmark : List.of("header", "nav", "main", "footer", "h1")) {
      assertEquals(1, page.getElementsByTagName(landmark).getLength(), landmark);
    }
    int before = 0;
    for (Element element : elements(page.getDocumentElement(), "*")) {
      if (element.getTagName().matches("h[1-6]")) {
        int level = element.getTagName().charAt(1) - '0';
        assertTrue(level <= before + 1, "h" + before + " then " + element.getTextContent());
        before = level;
      }
    }
    for (Element table : elements(page.getDocumentElement(), "table")) {
      assertEquals(1, table.getElementsByTagName("caption").getLength());
      for (Element cell : elements(table, "th")) {
        assertTrue(cell.getAttribute("scope").matches("row|col"), cell.getTextContent());
      }
    }
    int plots = 0;
    for (Element svg : elements(page.getDocumentElement(), "svg")) {
      if (svg.getAttribute("class").startsWith("plot")) {
        plots++;
        assertEquals("img", svg.getAttribute("role"));
        assertEquals("title", svg.getFirstChild().getNodeName());
        assertEquals(1, svg.getElementsByTagName("desc").getLength());
      }
    }
    // Confusion; ROC, DET, rates and scores twice; loss, accuracy, learning rate.
    assertEquals(12, plots);
  }

  @Test
  void plotsHaveOneCurveASeriesAndTextAsText() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.full(40)));

    assertEquals(1, series(page, "verification-2-lfw-roc"));
    assertEquals(1, series(page, "verification-2-lfw-det"));
    assertEquals(2, series(page, "verification-2-lfw-scores"));
    assertEquals(2, series(page, "training-plot-loss"));
    assertEquals(2, series(page, "training-plot-accuracy"));
    assertEquals(1, series(page, "training-plot-rate"));
    assertTrue(section(page, "verification-2-lfw").getTextContent().contains("threshold 0.3121"));
  }

  @Test
  void aCurveOfEverySeparateScoreStaysSmall() throws Exception {
    VerificationSection section =
        ExampleReport.verification(new Random(5), "lfw", "LFW", 3000, 3000, 10, 0);
    assertTrue(section.curve().size() > 6000);

    for (ReportFigure figure : VerificationFigures.of(section, "x")) {
      assertTrue(figure.svg().length() < 34_000, figure.id() + " " + figure.svg().length());
      int points = figure.svg().split("<g class", -1)[0].split("[ML]", -1).length;
      int curves = Math.max(1, figure.legend().size());
      assertTrue(points < curves * (SvgChart.MOST_POINTS + 100), figure.id() + " " + points);
    }
  }

  @Test
  void rocStartsAtTheBestShareWithoutAFalseMatchAndEndsAtOne() {
    VerificationSection section =
        ExampleReport.verification(new Random(5), "lfw", "LFW", 100, 100, 10, 0);
    double withoutFalseMatch =
        section.curve().stream()
            .filter(point -> point.falseMatchRate() == 0)
            .mapToDouble(point -> 1 - point.falseNonMatchRate())
            .max()
            .orElseThrow();

    String svg = VerificationFigures.of(section, "x").get(0).svg();

    assertTrue(
        svg.contains(
            "The curve starts at " + NumberText.percent(withoutFalseMatch, 100L) + " where"),
        svg);
    String path = svg.replaceAll("(?s).*class=\"series one\" d=\"([^\"]*)\".*", "$1");
    // The upper right corner of the plot.
    assertTrue(path.endsWith("L406 24"), path);
  }

  @Test
  void numbersOnThePageAreThoseOfTheData() throws Exception {
    ReportData data = ExampleReport.full(40);
    Document page = parse(HtmlReport.render(data));

    List<Element> keyRows = rows(section(page, "key-figures"));
    for (int i = 0; i < data.keyFigures().size(); i++) {
      KeyFigure figure = data.keyFigures().get(i);
      String row = keyRows.get(i).getTextContent();
      assertTrue(row.contains(figure.name()), row);
      assertTrue(
          row.contains(NumberText.percent(figure.metric().value(), figure.metric().trials())));
      assertTrue(row.endsWith(NumberText.count(figure.metric().trials())), row);
    }
    VerificationSection lfw = data.verification().get(1);
    String text = section(page, "verification-2-lfw").getTextContent();
    for (FoldScores fold : lfw.folds()) {
      assertTrue(
          text.contains(
              NumberText.percent(fold.accuracy()) + NumberText.decimal(fold.threshold())));
    }
    assertTrue(text.contains("412 of 6,412 pairs were not scored, because of 158"), text);
    double mean = lfw.folds().stream().mapToDouble(FoldScores::accuracy).sum() / 10;
    assertTrue(text.contains("Mean" + NumberText.percent(mean)), text);
    String exports = section(page, "exports").getTextContent();
    assertTrue(exports.contains(data.exports().get(0).sha256()));
    assertTrue(exports.contains("3.6e-7"));
    assertTrue(section(page, "baseline").getTextContent().contains("below the baseline"));
    assertEquals(
        data.resolvedConfig(),
        section(page, "configuration").getElementsByTagName("code").item(0).getTextContent());
  }

  @Test
  void standardErrorOfFoldsDividesByOneFoldLess() {
    // Accuracies 0.9 and 1.0: deviation 0.0707 with one fold less, over the root of two: 0.05.
    VerificationSection base =
        ExampleReport.verification(new Random(5), "lfw", "LFW", 100, 100, 10, 0);
    VerificationSection section =
        new VerificationSection(
            "p",
            "t",
            null,
            100,
            100,
            4,
            true,
            null,
            base.accuracy(),
            null,
            null,
            "cosine",
            null,
            null,
            List.of(),
            null,
            List.of(new FoldScores(1, 100, 0.9, 0.3), new FoldScores(2, 100, 1.0, 0.3)),
            List.of(),
            null);

    VerificationView view = new VerificationView(section, 1);

    assertEquals(0.95, view.meanAccuracy(), 1e-12);
    assertEquals(0.05, view.standardError(), 1e-12);
  }

  @Test
  void guardsTellHowManyImpostorPairsDecide() {
    VerificationSection section =
        ExampleReport.verification(new Random(5), "p", "t", 300, 300, 10, 0);
    VerificationView view = new VerificationView(section, 1);

    assertEquals("", view.guard(row(0.1)));
    assertEquals(
        "Rough: about 3 impostor pairs decide.",
        view.guard(row(0.01)).replace(NumberText.SPACE, " "));
    assertTrue(view.guard(row(0.005)).startsWith("May be chance: fewer than 3 of 300"));
    assertEquals(
        "No figure: this rate needs 3,000 impostor pairs or more, there are 300.",
        view.guard(new TarAtFarRow(0.001, null, null, null)));
  }

  @Test
  void fewIdentitiesGetAHeatMapManyGetTables() throws Exception {
    Document few = parse(HtmlReport.render(ExampleReport.full(30)));
    Document many = parse(HtmlReport.render(ExampleReport.full(31)));

    ReportData data = ExampleReport.full(30);
    long drawn = data.classification().confusion().stream().filter(c -> c.count() > 0).count();
    assertEquals(drawn, few.getElementsByTagName("rect").getLength());
    assertEquals(0, many.getElementsByTagName("rect").getLength());
    assertTrue(
        section(many, "classification").getTextContent().contains("Most frequent confusions"));
  }

  @Test
  void theWorstTwentyAreShownAndAllAreFolded() throws Exception {
    Document page = parse(HtmlReport.render(ExampleReport.full(40)));
    Element section = section(page, "classification");
    Element details = elements(section, "details").get(0);

    assertEquals(40, rows(details).size());
    List<IdentityScores> worst =
        new ClassificationView(ExampleReport.full(40).classification()).worst();
    assertEquals(20, worst.size());
    double before = -1;
    for (IdentityScores scores : worst) {
      double f1 = scores.f1() == null ? -1 : scores.f1();
      assertTrue(f1 >= before);
      before = f1;
    }
    assertEquals(
        0,
        elements(
                section(parse(HtmlReport.render(ExampleReport.full(20))), "classification"),
                "details")
            .size());
  }

  @Test
  void skippedImagesAreCountedByReasonAndListedToFifty() throws Exception {
    Element section = section(parse(HtmlReport.render(ExampleReport.troubled())), "data");

    assertTrue(section.getTextContent().contains("40 × truncated JPEG"));
    assertTrue(section.getTextContent().contains("80 × not an image"));
    assertEquals(50, rows(elements(section, "details").get(0)).size());
    assertTrue(section.getTextContent().contains("The first 50 of 120"));
  }

  @Test
  void lossesThatAreNotNumbersBreakTheCurveOnly() throws Exception {
    TrainingSection training =
        new TrainingSection(
            List.of(
                new EpochScores(1, 2.0, null, null, null, null),
                new EpochScores(2, Double.NaN, null, null, null, null),
                new EpochScores(3, Double.POSITIVE_INFINITY, null, null, null, null),
                new EpochScores(4, 1.0, null, null, null, null)),
            null,
            null,
            1,
            null,
            null,
            null,
            null);
    Document page =
        parse(
            HtmlReport.render(
                ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                    .training(training)
                    .build()));

    assertEquals(1, series(page, "training-plot-loss"));
    assertFalse(section(page, "training").getTextContent().contains("NaN"));
  }

  private static TarAtFarRow row(double far) {
    return new TarAtFarRow(far, Metric.of(0.9, 300), 0.3, far);
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<String> sections(Document page) {
    return attributes(page.getDocumentElement(), "section", "aria-labelledby");
  }

  private static Element section(Document page, String id) {
    Element found = null;
    for (Element section : elements(page.getDocumentElement(), "section")) {
      found = section.getAttribute("aria-labelledby").equals(id) ? section : found;
    }
    assertNotNull(found, id);
    return found;
  }

  private static int series(Document page, String figureId) {
    int count = 0;
    for (Element figure : elements(page.getDocumentElement(), "figure")) {
      if (figure.getAttribute("id").equals(figureId)) {
        for (Element svg : elements(figure, "svg")) {
          if (svg.getAttribute("class").equals("plot")) {
            assertTrue(svg.getElementsByTagName("text").getLength() > 5, figureId);
            for (Element path : elements(svg, "path")) {
              count += path.getAttribute("class").startsWith("series") ? 1 : 0;
            }
          }
        }
      }
    }
    return count;
  }

  private static List<Element> rows(Element element) {
    List<Element> rows = new ArrayList<>();
    for (Element body : elements(element, "tbody")) {
      rows.addAll(elements(body, "tr"));
    }
    return rows;
  }

  private static List<String> attributes(Element root, String tag, String attribute) {
    return elements(root, tag).stream().map(element -> element.getAttribute(attribute)).toList();
  }

  private static List<Element> elements(Element root, String tag) {
    NodeList nodes = root.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
