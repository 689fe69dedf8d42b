package org.mien.data.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.progress.Progress;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.align.AlignmentTemplate;
import org.mien.data.align.BoxBorder;
import org.mien.data.align.BoxShape;
import org.mien.data.align.SimilarityTransform;
import org.mien.data.align.TemplateRule;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

final class DatasetPreparationTest {
  private static final AlignmentConfig FIVE =
      new AlignmentConfig.FivePoints(112, 112, TemplateRule.INSIGHTFACE);

  @TempDir private Path folder;

  /** A picture made from a number; what else happens is up to the test. */
  private record Drawn(int number, Runnable before) implements ImageSource {
    @Override
    public RawImage decode() {
      before.run();
      if (number == 7) {
        throw new DataException("p7/7.jpg: is\tdamaged\nat byte 12");
      }
      byte[] rgb = new byte[3 * 120 * 130];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (i / 40 + 31 * number);
      }
      return new RawImage(120, 130, rgb);
    }

    @Override
    public String fingerprint() {
      return "drawn-" + number;
    }
  }

  private static FaceManifest manifest(int count, Runnable before) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FaceLocation location =
          i == 4
              ? FaceLocation.UNKNOWN
              : FaceLocation.of(
                  new SimilarityTransform(0.8 + 0.01 * i, 0.1, i, 3)
                      .apply(AlignmentTemplate.arcFace().points()));
      samples.add(
          new FaceSample(
              i == 5 ? "../out of bounds.jpg" : "p" + i % 3 + "/" + i + ".jpg",
              "p" + i % 3,
              new Drawn(i, before),
              i % 2 == 0 ? Map.of("age", "" + i, "file", "a,\"b\"") : Map.of("glasses", "yes"),
              location));
    }
    return new FaceManifest("drawn", samples, List.of(new Skipped("stray.txt", "not an image")));
  }

  private static boolean never() {
    return false;
  }

  private static FaceManifest manifest(int count) {
    return manifest(count, () -> {});
  }

  private PreparationResult prepare(FaceManifest manifest, Path out, int threads) {
    return DatasetPreparation.run(
        manifest,
        FIVE,
        out,
        PreparationOptions.jpeg(threads),
        Progress.silent(),
        DatasetPreparationTest::never);
  }

  /** Every file below a folder, with its bytes as text. */
  private static Map<String, String> content(Path root) {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  private static List<NamedCsvRecord> csv(Path file) throws IOException {
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
      return reader.stream().toList();
    }
  }

  @Test
  void aCopyHoldsPicturesTablesAndParameters() throws IOException {
    Path out = folder.resolve("copy");
    PreparationResult result = prepare(manifest(10), out, 2);
    assertEquals(new PreparationResult(out, 10, 8, 0, 2, true), result);

    List<NamedCsvRecord> rows = csv(result.manifest());
    assertEquals(8, rows.size());
    NamedCsvRecord third = rows.get(2);
    assertEquals("p2/2.jpg", third.getField("key"));
    assertEquals("images/p2/2.jpg", third.getField("file"));
    assertEquals("p2", third.getField("identity"));
    assertEquals("2", third.getField("age"));
    assertEquals("a,\"b\"", third.getField("attribute-file"));
    assertEquals("", third.getField("glasses"));
    assertEquals("drawn-2", third.getField("original-fingerprint"));
    assertEquals(
        String.format(Locale.ROOT, "%.6f", 1 / Math.hypot(0.82, 0.1)), third.getField("scale"));
    assertEquals("38.295", third.getField("x1"));
    assertEquals("92.204", third.getField("y5"));
    assertEquals("0.000", third.getField("residual"));
    assertEquals("", third.getField("score"));
    Path picture = out.resolve(third.getField("file"));
    assertEquals(Files.size(picture), Long.parseLong(third.getField("bytes")));

    List<NamedCsvRecord> skipped = csv(result.skippedList());
    assertEquals(
        List.of("stray.txt", "p1/4.jpg", "p1/7.jpg"),
        skipped.stream().map(row -> row.getField("key")).toList());
    assertTrue(skipped.get(1).getField("reason").contains("no five points"));
    assertEquals("p7/7.jpg: is damaged at byte 12", skipped.get(2).getField("reason"));

    PreparationRecord record = Json.read(out.resolve("prepared.json"), PreparationRecord.class);
    assertTrue(record.complete());
    assertEquals(8, record.pictures());
    assertEquals(2, record.skipped());
    assertEquals("five-points 112x112 INSIGHTFACE", record.alignment());
    try (Stream<Path> inside = Files.list(folder)) {
      assertEquals(List.of(out), inside.toList(), "a key left the folder");
    }
  }

  @Test
  void aPngHoldsExactlyTheAlignedPixels() throws IOException {
    Path out = folder.resolve("copy");
    FaceManifest manifest = manifest(3);
    DatasetPreparation.run(
        manifest,
        FIVE,
        out,
        PreparationOptions.png(1),
        Progress.silent(),
        DatasetPreparationTest::never);
    for (FaceSample aligned : FIVE.apply(manifest).samples()) {
      Path file = out.resolve("images").resolve(aligned.key().replace(".jpg", ".png"));
      assertArrayEquals(aligned.image().decode().rgb(), new FileImageSource(file).decode().rgb());
    }
  }

  @Test
  void withoutAlignmentTheImagesStayAndTheirPointsAreTold() throws IOException {
    Path out = folder.resolve("copy");
    FaceManifest manifest = manifest(3);
    PreparationResult result =
        DatasetPreparation.run(
            manifest,
            new AlignmentConfig.None(),
            out,
            PreparationOptions.png(1),
            Progress.silent(),
            DatasetPreparationTest::never);
    NamedCsvRecord first = csv(result.manifest()).get(0);
    assertEquals("1.000000", first.getField("scale"));
    assertEquals(
        String.format(
            Locale.ROOT,
            "%.3f",
            manifest.samples().get(0).location().points().orElseThrow().leftEye().x()),
        first.getField("x1"));
    assertArrayEquals(
        manifest.samples().get(0).image().decode().rgb(),
        new FileImageSource(out.resolve(first.getField("file"))).decode().rgb());
  }

  @Test
  void theNumberOfThreadsDoesNotShow() {
    prepare(manifest(30), folder.resolve("one"), 1);
    prepare(manifest(30), folder.resolve("four"), 4);
    assertEquals(content(folder.resolve("one")), content(folder.resolve("four")));
  }

  @Test
  void stoppedAnywhereItEndsWithTheSameBytes() {
    Path whole = folder.resolve("whole");
    prepare(manifest(25), whole, 2);
    Map<String, String> expected = content(whole);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      Path out = folder.resolve("stopped-" + round);
      int runs = 0;
      int written = 0;
      PreparationResult result;
      do {
        AtomicInteger left = new AtomicInteger(random.nextInt(34));
        result =
            DatasetPreparation.run(
                manifest(25),
                FIVE,
                out,
                PreparationOptions.jpeg(1 + random.nextInt(3)),
                Progress.silent(),
                () -> left.getAndDecrement() <= 0);
        assertTrue(result.reused() <= written, "seed " + seed);
        written += result.written();
        assertTrue(++runs < 1000, "seed " + seed);
        if (!result.complete()) {
          assertFalse(Files.exists(result.manifest()), "half a manifest, seed " + seed);
        }
      } while (!result.complete());
      assertEquals(expected, content(out), "seed " + seed);
      assertEquals(23, written, "seed " + seed);
    }
  }

  /** As if the process had died: an image never returns, and the journal may end in half a line. */
  @Test
  void deadAnywhereItEndsWithTheSameBytes() throws IOException {
    Path whole = folder.resolve("whole");
    prepare(manifest(25), whole, 2);
    Map<String, String> expected = content(whole);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      Path out = folder.resolve("dead-" + round);
      for (int death = 0; death < 3; death++) {
        AtomicInteger left = new AtomicInteger(random.nextInt(14));
        Runnable dying =
            () -> {
              if (left.getAndDecrement() <= 0) {
                throw new OutOfMemoryError("as if it had died");
              }
            };
        try {
          prepare(manifest(25, dying), out, 1 + random.nextInt(3));
        } catch (OutOfMemoryError e) {
          assertEquals("as if it had died", e.getMessage());
        }
        Path journal = out.resolve(".journal");
        byte[] lines = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(lines, random.nextInt(lines.length + 1)));
        Files.createDirectories(out.resolve(".partial"));
        Files.write(out.resolve(".partial/0"), new byte[random.nextInt(50)]);
      }
      assertTrue(prepare(manifest(25), out, 2).complete());
      assertEquals(expected, content(out), "seed " + seed);
    }
  }

  @Test
  void aCompleteCopyIsNotMadeAgain() {
    Path out = folder.resolve("copy");
    prepare(manifest(10), out, 1);
    Map<String, String> before = content(out);
    AtomicInteger decoded = new AtomicInteger();
    PreparationResult again = prepare(manifest(10, decoded::incrementAndGet), out, 2);
    assertEquals(new PreparationResult(out, 10, 0, 8, 2, true), again);
    assertEquals(1, decoded.get()); // the damaged one is tried anew
    assertEquals(before, content(out));
  }

  @Test
  void aPictureLostOrCutShortIsMadeAgain() throws IOException {
    Path out = folder.resolve("copy");
    prepare(manifest(10), out, 1);
    Map<String, String> before = content(out);
    Files.delete(out.resolve("images/p0/3.jpg"));
    Files.write(out.resolve("images/p1/1.jpg"), new byte[10]);
    assertEquals(2, prepare(manifest(10), out, 1).written());
    assertEquals(before, content(out));
  }

  @Test
  void otherParametersAreRefused() {
    Path out = folder.resolve("copy");
    prepare(manifest(6), out, 1);
    Map<String, String> before = content(out);
    String alignment =
        assertThrows(
                ConfigException.class,
                () ->
                    DatasetPreparation.run(
                        manifest(6),
                        new AlignmentConfig.Box(0.1, BoxShape.SQUARE, BoxBorder.REPEAT),
                        out,
                        PreparationOptions.jpeg(1),
                        Progress.silent(),
                        DatasetPreparationTest::never))
            .getMessage();
    assertTrue(
        alignment.contains("alignment was five-points 112x112") && alignment.contains("box"),
        alignment);
    String quality =
        assertThrows(
                ConfigException.class,
                () ->
                    DatasetPreparation.run(
                        manifest(6),
                        FIVE,
                        out,
                        new PreparationOptions(ImageFormat.JPG, 80, 1),
                        Progress.silent(),
                        DatasetPreparationTest::never))
            .getMessage();
    assertTrue(quality.contains("format was jpg quality 95 and is jpg quality 80"), quality);
    String samples =
        assertThrows(ConfigException.class, () -> prepare(manifest(5), out, 1)).getMessage();
    assertTrue(samples.contains("number of samples was 6 and is 5"), samples);
    assertEquals(before, content(out));
  }

  @Test
  void aFolderOfOtherThingsIsRefused() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "precious");
    String message =
        assertThrows(ConfigException.class, () -> prepare(manifest(2), folder, 1)).getMessage();
    assertTrue(message.contains("thesis.tex"), message);
  }

  @Test
  void twoAtOnceAreRefused() throws Exception {
    Path out = folder.resolve("copy");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Runnable slow =
        () -> {
          begun.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Thread first = new Thread(() -> prepare(manifest(3, slow), out, 1));
    first.start();
    try {
      begun.await();
      String message =
          assertThrows(ConfigException.class, () -> prepare(manifest(3), out, 1)).getMessage();
      assertTrue(message.contains("another process is writing"), message);
    } finally {
      mayEnd.countDown();
      first.join();
    }
    assertTrue(prepare(manifest(3), out, 1).complete());
  }

  @Test
  void whereNothingCanBeWrittenThePictureIsNamed() throws IOException {
    Path out = folder.resolve("copy");
    // A file stands where the folder of a person has to be, as unwritable for root as for others.
    DatasetPreparation.run(
        manifest(6), FIVE, out, PreparationOptions.jpeg(1), Progress.silent(), () -> true);
    Files.writeString(out.resolve("images/p1"), "in the way");
    String message =
        assertThrows(DataException.class, () -> prepare(manifest(6), out, 2)).getMessage();
    assertTrue(message.contains("images/p1/") && message.contains("cannot be written"), message);
    Files.delete(out.resolve("images/p1"));
    assertTrue(prepare(manifest(6), out, 2).complete());

    Path file = Files.writeString(folder.resolve("file"), "");
    assertThrows(DataException.class, () -> prepare(manifest(6), file, 1));
  }

  @Test
  void progressCountsEverySampleInTheCallersThread() {
    List<Long> reported = new ArrayList<>();
    Thread caller = Thread.currentThread();
    Progress.Factory progress =
        (task, unit, total) -> {
          assertEquals(10, total);
          return new Progress() {
            @Override
            public void advanceTo(long done) {
              assertSame(caller, Thread.currentThread());
              reported.add(done);
            }

            @Override
            public void message(String text) {}

            @Override
            public void close() {
              reported.add(-1L);
            }
          };
        };
    DatasetPreparation.run(
        manifest(10),
        FIVE,
        folder.resolve("copy"),
        PreparationOptions.jpeg(2),
        progress,
        DatasetPreparationTest::never);
    assertEquals(-1, reported.get(reported.size() - 1));
    assertEquals(10, reported.get(reported.size() - 2));
  }

  @Test
  void aDisplayThatFailsEndsTheWorkBeforeItIsThrown() {
    Path out = folder.resolve("copy");
    Progress.Factory broken =
        (task, unit, total) ->
            new Progress() {
              @Override
              public void advanceTo(long done) {
                throw new IllegalStateException("no terminal");
              }

              @Override
              public void message(String text) {}

              @Override
              public void close() {}
            };
    assertThrows(
        IllegalStateException.class,
        () ->
            DatasetPreparation.run(
                manifest(10),
                FIVE,
                out,
                PreparationOptions.jpeg(2),
                broken,
                DatasetPreparationTest::never));
    assertTrue(prepare(manifest(10), out, 1).complete());
  }
}
