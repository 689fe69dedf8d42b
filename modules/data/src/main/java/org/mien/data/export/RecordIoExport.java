package org.mien.data.export;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.run.AtomicFiles;
import org.mien.data.format.ImageRecord;
import org.mien.data.format.RecordIoWriter;
import org.mien.data.image.ImageBytes;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/**
 * Writes a data set as InsightFace's training sets are: {@code train.rec} and {@code train.idx}
 * with images numbered from 1, identity after identity, a record 0 that says where the records of
 * identities are, and those; {@code train.lst} with lines {@code number, label, identity/file}; and
 * {@code property} with {@code identities,height,width} of the first image.
 *
 * <p>Labels are the identities' places in alphabetical order. Attributes and places of faces are
 * not written, for the format has no room for them.
 */
public final class RecordIoExport {
  /** Labels and numbers are 32-bit floats there, which have no place for larger whole numbers. */
  private static final int MAXIMUM_RECORDS = 1 << 24;

  /**
   * What was written.
   *
   * @param images number of images
   * @param identities number of identities
   * @param records the {@code .rec} file
   */
  public record Written(int images, int identities, Path records) {}

  private RecordIoExport() {}

  /**
   * Writes four files. They appear when all is written; {@code train.rec} and its index last.
   *
   * @param folder is created if need be
   * @throws DataException if an image has no bytes of its own or cannot be read, or there are more
   *     than 2^24 records
   */
  public static Written write(FaceManifest manifest, Path folder, Progress.Factory progress) {
    return write(manifest, folder, progress, () -> false);
  }

  /**
   * As the other.
   *
   * @param stop is asked before each image
   * @throws CancellationException if it was true; nothing is left then
   */
  public static Written write(
      FaceManifest manifest, Path folder, Progress.Factory progress, BooleanSupplier stop) {
    FaceSamples samples = manifest.samples();
    List<String> identities = manifest.identities();
    if (samples.isEmpty()) {
      throw new DataException(manifest.name() + ": holds no image to write");
    }
    if ((long) samples.size() + identities.size() >= MAXIMUM_RECORDS) {
      throw new DataException(
          manifest.name()
              + ": has "
              + samples.size()
              + " images; RecordIO's labels have room for 2^24 images and identities");
    }
    int[] starts = new int[identities.size() + 1];
    int[] rows = byIdentity(samples, identities, starts);
    Path records = folder.resolve("train.rec");
    try (RecordIoWriter writer = RecordIoWriter.create(records);
        Progress shown = progress.start("recordio", "images", rows.length)) {
      for (int label = 0; label < identities.size(); label++) {
        for (int i = starts[label]; i < starts[label + 1]; i++) {
          if (stop.getAsBoolean()) {
            throw new CancellationException("stopped after " + i + " images");
          }
          byte[] bytes = OriginalBytes.of(samples.get(rows[i]));
          writer.write(i + 1, new ImageRecord(label, i + 1, bytes));
          shown.advanceTo(i + 1L);
        }
      }
      writeIdentities(writer, starts);
      writeList(folder.resolve("train.lst"), samples, rows, identities, starts);
      writeProperty(folder.resolve("property"), samples.get(rows[0]), identities.size());
      writer.finish();
    }
    return new Written(rows.length, identities.size(), records);
  }

  /** Returns the samples identity after identity, each's in their order; fills in the starts. */
  private static int[] byIdentity(FaceSamples samples, List<String> identities, int[] starts) {
    Map<String, Integer> labels = new HashMap<>();
    for (String identity : identities) {
      labels.put(identity, labels.size());
    }
    for (int i = 0; i < samples.size(); i++) {
      starts[labels.get(samples.identity(i)) + 1]++;
    }
    for (int label = 0; label < identities.size(); label++) {
      starts[label + 1] += starts[label];
    }
    int[] next = starts.clone();
    int[] rows = new int[samples.size()];
    for (int i = 0; i < samples.size(); i++) {
      rows[next[labels.get(samples.identity(i))]++] = i;
    }
    return rows;
  }

  private static void writeIdentities(RecordIoWriter writer, int[] starts) {
    int identities = starts.length - 1;
    int first = starts[identities] + 1;
    writer.write(0, withoutImage(0, first, first + identities));
    for (int label = 0; label < identities; label++) {
      writer.write(
          first + label, withoutImage(first + label, starts[label] + 1, starts[label + 1] + 1));
    }
  }

  private static ImageRecord withoutImage(int number, int from, int to) {
    return new ImageRecord(2, new float[] {from, to}, number, 0, new byte[0]);
  }

  private static void writeList(
      Path list, FaceSamples samples, int[] rows, List<String> identities, int[] starts) {
    AtomicFiles.write(
        list,
        out -> {
          for (int label = 0; label < identities.size(); label++) {
            // A line for each image: names must not hold what separates lines and fields.
            String folder = identities.get(label).replaceAll("[/\\p{Cntrl}]", "_");
            for (int i = starts[label]; i < starts[label + 1]; i++) {
              String key = samples.key(rows[i]);
              String file = key.substring(key.lastIndexOf('/') + 1).replaceAll("\\p{Cntrl}", "_");
              String line = (i + 1) + "\t" + label + "\t" + folder + "/" + file + "\n";
              out.write(line.getBytes(StandardCharsets.UTF_8));
            }
          }
        });
  }

  private static void writeProperty(Path property, FaceSample sample, int identities) {
    RawImage image = ImageBytes.decode(sample.key(), OriginalBytes.of(sample));
    AtomicFiles.writeString(
        property, identities + "," + image.height() + "," + image.width() + "\n");
  }
}
