package org.mien.data.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/**
 * The payload of a RecordIO record as MXNet's image files have it (mxnet {@code recordio.py},
 * struct {@code IfQQ}): a word {@code flag}, a float label, two 64-bit numbers, then, where {@code
 * flag} is positive, that many float labels, then an encoded image.
 *
 * @param labels one where the header holds it, else those that follow the header; at least one
 * @param id number of the image
 * @param id2 a second number, 0 in most files
 * @param flag 0 where the label stands in the header, else how many follow it
 * @param image the encoded image; empty in InsightFace's records of identities
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between file and decoder, never compared
public record ImageRecord(int flag, float[] labels, long id, long id2, byte[] image) {
  static final int HEADER_BYTES = 24;

  /** No real file has more labels an image; a damaged one says billions. */
  static final int MAXIMUM_LABELS = 1 << 16;

  public ImageRecord {
    if (flag == 0 ? labels.length != 1 : labels.length != flag) {
      throw new IllegalArgumentException(
          "a flag of " + flag + " does not go with " + labels.length + " labels");
    }
  }

  /**
   * What stands before an image.
   *
   * @param flag 0 where the label stands in the header, else how many labels there are
   * @param label the first label
   * @param id number of the image
   */
  public record Heading(int flag, float label, long id) {}

  /** A record of one label. */
  public ImageRecord(float label, long id, byte[] image) {
    this(0, new float[] {label}, id, 0, image);
  }

  /**
   * Reads a payload.
   *
   * @param file for messages
   * @param offset of the record, for messages
   * @throws DataException if it is shorter than it says
   */
  public static ImageRecord parse(Path file, long offset, byte[] payload) {
    ByteBuffer bytes = header(file, offset, payload);
    int flag = bytes.getInt();
    float label = bytes.getFloat();
    long id = bytes.getLong();
    long id2 = bytes.getLong();
    float[] labels = labels(file, offset, bytes, flag, label);
    byte[] image = new byte[bytes.remaining()];
    bytes.get(image);
    return new ImageRecord(flag, labels, id, id2, image);
  }

  /**
   * Reads what stands before an image, without the image.
   *
   * @throws DataException if the record at that byte is damaged or too short
   */
  public static Heading heading(RecordIoFile records, long offset) {
    byte[] beginning = records.readBeginning(offset, HEADER_BYTES + 4);
    ByteBuffer bytes = header(records.path(), offset, beginning);
    float label = firstLabel(records.path(), offset, beginning);
    return new Heading(bytes.getInt(0), label, bytes.getLong(8));
  }

  /**
   * Returns the first label of a record from the first {@code HEADER_BYTES + 4} bytes of its
   * payload.
   */
  static float firstLabel(Path file, long offset, byte[] beginning) {
    ByteBuffer bytes = header(file, offset, beginning);
    if (bytes.getInt(0) == 0) {
      return bytes.getFloat(4);
    }
    if (bytes.limit() < HEADER_BYTES + 4) {
      throw DataException.in(file, "record at byte " + offset + " ends before its labels");
    }
    return bytes.getFloat(HEADER_BYTES);
  }

  /** Returns the payload that {@link #parse} reads. */
  byte[] toPayload() {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + 4 * (flag == 0 ? 0 : labels.length) + image.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(flag).putFloat(flag == 0 ? labels[0] : 0).putLong(id).putLong(id2);
    if (flag != 0) {
      for (float label : labels) {
        bytes.putFloat(label);
      }
    }
    return bytes.put(image).array();
  }

  private static ByteBuffer header(Path file, long offset, byte[] payload) {
    if (payload.length < HEADER_BYTES) {
      throw DataException.in(
          file,
          "record at byte "
              + offset
              + " has "
              + payload.length
              + " bytes; expected an image header of "
              + HEADER_BYTES);
    }
    return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] labels(Path file, long offset, ByteBuffer bytes, int flag, float label) {
    if (flag == 0) {
      return new float[] {label};
    }
    if (flag < 0 || flag > MAXIMUM_LABELS || 4L * flag > bytes.remaining()) {
      throw DataException.in(
          file,
          "record at byte "
              + offset
              + " says it has "
              + Integer.toUnsignedString(flag)
              + " labels, "
              + bytes.remaining()
              + " bytes are left");
    }
    float[] labels = new float[flag];
    for (int i = 0; i < flag; i++) {
      labels[i] = bytes.getFloat();
    }
    return labels;
  }
}
