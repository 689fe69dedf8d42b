package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens the report in a headless Chromium. Pictures to look at are left in {@code
 * target/report-screenshots}.
 */
class ReportInBrowserTest {
  private static final Path PICTURES = Path.of("target", "report-screenshots");
  private static final String ROC = "#verification-1-lfw-roc svg.plot";

  @TempDir static Path folder;
  private static Chromium browser;
  private static Path page;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> executable = Chromium.executable();
    assumeTrue(
        executable.isPresent(),
        "skipped: neither chromium, chromium-browser nor google-chrome is on the PATH");
    page = folder.resolve("report.html");
    HtmlReport.write(ExampleReport.everything(), page);
    Files.createDirectories(PICTURES);
    browser = Chromium.start(executable.get(), folder.resolve("profile"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openAnew() throws IOException {
    browser.media("screen", "light");
    browser.resize(1200, 900);
    browser.open(page);
  }

  @Test
  void theConsoleHasNothingToComplainOf() throws IOException {
    browser.evaluate("document.querySelectorAll('details').length");

    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void restingOnACurveTellsThresholdAndBothRates() throws IOException {
    JsonNode point = middleOfTip(ROC, 5);

    browser.pointAt(point.get("x").asDouble() + 1, point.get("y").asDouble() + 1);

    String told = told(ROC);
    assertTrue(told.matches("threshold .+, FMR .+, FNMR .+"), told);
    JsonNode box = box(".told:not([hidden])");
    assertTrue(box.get("left").asDouble() >= 0 && box.get("right").asDouble() <= 1200, "" + box);
    browser.screenshot(PICTURES.resolve("hover.png"), false);
    browser.pointAt(2, 2);
    assertEquals(
        0, browser.evaluate("document.querySelectorAll('.told:not([hidden])').length").asInt());
  }

  @Test
  void arrowKeysWalkAlongACurve() throws IOException {
    browser.evaluate("document.querySelector('" + ROC + "').focus()");

    browser.press("ArrowRight");
    String first = told(ROC);
    browser.press("ArrowRight");
    String second = told(ROC);
    browser.press("ArrowLeft");

    assertTrue(first.startsWith("threshold"), first);
    assertTrue(second.startsWith("threshold") && !second.equals(first), second);
    assertEquals(first, told(ROC));
  }

  @Test
  void aFoldedTableOpensWhereItIsClicked() throws IOException {
    String details = "#verification-1-lfw-roc details";
    assertEquals(
        false, browser.evaluate("document.querySelector('" + details + "').open").asBoolean());
    browser.evaluate("document.querySelector('" + details + "').scrollIntoView()");
    JsonNode summary = box(details + " summary");

    browser.click(summary.get("left").asDouble() + 20, summary.get("top").asDouble() + 8);

    assertTrue(browser.evaluate("document.querySelector('" + details + "').open").asBoolean());
    assertTrue(box(details + " table").get("height").asDouble() > 50);
  }

  @Test
  void nothingReachesBeyondTheWindow() throws IOException {
    for (int width : new int[] {400, 1200}) {
      browser.resize(width, 900);
      openAll();
      // What lies in a part that scrolls by itself may be wider.
      JsonNode beyond =
          browser.evaluate(
              "Array.from(document.querySelectorAll('body *'))"
                  + ".filter(e => !e.closest('.scroll, pre, .skip, nav'))"
                  + ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
                  + ".map(e => e.tagName + ' ' + e.id + ' ' + e.className).slice(0, 5).join('; ')");
      assertEquals("", beyond.asText(), "at " + width);
      int page = browser.evaluate("document.documentElement.scrollWidth").asInt();
      assertTrue(page <= width, page + " at " + width);
      browser.screenshot(PICTURES.resolve("open-" + width + ".png"), true);
    }
  }

  @Test
  void nothingInAChartIsCutOff() throws IOException {
    JsonNode cut =
        browser.evaluate(
            "Array.from(document.querySelectorAll('svg.plot text')).filter(t => {"
                + " const b = t.getBBox(), v = t.ownerSVGElement.viewBox.baseVal;"
                + " return b.x < -1 || b.y < -1 || b.x + b.width > v.width + 1"
                + " || b.y + b.height > v.height + 1; })"
                + ".map(t => t.closest('figure').id + ': ' + t.textContent).join('; ')");

    assertEquals("", cut.asText());
  }

  @Test
  void textStandsOutFromItsGroundInBothSchemes() throws IOException {
    String least =
        "(() => {"
            + "const channel = c => { c /= 255;"
            + " return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); };"
            + "const rgb = text => text.match(/[0-9.]+/g).map(Number);"
            + "const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1])"
            + " + 0.0722 * channel(c[2]);"
            + "const ground = e => { for (; e; e = e.parentElement) {"
            + " const c = rgb(getComputedStyle(e).backgroundColor);"
            + " if (c.length < 4 || c[3] > 0.99) { return c; } } return [255, 255, 255]; };"
            + "let worst = [99, ''];"
            + "document.querySelectorAll('p, li, td, th, caption, h1, h2, h3, summary, small, a,"
            + " figcaption, svg text').forEach(e => {"
            + " if (!e.textContent.trim() || e.closest('.told')) { return; }"
            + " const style = getComputedStyle(e);"
            + " const front = rgb(e.namespaceURI.endsWith('svg') ? style.fill : style.color);"
            + " const a = light(front), b = light(ground(e));"
            + " const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);"
            + " if (ratio < worst[0]) { worst = [ratio, e.tagName + ' ' + e.className]; } });"
            + "return worst; })()";
    for (String scheme : List.of("light", "dark")) {
      browser.media("screen", scheme);
      JsonNode worst = browser.evaluate(least);
      // WCAG 2.2, 1.4.3, level AA.
      assertTrue(worst.get(0).asDouble() >= 4.5, scheme + ": " + worst);
      browser.screenshot(PICTURES.resolve(scheme + ".png"), true);
    }
  }

  @Test
  void whoCannotSeeIsToldOfEveryPartByRoleAndName() throws IOException {
    Path side = folder.resolve("compare.html");
    ComparePage.write(
        List.of(ExampleReport.everything(), ExampleReport.everything()),
        RunComparisons.none(),
        side);
    for (Path opened : List.of(page, side)) {
      browser.open(opened);
      Map<String, List<String>> names = new HashMap<>();
      for (JsonNode node : browser.accessibilityTree()) {
        if (!node.path("ignored").asBoolean()) {
          names
              .computeIfAbsent(node.at("/role/value").asText(), role -> new ArrayList<>())
              .add(node.at("/name/value").asText());
        }
      }
      for (String landmark : List.of("banner", "navigation", "main", "contentinfo")) {
        assertEquals(1, names.getOrDefault(landmark, List.of()).size(), landmark);
      }
      for (String role : List.of("navigation", "region", "table", "heading", "link")) {
        assertTrue(names.containsKey(role), role + " in " + names.keySet());
        assertFalse(names.get(role).contains(""), role + " without a name in " + opened);
      }
      List<String> pictures = new ArrayList<>(names.getOrDefault("image", List.of()));
      pictures.addAll(names.getOrDefault("img", List.of()));
      assertTrue(pictures.size() > 3, names.keySet().toString());
      assertFalse(pictures.contains(""), "a chart without a name in " + opened);
      assertTrue(names.containsKey("columnheader") && names.containsKey("rowheader"));
    }
  }

  @Test
  void onPaperEverythingFoldedIsOpen() throws IOException {
    int folded = folded();
    assertTrue(folded > 5, folded + " folded");
    // An emulated screen would be printed as a screen.
    browser.media("", "light");
    byte[] printed = browser.print();
    Files.write(PICTURES.resolve("print.pdf"), printed);
    // Printing leaves the page as it was.
    assertEquals(folded, folded());
    browser.open(withoutScript());
    int byStyleAlone = pages(browser.print());
    openAll();
    int opened = pages(browser.print());
    browser.evaluate("document.querySelectorAll('details').forEach(details => details.remove())");
    int removed = pages(browser.print());

    assertTrue(opened > removed + 2, opened + " pages, without what is folded " + removed);
    assertEquals(opened, pages(printed));
    assertEquals(opened, byStyleAlone);
  }

  @Test
  void paperIsWhiteEvenWhereTheScreenIsDark() throws IOException {
    browser.media("print", "dark");
    openAll();
    browser.resize(720, 1000);

    assertEquals(
        "rgb(255, 255, 255)",
        browser.evaluate("getComputedStyle(document.body).backgroundColor").asText());
    browser.screenshot(PICTURES.resolve("print.png"), true);
  }

  @Test
  void withoutItsScriptThePageTellsTheSame() throws IOException {
    browser.open(withoutScript());

    String title =
        browser.evaluate("document.querySelector('" + ROC + " .tip title').textContent").asText();
    assertTrue(title.startsWith("threshold"), title);
    assertEquals(0, browser.evaluate("document.querySelectorAll('.told').length").asInt());
  }

  private static Path withoutScript() throws IOException {
    Path without = folder.resolve("without.html");
    return Files.writeString(
        without, Files.readString(page).replaceAll("(?s)<script>.*</script>", ""));
  }

  private static int folded() throws IOException {
    return browser.evaluate("document.querySelectorAll('details:not([open])').length").asInt();
  }

  private static void openAll() throws IOException {
    browser.evaluate(
        "document.querySelectorAll('details').forEach(details => { details.open = true; })");
  }

  /** Counts the objects of type Page, which Chromium does not compress. */
  private static int pages(byte[] pdf) {
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    return text.split("/Type /Page\\s", -1).length - 1;
  }

  private static String told(String svg) throws IOException {
    return browser
        .evaluate(
            "(() => { const told = document.querySelector('"
                + svg
                + "').parentNode.querySelector('.told');"
                + " return told.hidden ? '' : told.textContent; })()")
        .asText();
  }

  private static JsonNode middleOfTip(String svg, int index) throws IOException {
    return browser.evaluate(
        "(() => { const svg = document.querySelector('"
            + svg
            + "'); svg.scrollIntoView({block: 'center'});"
            + " const b = svg.querySelectorAll('.tip')["
            + index
            + "].getBoundingClientRect();"
            + " return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })()");
  }

  private static JsonNode box(String selector) throws IOException {
    return browser.evaluate(
        "document.querySelector('" + selector + "').getBoundingClientRect().toJSON()");
  }
}
