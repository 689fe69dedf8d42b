package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.progress.Progress;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.integrity.DatasetStatistics;
import org.mien.data.integrity.StatisticsOptions;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class DatasetPageTest {
  private static final String HOSTILE = "<script>&\"'\u0001 ${x} @template.y()";

  @TempDir Path folder;

  @Test
  void showsCountsAndAPlotOfEachKindAndNamesNobody() throws Exception {
    DatasetStatistics statistics = example("faces");
    Path file = folder.resolve(DatasetPage.FILE_NAME);

    DatasetPage.write(statistics, file);

    String html = Files.readString(file);
    Document page = parse(html);
    String text = page.getDocumentElement().getTextContent();
    assertTrue(text.contains("Images of an identity1 to 40, median "), text);
    assertTrue(text.contains(NumberText.count(statistics.matePairs())), text);
    assertTrue(text.contains("Width and height in pixels64 to 96 × 64 to 96"), text);
    assertTrue(text.contains("2 × has N fields"), text);
    // Images per identity, sizes, age, gender.
    assertEquals(4, page.getElementsByTagName("figure").getLength());
    assertEquals(4, page.getElementsByTagName("svg").getLength());
    int bars =
        statistics.imagesPerIdentity().histogram().size() + statistics.files().sizes().size() + 2;
    assertEquals(bars, page.getElementsByTagName("rect").getLength());
    assertFalse(html.contains("Person_"), "names a person");
    assertEquals(0, page.getElementsByTagName("img").getLength());
    assertEquals(0, page.getElementsByTagName("script").getLength());
  }

  @Test
  void textFromTheDataSetIsOnlyText() throws Exception {
    FaceManifest manifest =
        new FaceManifest(
            HOSTILE,
            List.of(new FaceSample("k", "p", drawn(3, 3), Map.of(HOSTILE, HOSTILE))),
            List.of(new Skipped(HOSTILE, HOSTILE)));

    Document page = parse(DatasetPage.render(of(manifest)));

    assertEquals(0, page.getElementsByTagName("script").getLength());
    assertEquals(
        "Data set " + HOSTILE.replace('\u0001', '\ufffd'),
        page.getElementsByTagName("h1").item(0).getTextContent());
  }

  @Test
  void anEmptySetHasAPageToo() throws Exception {
    Document page =
        parse(DatasetPage.render(of(new FaceManifest("empty", List.<FaceSample>of(), List.of()))));

    assertEquals(0, page.getElementsByTagName("svg").getLength());
  }

  @Test
  void longLabelsAreCutBetweenCharacters() throws Exception {
    String svg = BarChart.svg("a", "t", Map.of("\uD83D\uDE00".repeat(40), 3L));

    assertTrue(parse(svg).getElementsByTagName("text").item(0).getTextContent().endsWith("…"));
  }

  static DatasetStatistics example(String name) {
    Random random = new Random(3);
    List<FaceSample> samples = new ArrayList<>();
    for (int person = 0; person < 60; person++) {
      int images = person == 0 ? 40 : 1 + random.nextInt(1 + person / 5);
      for (int i = 0; i < images; i++) {
        int side = 64 + 16 * random.nextInt(3);
        samples.add(
            new FaceSample(
                person + "/" + i,
                "Person_" + person,
                drawn(side, side),
                Map.of(
                    "age",
                    String.valueOf((int) Math.abs(40 + 18 * random.nextGaussian())),
                    "gender",
                    random.nextInt(3) == 0 ? "male" : "female")));
      }
    }
    return of(
        new FaceManifest(
            name,
            samples,
            List.of(new Skipped("a", "has 3 fields"), new Skipped("b", "has 4 fields"))));
  }

  private static DatasetStatistics of(FaceManifest manifest) {
    return DatasetStatistics.of(
        manifest, StatisticsOptions.defaults(), Progress.silent(), () -> false);
  }

  private static ImageSource drawn(int width, int height) {
    return new ImageSource() {
      @Override
      public RawImage decode() {
        return new RawImage(width, height, new byte[3 * width * height]);
      }

      @Override
      public String fingerprint() {
        return width + "x" + height;
      }
    };
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }
}
