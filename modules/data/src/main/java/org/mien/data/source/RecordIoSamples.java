package org.mien.data.source;

import java.util.Locale;
import java.util.Map;
import org.mien.data.format.ImageRecord;
import org.mien.data.format.RecordIoFile;
import org.mien.data.image.ContainedImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/**
 * The images of a RecordIO file: 16 bytes a sample for number, offset and label. Keys are the
 * records' numbers, {@code 00000001.jpg}; identities are labels, {@code 17}.
 */
final class RecordIoSamples extends FaceSamples {
  private final RecordIoFile records;
  private final int[] numbers;
  private final long[] offsets;
  private final int[] labels;
  private final String[] names;

  /**
   * @param names of the labels, by label
   */
  RecordIoSamples(
      RecordIoFile records, int[] numbers, long[] offsets, int[] labels, String[] names) {
    this.records = records;
    this.numbers = numbers;
    this.offsets = offsets;
    this.labels = labels;
    this.names = names;
  }

  @Override
  public FaceSample get(int index) {
    long offset = offsets[index];
    String where = records.path() + " record " + numbers[index];
    return new FaceSample(
        key(index),
        identity(index),
        new ContainedImageSource(
            where, () -> ImageRecord.parse(records.path(), offset, records.read(offset)).image()),
        Map.of());
  }

  @Override
  public String key(int index) {
    return String.format(Locale.ROOT, "%08d.jpg", numbers[index]);
  }

  @Override
  public String identity(int index) {
    return names[labels[index]];
  }

  @Override
  public int size() {
    return numbers.length;
  }
}
