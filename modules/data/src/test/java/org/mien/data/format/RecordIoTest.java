package org.mien.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

final class RecordIoTest {
  private static final byte[] MAGIC = {0x0a, 0x23, (byte) 0xd7, (byte) 0xce};

  @TempDir private Path folder;

  private Path write(List<byte[]> images) {
    Path file = folder.resolve("train.rec");
    try (RecordIoWriter writer = RecordIoWriter.create(file)) {
      for (int i = 0; i < images.size(); i++) {
        writer.write(i, new ImageRecord(i % 3, i, images.get(i)));
      }
      writer.finish();
    }
    return file;
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(joined::put);
    return joined.array();
  }

  @Test
  void aFileOfTheDefinitionIsRead() throws IOException {
    // dmlc-core by hand: a record of 5 bytes, then one of "abcd" + magic + "ef" in two parts.
    ByteBuffer bytes = ByteBuffer.allocate(8 + 8 + 8 + 4 + 8 + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0xced7230a).putInt(5).put(new byte[] {1, 2, 3, 4, 5, 0, 0, 0});
    bytes.putInt(0xced7230a).putInt(1 << 29 | 4).put(new byte[] {'a', 'b', 'c', 'd'});
    bytes.putInt(0xced7230a).putInt(3 << 29 | 2).put(new byte[] {'e', 'f', 0, 0});
    Path file = folder.resolve("hand.rec");
    Files.write(file, bytes.array());
    try (RecordIoFile records = RecordIoFile.open(file)) {
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, records.read(0));
      assertEquals(16, records.next(0));
      assertArrayEquals(
          join(new byte[] {'a', 'b', 'c', 'd'}, MAGIC, new byte[] {'e', 'f'}), records.read(16));
      assertArrayEquals(
          join(new byte[] {'a', 'b', 'c', 'd'}, new byte[] {0x0a}), records.readBeginning(16, 5));
      assertEquals(records.size(), records.next(16));
      assertEquals(2, RecordIoIndex.walk(records).size());
    }
  }

  @Test
  void whatIsWrittenIsReadBackThroughTheIndexAndWithoutIt() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<byte[]> images = new java.util.ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] image = new byte[random.nextInt(60)];
      random.nextBytes(image);
      for (int at = 0; at + 4 <= image.length; at++) {
        if (random.nextInt(6) == 0) {
          System.arraycopy(MAGIC, 0, image, at, 4); // also where it is not aligned
        }
      }
      images.add(image);
    }
    Path file = write(images);
    try (RecordIoFile records = RecordIoFile.open(file)) {
      RecordIoIndex walked = RecordIoIndex.walk(records);
      RecordIoIndex read = RecordIoIndex.read(folder.resolve("train.idx"), records);
      assertEquals(200, walked.size());
      for (int i = 0; i < 200; i++) {
        assertEquals(walked.offset(i), read.offset(read.find(i)));
        ImageRecord record = ImageRecord.parse(file, read.offset(i), records.read(read.offset(i)));
        assertArrayEquals(images.get(i), record.image());
        assertEquals(i % 3, record.labels()[0]);
        assertEquals(i, record.id());
      }
    }
    try (var left = Files.list(folder)) {
      assertEquals(2, left.count(), "nothing but .rec and .idx is left");
    }
  }

  @Test
  void severalLabelsFollowTheHeader() {
    ImageRecord record = new ImageRecord(3, new float[] {7, 8, 9}, 5, 6, new byte[] {1, 2});
    ImageRecord read = ImageRecord.parse(folder, 0, record.toPayload());
    assertArrayEquals(new float[] {7, 8, 9}, read.labels());
    assertArrayEquals(new byte[] {1, 2}, read.image());
    assertEquals(7, ImageRecord.firstLabel(folder, 0, record.toPayload()));
  }

  @Test
  void aFileThatEndsAnywhereIsADataExceptionThatNamesTheByte() throws IOException {
    Path file = write(List.of(new byte[9], join(new byte[4], MAGIC, new byte[3]), new byte[0]));
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.rec");
    int accepted = 0;
    for (int length = 1; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      try (RecordIoFile records = RecordIoFile.open(cut)) {
        RecordIoIndex.walk(records);
        accepted++; // cut between two records, or in the padding of the last
      } catch (DataException e) {
        assertTrue(
            e.getMessage().matches(".*cut\\.rec: no record at byte \\d+: .*"), e.getMessage());
      }
    }
    assertTrue(accepted < 12, accepted + " lengths were accepted");
  }

  @Test
  void hostileLengthsAreRefused() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0xced7230a).putInt((1 << 29) - 1);
    Path file = folder.resolve("long.rec");
    Files.write(file, bytes.array());
    try (RecordIoFile records = RecordIoFile.open(file)) {
      assertThrows(DataException.class, () -> records.read(0));
    }
    byte[] payload = new ImageRecord(1, 1, new byte[0]).toPayload();
    ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).putInt(0, Integer.MAX_VALUE);
    assertThrows(DataException.class, () -> ImageRecord.parse(file, 0, payload));
  }

  @Test
  void anIndexThatLeavesTheFileOrRepeatsIsRefusedWithItsLine() throws IOException {
    Path file = write(List.of(new byte[3], new byte[3]));
    Path idx = folder.resolve("wrong.idx");
    try (RecordIoFile records = RecordIoFile.open(file)) {
      for (String line : List.of("1\t99999", "1\t-4", "one\t0", "1 0", "99999999999\t0")) {
        Files.writeString(idx, "0\t0\n" + line + "\n");
        DataException error =
            assertThrows(DataException.class, () -> RecordIoIndex.read(idx, records));
        assertTrue(error.getMessage().contains("wrong.idx:2: "), error.getMessage());
      }
      Files.writeString(idx, "0\t0\n0\t0\n");
      assertThrows(DataException.class, () -> RecordIoIndex.read(idx, records));
      Files.writeString(idx, "7\t36\n3\t0\n");
      RecordIoIndex unordered = RecordIoIndex.read(idx, records);
      assertEquals(3, unordered.number(0));
      assertEquals(36, unordered.offset(unordered.find(7)));
      assertTrue(unordered.find(4) < 0);
    }
  }

  @Test
  void aWriterThatIsNotFinishedLeavesNothing() throws IOException {
    try (RecordIoWriter writer = RecordIoWriter.create(folder.resolve("half.rec"))) {
      writer.write(0, new ImageRecord(0, 0, new byte[5]));
    }
    try (var left = Files.list(folder)) {
      assertFalse(left.findAny().isPresent());
    }
  }

  @Test
  void anInterruptedReaderLeavesTheFileOpenForTheOthers() throws Exception {
    Path file = write(List.of(new byte[3], new byte[3]));
    try (RecordIoFile records = RecordIoFile.open(file)) {
      Thread interrupted =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                records.read(0);
                assertTrue(Thread.currentThread().isInterrupted());
              });
      interrupted.start();
      interrupted.join();
      assertEquals(27, records.read(0).length);
    }
  }

  @Property(tries = 100)
  void anyPayloadComesBack(
      @ForAll("payloads") List<byte[]> payloads, @ForAll @IntRange(min = 0, max = 3) int labels)
      throws IOException {
    Path temporary = Files.createTempDirectory("recordio");
    Path file = temporary.resolve("any.rec");
    try (RecordIoWriter writer = RecordIoWriter.create(file)) {
      for (int i = 0; i < payloads.size(); i++) {
        float[] values = new float[Math.max(1, labels)];
        Arrays.fill(values, i);
        writer.write(i, new ImageRecord(labels, values, i, 0, payloads.get(i)));
      }
      writer.finish();
    }
    try (RecordIoFile records = RecordIoFile.open(file)) {
      RecordIoIndex index = RecordIoIndex.walkImages(records);
      assertEquals(payloads.size(), index.size());
      for (int i = 0; i < index.size(); i++) {
        byte[] payload = records.read(index.offset(i));
        ImageRecord record = ImageRecord.parse(file, index.offset(i), payload);
        assertArrayEquals(payloads.get(i), record.image());
        assertEquals(
            new ImageRecord.Heading(labels, i, i), ImageRecord.heading(records, index.offset(i)));
        for (int count = 0; count <= payload.length + 1; count += 3) {
          assertArrayEquals(
              Arrays.copyOf(payload, Math.min(count, payload.length)),
              records.readBeginning(index.offset(i), count));
        }
      }
    } finally {
      Files.delete(file);
      Files.delete(temporary.resolve("any.idx"));
      Files.delete(temporary);
    }
  }

  /** Images of words, many of them the magic one, shifted by 0 to 3 bytes. */
  @Provide
  Arbitrary<List<byte[]>> payloads() {
    Arbitrary<Integer> word =
        Arbitraries.oneOf(Arbitraries.just(RecordIoFile.MAGIC), Arbitraries.integers());
    return Combinators.combine(word.list().ofMaxSize(12), Arbitraries.integers().between(0, 3))
        .as(
            (words, shift) -> {
              ByteBuffer bytes =
                  ByteBuffer.allocate(4 * words.size() + shift).order(ByteOrder.LITTLE_ENDIAN);
              bytes.position(shift);
              words.forEach(bytes::putInt);
              return bytes.array();
            })
        .list()
        .ofMaxSize(6);
  }

  @Test
  void aWalkedFileIsNumberedByItsIdsUnlessTheyRepeat() {
    for (long[] ids : new long[][] {{3, 0, 7}, {5, 5, 6}, {0, -1, 2}, {1L << 40, 1, 2}}) {
      Path file = folder.resolve("ids.rec");
      try (RecordIoWriter writer = RecordIoWriter.create(file)) {
        for (int i = 0; i < ids.length; i++) {
          writer.write(i, new ImageRecord(0, ids[i], new byte[i]));
        }
        writer.finish();
      }
      try (RecordIoFile records = RecordIoFile.open(file)) {
        RecordIoIndex index = RecordIoIndex.walkImages(records);
        boolean byId = ids[0] == 3;
        assertEquals(0, index.number(0));
        assertEquals(byId ? 3 : 1, index.number(1));
        assertEquals(byId ? 7 : 2, index.number(2));
        assertEquals(byId ? 0 : 32, index.offset(1));
      }
    }
  }

  @Test
  void aRecordOfManyThreadsIsTheSame() throws Exception {
    List<byte[]> images = new java.util.ArrayList<>();
    for (int i = 0; i < 50; i++) {
      byte[] image = new byte[1000];
      Arrays.fill(image, (byte) i);
      images.add(image);
    }
    Path file = write(images);
    try (RecordIoFile records = RecordIoFile.open(file)) {
      RecordIoIndex index = RecordIoIndex.walk(records);
      long right =
          IntStream.range(0, 2000)
              .parallel()
              .filter(
                  i -> {
                    byte[] payload = records.read(index.offset(i % 50));
                    return Arrays.equals(
                        images.get(i % 50), ImageRecord.parse(file, 0, payload).image());
                  })
              .count();
      assertEquals(2000, right);
    }
  }
}
