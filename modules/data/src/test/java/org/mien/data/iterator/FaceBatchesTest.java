package org.mien.data.iterator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

class FaceBatchesTest {
  private static final FacePreprocessor EIGHT =
      new FacePreprocessor(TestImages.plain(8, 8, new Crop.None()));

  /** An image all of whose pixels have one value; a negative value cannot be read. */
  private record Plain(int value) implements ImageSource {
    @Override
    public RawImage decode() {
      if (value < 0) {
        throw new DataException("image " + value + " is damaged");
      }
      byte[] rgb = new byte[3 * 64];
      Arrays.fill(rgb, (byte) value);
      return new RawImage(8, 8, rgb);
    }

    @Override
    public String fingerprint() {
      return "plain " + value;
    }
  }

  @Property(tries = 60)
  void everyGoodImageComesOnceInOrderAndEveryBadOneIsListed(
      @ForAll List<@IntRange(min = -20, max = 255) Integer> values,
      @ForAll @IntRange(min = 1, max = 9) int batchSize,
      @ForAll @IntRange(min = 1, max = 4) int threads) {
    List<Integer> loaded = new ArrayList<>();
    List<Integer> wanted = values.stream().filter(v -> v >= 0).toList();
    try (FaceBatches batches = FaceBatches.of(samples(values), EIGHT, batchSize, threads)) {
      while (batches.hasNext()) {
        FaceBatch batch = batches.next();
        assertTrue(batch.count() >= 1 && batch.count() <= batchSize);
        for (int i = 0; i < batch.count(); i++) {
          int value = (int) batch.images()[i * 192];
          assertEquals(new Plain(value), batch.samples().get(i).image());
          assertEquals(value, batch.images()[i * 192 + 191]);
          loaded.add(value);
        }
      }
      assertEquals(wanted, loaded);
      assertEquals(
          values.stream().filter(v -> v < 0).map(v -> "image " + v + " is damaged").toList(),
          batches.skipped().stream().map(Skipped::reason).toList());
      assertThrows(NoSuchElementException.class, batches::next);
    }
  }

  @Test
  void aBatchStaysValidUntilTheNextIsTaken() {
    List<Integer> values = List.of(1, 2, 3, 4, 5, 6, 7, 8);
    try (FaceBatches batches = FaceBatches.of(samples(values), EIGHT, 2, 2)) {
      FaceBatch first = batches.next();
      assertTrue(batches.hasNext());
      assertEquals(1, first.images()[0]);
      assertEquals(2, first.images()[192]);
      assertEquals(3, batches.next().images()[0]);
    }
  }

  @Test
  void threeArraysServeAnyNumberOfBatches() {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      values.add(i);
    }
    List<float[]> arrays = new ArrayList<>();
    try (FaceBatches batches = FaceBatches.of(samples(values), EIGHT, 5, 2)) {
      while (batches.hasNext()) {
        float[] images = batches.next().images();
        if (arrays.stream().noneMatch(known -> known == images)) {
          arrays.add(images);
        }
      }
    }
    assertEquals(3, arrays.size());
  }

  @Test
  void strictLoadingEndsWithTheFirstBadImage() {
    try (FaceBatches batches =
        FaceBatches.of(samples(List.of(1, 2, -3, -4)), EIGHT, 2, 2, FaceBatches.Option.STRICT)) {
      assertEquals(2, batches.next().count());
      DataException e = assertThrows(DataException.class, batches::hasNext);
      assertEquals("image -3 is damaged", e.getMessage());
    }
  }

  @Test
  void fingerprintsGoWithTheirImages() {
    try (FaceBatches batches =
        FaceBatches.of(samples(List.of(5, -1, 7)), EIGHT, 8, 2, FaceBatches.Option.FINGERPRINTS)) {
      assertEquals(List.of("plain 5", "plain 7"), batches.next().fingerprints());
    }
    try (FaceBatches batches = FaceBatches.of(samples(List.of(5)), EIGHT, 8, 2)) {
      assertEquals(List.of(), batches.next().fingerprints());
    }
  }

  @Test
  void aProgrammersErrorIsNotTakenForABadImage() {
    IllegalStateException bug = new IllegalStateException("a bug");
    ImageSource broken =
        new ImageSource() {
          @Override
          public RawImage decode() {
            throw bug;
          }

          @Override
          public String fingerprint() {
            return "";
          }
        };
    FaceSample sample = new FaceSample("a/1", "a", broken, Map.of());
    try (FaceBatches batches = FaceBatches.of(List.of(sample), EIGHT, 1, 1)) {
      assertSame(bug, assertThrows(IllegalStateException.class, batches::next));
    }
  }

  @Test
  void decodingRunsAheadWhileTheCallerHoldsABatch() throws InterruptedException {
    CountDownLatch fourDecoded = new CountDownLatch(4);
    AtomicInteger decoded = new AtomicInteger();
    Set<String> threadNames = ConcurrentHashMap.newKeySet();
    ImageSource counting =
        new ImageSource() {
          @Override
          public RawImage decode() {
            decoded.incrementAndGet();
            threadNames.add(Thread.currentThread().getName());
            fourDecoded.countDown();
            return new Plain(1).decode();
          }

          @Override
          public String fingerprint() {
            return "";
          }
        };
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      samples.add(new FaceSample("a/" + i, "a", counting, Map.of()));
    }
    try (FaceBatches batches = FaceBatches.of(samples, EIGHT, 2, 2)) {
      batches.next();
      assertTrue(fourDecoded.await(20, TimeUnit.SECONDS), "nothing was decoded ahead");
      assertTrue(decoded.get() <= 6, "more was decoded than there is room for");
      assertFalse(threadNames.contains(Thread.currentThread().getName()));
    }
  }

  @Test
  void theTimeThatTheCallerWaitedIsCounted() throws InterruptedException {
    CountDownLatch permitted = new CountDownLatch(1);
    ImageSource held =
        new ImageSource() {
          @Override
          public RawImage decode() {
            try {
              permitted.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return new Plain(1).decode();
          }

          @Override
          public String fingerprint() {
            return "";
          }
        };
    try (FaceBatches batches =
        FaceBatches.of(List.of(new FaceSample("a/1", "a", held, Map.of())), EIGHT, 1, 1)) {
      Thread permit =
          new Thread(
              () -> {
                try {
                  Thread.sleep(150);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                permitted.countDown();
              });
      permit.start();
      long began = System.nanoTime();
      batches.next();
      double elapsed = (System.nanoTime() - began) / 1e9;
      permit.join();
      assertTrue(batches.waitedSeconds() > 0.1, "waited " + batches.waitedSeconds());
      assertTrue(batches.waitedSeconds() <= elapsed);
      double before = batches.waitedSeconds();
      Thread.sleep(50); // the caller's own time
      assertEquals(before, batches.waitedSeconds());
    }
  }

  @Test
  void memoryStaysFlatOverThousandsOfImages() throws IOException {
    Path file = Files.createTempFile("mien", ".jpg");
    try {
      Files.write(file, TestImages.jpeg(250, 250, 1));
      FacePreprocessor faces = new FacePreprocessor(TestImages.plain(112, 112, new Crop.None()));
      List<FaceSample> samples = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        samples.add(new FaceSample("a/" + i, "a", new FileImageSource(file), Map.of()));
      }
      load(samples, faces);
      long resident = settledPhysicalBytes();
      long counted = Pointer.totalBytes();
      for (int i = 0; i < 3; i++) {
        load(samples, faces);
      }
      // One leaked image of 187,500 bytes each would be 560 MB, one leaked input 450 MB.
      long grown = settledPhysicalBytes() - resident;
      assertTrue(grown < 100 << 20, "the process grew by " + grown + " bytes");
      long held = Pointer.totalBytes() - counted;
      assertTrue(held < 20 << 20, "JavaCPP holds " + held + " bytes more");
    } finally {
      Files.delete(file);
    }
  }

  private static void load(List<FaceSample> samples, FacePreprocessor faces) {
    try (FaceBatches batches = FaceBatches.of(samples, faces, 32, 2)) {
      int count = 0;
      while (batches.hasNext()) {
        count += batches.next().count();
      }
      assertEquals(samples.size(), count);
    }
  }

  /** The process's memory after garbage, and what only garbage holds, is gone. */
  private static long settledPhysicalBytes() {
    System.gc();
    System.gc();
    return Pointer.physicalBytes();
  }

  @Test
  void closingEarlyStopsTheThreads() {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      values.add(i % 256);
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          FaceBatches batches = FaceBatches.of(samples(values), EIGHT, 10, 2);
          batches.next();
          batches.close();
          assertThrows(IllegalStateException.class, batches::hasNext);
        });
  }

  @Test
  void nothingToLoadIsNoBatch() {
    try (FaceBatches batches = FaceBatches.of(List.of(), EIGHT, 10, 2)) {
      assertFalse(batches.hasNext());
    }
  }

  @Test
  void realJpegsComeAsThePreprocessorMakesThem() throws IOException {
    Path file = Files.createTempFile("mien", ".jpg");
    try {
      Files.write(file, TestImages.jpeg(40, 40, 1));
      FileImageSource source = new FileImageSource(file);
      FaceSample sample = new FaceSample("a/1", "a", source, Map.of());
      try (FaceBatches batches = FaceBatches.of(List.of(sample, bad()), EIGHT, 2, 2)) {
        FaceBatch batch = batches.next();
        assertEquals(1, batch.count());
        assertArrayEquals(EIGHT.apply(source.decode()), Arrays.copyOf(batch.images(), 192));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static FaceSample bad() {
    return new FaceSample("a/2", "a", new Plain(-1), Map.of());
  }

  private static List<FaceSample> samples(List<Integer> values) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      samples.add(new FaceSample("a/" + i, "a", new Plain(values.get(i)), Map.of()));
    }
    return samples;
  }
}
