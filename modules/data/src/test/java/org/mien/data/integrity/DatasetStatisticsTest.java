package org.mien.data.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.json.Json;
import org.mien.core.progress.Progress;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.integrity.DatasetStatistics.AtLeast;
import org.mien.data.integrity.DatasetStatistics.Attribute;
import org.mien.data.integrity.DatasetStatistics.Bin;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

final class DatasetStatisticsTest {
  @TempDir Path root;

  @Test
  void imagesPerIdentityAreCountedByHand() {
    // 5 people with 1, 1, 2, 4 and 12 images.
    int[] counts = {1, 1, 2, 4, 12};
    DatasetStatistics statistics = of(manifest(counts), 1000);

    assertEquals(20, statistics.images());
    assertEquals(5, statistics.identities());
    assertEquals(2 + 12 + 132, statistics.matePairs());
    DatasetStatistics.ImagesPerIdentity spread = statistics.imagesPerIdentity();
    assertEquals(1, spread.minimum());
    assertEquals(2.0, spread.median());
    assertEquals(4.0, spread.mean());
    assertEquals(12, spread.maximum());
    assertEquals(
        List.of(
            new Bin(1, 1, 2),
            new Bin(2, 2, 1),
            new Bin(3, 4, 1),
            new Bin(5, 8, 0),
            new Bin(9, 16, 1)),
        spread.histogram());
    assertEquals(
        List.of(
            new AtLeast(1, 5, 20),
            new AtLeast(2, 3, 18),
            new AtLeast(5, 1, 12),
            new AtLeast(10, 1, 12)),
        spread.atLeast());
    assertEquals(2.5, of(manifest(1, 2, 3, 4), 9).imagesPerIdentity().median());
  }

  @Test
  void sizesAndFormatsComeFromHeadersAndBytesFromFiles() throws IOException {
    byte[] jpeg = Drawings.jpeg(Drawings.blobs(30, 20, 1), 0.9);
    byte[] png = Drawings.png(Drawings.blobs(30, 20, 2));
    byte[] bmp = Drawings.bmp(Drawings.blobs(7, 9, 3));
    List<ImageSource> sources = new ArrayList<>();
    // Cut in the middle of its pixels: the header is whole.
    sources.add(file("a.jpg", Arrays.copyOf(jpeg, jpeg.length - 50)));
    sources.add(file("b.png", png));
    sources.add(new Contained("record 3", bmp));
    sources.add(drawn(5, 6));
    sources.add(file("c.jpg", "text".getBytes(StandardCharsets.UTF_8)));
    sources.add(new FileImageSource(root.resolve("missing.jpg")));

    DatasetStatistics.Files files = of(manifest(sources), 1000).files();

    assertEquals(6, files.sampled());
    assertEquals(2, files.unreadable());
    assertEquals(Map.of("JPEG", 1L, "PNG", 1L, "BMP", 1L, "made", 1L), files.formats());
    assertEquals("{30x20=2, 5x6=1, 7x9=1}", files.sizes().toString());
    assertEquals(5, files.minimumWidth());
    assertEquals(20, files.maximumHeight());
    assertEquals(jpeg.length - 50 + png.length + bmp.length + 4, files.bytes());
    assertEquals(4, files.filesOfKnownLength());
  }

  @Test
  void aLargeSetIsSampledEvenly() {
    List<ImageSource> sources = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sources.add(drawn(1 + i, 10));
    }

    DatasetStatistics statistics = of(manifest(sources), 4);

    assertEquals(100, statistics.images());
    assertEquals(4, statistics.files().sampled());
    assertEquals("[1x10, 26x10, 51x10, 76x10]", statistics.files().sizes().keySet().toString());
  }

  @Test
  void attributesAreCountedAndNumbersSummarised() {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Map<String, String> attributes =
          i == 0
              ? Map.of("age", "116")
              : Map.of("age", String.valueOf(i), "gender", i % 4 == 0 ? "male" : "female");
      samples.add(new FaceSample("k" + i, "p" + i, drawn(2, 2), attributes));
    }

    List<Attribute> attributes = of(new FaceManifest("set", samples, List.of()), 1000).attributes();

    Attribute age = attributes.get(0);
    assertEquals("age", age.name());
    assertEquals(40, age.images());
    assertEquals(40, age.differentValues());
    assertEquals(Map.of(), age.values());
    assertEquals(1, age.numbers().minimum());
    assertEquals(116, age.numbers().maximum());
    assertEquals(20.5, age.numbers().median());
    assertEquals((116 + 39 * 40 / 2) / 40.0, age.numbers().mean());
    // 1 to 116 are 116 whole numbers: bins of 6 from 1 to 121.
    assertEquals(20, age.numbers().histogram().size());
    assertEquals(new Bin(1, 7, 6), age.numbers().histogram().get(0));
    assertEquals(new Bin(115, 121, 1), age.numbers().histogram().get(19));
    assertEquals(40, age.numbers().histogram().stream().mapToLong(Bin::count).sum());
    Attribute gender = attributes.get(1);
    assertEquals(39, gender.images());
    assertEquals("{female=30, male=9}", gender.values().toString());
    assertNull(gender.numbers());
  }

  @Test
  void reasonsOfSkippedFilesAreCountedWithoutTheirNumbers() {
    FaceManifest manifest =
        new FaceManifest(
            "set",
            List.of(new FaceSample("k", "p", drawn(2, 2), Map.of())),
            List.of(
                new Skipped("a", "has 3 fields"),
                new Skipped("b", "has 14 fields"),
                new Skipped("c", "lies outside")));

    assertEquals("{has N fields=2, lies outside=1}", of(manifest, 10).skipped().toString());
  }

  @Test
  void aStoppedCountSaysSoAndAnEmptySetHasNone() {
    DatasetStatistics stopped =
        DatasetStatistics.of(
            manifest(5, 5), StatisticsOptions.defaults(), Progress.silent(), () -> true);
    DatasetStatistics empty = of(new FaceManifest("empty", List.<FaceSample>of(), List.of()), 10);

    assertFalse(stopped.complete());
    assertTrue(empty.complete());
    assertEquals(0, empty.identities());
    assertEquals(0, empty.files().minimumWidth());
  }

  @Test
  void theyAreJsonThatReadsBack() {
    Path file = root.resolve("stats.json");
    DatasetStatistics statistics = of(manifest(3, 1), 10);

    Json.write(file, statistics);

    assertEquals(statistics, Json.read(file, DatasetStatistics.class));
  }

  @Test
  void headersOfAllFormatsGiveTheirSize() {
    assertHeader("GIF", 258, 3, hex("474946383961 0201 0300 00 00 00"));
    assertHeader(
        "PGM", 92, 112, "P5\n# made by hand\n92 112\n255\n".getBytes(StandardCharsets.US_ASCII));
    assertHeader(
        "WebP",
        550,
        368,
        hex("52494646 00000000 57454250 56503820 00000000 000000 9d012a 2602 7001"));
    // 14 bits of width - 1, 14 bits of height - 1: 385 and 394.
    assertHeader("WebP", 386, 395, hex("52494646 00000000 57454250 5650384c 00000000 2f 81816200"));
    assertHeader(
        "WebP",
        400,
        301,
        hex("52494646 00000000 57454250 56503858 0a000000 00000000 8f0100 2c0100"));
    assertHeader("BMP", 3, 2, hex("424d 00000000 00000000 1a000000 0c000000 0300 0200 0100 1800"));
    // A long segment before the frame header, and a fill byte.
    byte[] jpeg = new byte[5000 + 30];
    System.arraycopy(hex("ffd8 ffe1 1388"), 0, jpeg, 0, 6);
    System.arraycopy(hex("ff ffc2 0011 08 0070 0060 03"), 0, jpeg, 4 + 5000, 11);
    assertHeader("JPEG", 96, 112, jpeg);
    assertEquals(Optional.empty(), ImageHeader.of(Arrays.copyOf(jpeg, 4096)));
    assertEquals(Optional.empty(), ImageHeader.of(hex("ffd8 ffd9")));
    assertEquals(Optional.empty(), ImageHeader.of(hex("ffd8 ffe0 0000")));
    assertEquals(
        Optional.empty(), ImageHeader.of("P5 0 5 255 ".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(Optional.empty(), ImageHeader.of(new byte[0]));
  }

  private static void assertHeader(String format, long width, long height, byte[] bytes) {
    assertEquals(Optional.of(new ImageHeader(format, width, height)), ImageHeader.of(bytes));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  private ImageSource file(String name, byte[] bytes) throws IOException {
    Path file = root.resolve(name);
    Files.write(file, bytes);
    return new FileImageSource(file);
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

  private static FaceManifest manifest(int... imagesOfEach) {
    List<FaceSample> samples = new ArrayList<>();
    for (int person = 0; person < imagesOfEach.length; person++) {
      for (int i = 0; i < imagesOfEach[person]; i++) {
        samples.add(new FaceSample(person + "/" + i, "P" + person, drawn(4, 4), Map.of()));
      }
    }
    return new FaceManifest("set", samples, List.of());
  }

  private static FaceManifest manifest(List<ImageSource> sources) {
    List<FaceSample> samples = new ArrayList<>();
    for (ImageSource source : sources) {
      samples.add(new FaceSample("k" + samples.size(), "p", source, Map.of()));
    }
    return new FaceManifest("set", samples, List.of());
  }

  private static DatasetStatistics of(FaceManifest manifest, int mostImages) {
    return DatasetStatistics.of(
        manifest, new StatisticsOptions(mostImages, 50), Progress.silent(), () -> false);
  }

  /** An image in a container. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Contained(String where, byte[] bytes) implements EncodedImageSource {}
}
