package org.mien.trainer.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.mien.core.error.DataException;
import org.mien.core.run.RunDirectory;

/**
 * Writes TensorBoard's event files: scalars of each epoch, and at the end the reported figures.
 *
 * <p>A file is a sequence of records: length (uint64), masked CRC-32C of those 8 bytes (uint32), an
 * {@code Event} in protocol buffers, masked CRC-32C of it; all little-endian, the mask being {@code
 * rotr(crc, 15) + 0xa282ead8} (TensorFlow, {@code core/lib/io/record_writer.h} and {@code
 * core/util/event.proto}). Records are only appended, for TensorBoard reads on where it was. Each
 * process that goes on with a run begins a file of its own, as TensorBoard expects.
 */
public final class TensorBoardWriter implements RunWatcher {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int MOST_FILES = 10_000;

  private final Path file;
  private final FileChannel channel;

  private TensorBoardWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Begins a new event file in the run's folder {@code tensorboard}. */
  public static RunWatcher watch(RunDirectory run, Map<String, String> settings) {
    return open(run.tensorBoard());
  }

  /**
   * Begins a new event file.
   *
   * @param folder made if missing
   * @throws DataException if it cannot be written
   */
  static TensorBoardWriter open(Path folder) {
    long now = System.currentTimeMillis();
    String name = String.format("events.out.tfevents.%010d.mien", now / 1000);
    try {
      Files.createDirectories(folder);
      for (int i = 0; i < MOST_FILES; i++) {
        Path file = folder.resolve(i == 0 ? name : name + "." + i);
        try {
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          TensorBoardWriter writer = new TensorBoardWriter(file, channel);
          Message event = new Message().number(1, now / 1000.0).text(3, "brain.Event:2");
          writer.append(event);
          return writer;
        } catch (FileAlreadyExistsException e) {
          // Begun within the same second: the next name.
        }
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    throw DataException.in(folder, "holds " + MOST_FILES + " event files of this second already");
  }

  /** Returns the file, for messages. */
  Path file() {
    return file;
  }

  @Override
  public void epoch(EpochRecord epoch) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("training/loss", epoch.trainingLoss());
    scalars.put("validation/loss", epoch.validationLoss());
    scalars.put("validation/accuracy", epoch.validationAccuracy());
    for (TaskScore task : epoch.tasks()) {
      scalars.put("validation/task." + task.name() + ".loss", task.loss());
      scalars.put("validation/task." + task.name() + "." + task.measure().word(), task.value());
    }
    scalars.put("training/learningRate", epoch.learningRate());
    scalars.put("training/secondsAnEpoch", epoch.seconds());
    write(scalars, epoch.steps());
  }

  @Override
  public void figures(Map<String, Double> figures, long step) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    figures.forEach((name, value) -> scalars.put("reported/" + name, value));
    write(scalars, step);
  }

  @Override
  public void ended(End end) {
    try {
      channel.close();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private void write(Map<String, Double> scalars, long step) {
    Message summary = new Message();
    scalars.forEach(
        (tag, value) -> {
          if (!Double.isNaN(value)) {
            summary.message(1, new Message().text(1, tag).number(2, (float) (double) value));
          }
        });
    try {
      append(
          new Message()
              .number(1, System.currentTimeMillis() / 1000.0)
              .integer(2, step)
              .message(5, summary));
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private void append(Message event) throws IOException {
    byte[] data = event.bytes.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.duplicate().flip()));
    record.put(data);
    record.putInt(maskedChecksum(ByteBuffer.wrap(data)));
    record.flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  static int maskedChecksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static DataException unusable(Path file, IOException e) {
    return DataException.in(file, "TensorBoard's events cannot be written (" + e + ")", e);
  }

  /** A message in protocol buffers, as far as events need it. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, double value) {
      varint((field << 3) | FIXED_64);
      return littleEndian(Double.doubleToLongBits(value), Double.BYTES);
    }

    Message number(int field, float value) {
      varint((field << 3) | FIXED_32);
      return littleEndian(Float.floatToIntBits(value), Float.BYTES);
    }

    Message integer(int field, long value) {
      varint((field << 3) | VARINT);
      return varint(value);
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes.toByteArray());
    }

    private Message bytes(int field, byte[] value) {
      varint((field << 3) | BYTES);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    private Message littleEndian(long bits, int count) {
      for (int i = 0; i < count; i++) {
        bytes.write((int) (bits >>> (8 * i)));
      }
      return this;
    }

    private Message varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        bytes.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
      return this;
    }
  }
}
