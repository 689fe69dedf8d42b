package org.mien.trainer.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardWriterTest {
  @TempDir private Path folder;

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
  }

  /** Reads the records back, checksums compared. */
  private static List<ByteBuffer> records(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = Arrays.copyOfRange(file, in.position(), in.position() + 8);
      byte[] data = new byte[Math.toIntExact(in.getLong())];
      assertEquals(masked(length), in.getInt());
      in.get(data);
      assertEquals(masked(data), in.getInt());
      records.add(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
    }
    return records;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private static ByteBuffer message(ByteBuffer in) {
    byte[] bytes = new byte[(int) varint(in)];
    in.get(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Every scalar of an event, as "step tag value". */
  private static List<String> scalars(ByteBuffer event) {
    List<String> scalars = new ArrayList<>();
    long step = 0;
    while (event.hasRemaining()) {
      switch ((int) varint(event)) {
        case 1 << 3 | 1 -> event.getDouble();
        case 2 << 3 -> step = varint(event);
        case 5 << 3 | 2 -> {
          ByteBuffer summary = message(event);
          while (summary.hasRemaining()) {
            assertEquals(1 << 3 | 2, (int) varint(summary));
            ByteBuffer value = message(summary);
            assertEquals(1 << 3 | 2, (int) varint(value));
            String tag = StandardCharsets.UTF_8.decode(message(value)).toString();
            assertEquals(2 << 3 | 5, (int) varint(value));
            scalars.add(step + " " + tag + " " + value.getFloat());
          }
        }
        default -> throw new AssertionError("another field");
      }
    }
    return scalars;
  }

  @Test
  void theFileBeginsWithTheBytesThatEveryEventFileBeginsWith() throws IOException {
    TensorBoardWriter writer = TensorBoardWriter.open(folder);
    writer.ended(RunWatcher.End.FINISHED);
    byte[] file = Files.readAllBytes(writer.file());
    // TensorFlow's own files: a record of 24 bytes, its masked checksum, field 1 of 8 bytes.
    assertEquals("1800000000000000a37f4b2209", HexFormat.of().formatHex(Arrays.copyOf(file, 13)));
    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertEquals("brain.Event:2", text.substring(file.length - 4 - 13, file.length - 4));
  }

  @Test
  void whatWasWrittenIsReadBackWithItsChecksums() throws IOException {
    TensorBoardWriter writer = TensorBoardWriter.open(folder);
    writer.epoch(new EpochRecord(1, 300, 0.5, 2.25, Double.NaN, Double.NaN, 1.5));
    writer.figures(Map.of("heldOut.accuracy", 0.75), 300);
    writer.ended(RunWatcher.End.FINISHED);
    List<ByteBuffer> records = records(Files.readAllBytes(writer.file()));
    assertEquals(3, records.size());
    assertEquals(
        List.of(
            "300 training/loss 2.25",
            "300 training/learningRate 0.5",
            "300 training/secondsAnEpoch 1.5"),
        scalars(records.get(1)));
    assertEquals(List.of("300 reported/heldOut.accuracy 0.75"), scalars(records.get(2)));
  }

  @Test
  void goingOnBeginsAFileOfItsOwn() throws IOException {
    TensorBoardWriter first = TensorBoardWriter.open(folder);
    TensorBoardWriter second = TensorBoardWriter.open(folder);
    assertNotEquals(first.file(), second.file());
    first.ended(RunWatcher.End.STOPPED);
    second.ended(RunWatcher.End.FINISHED);
  }
}
