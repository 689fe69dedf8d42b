package org.mien.data.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.ImageRecord;
import org.mien.data.format.RecordIoFile;
import org.mien.data.format.RecordIoIndex;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.Skipped;

/**
 * Images of a RecordIO file, as InsightFace ships CASIA-WebFace, MS1MV3 and Glint360K ({@code
 * train.rec} beside {@code train.idx}).
 *
 * <p>InsightFace's files begin with a record 0 of two labels {@code (a, b)} and no image: images
 * are the records 1 to {@code a - 1}, and records {@code a} to {@code b - 1} have two labels each,
 * the first and the end of one identity's images; the identity is then the label of its first
 * image, and the headers of the other images are not read. In files without such a record (MXNet's
 * {@code im2rec}) every record is an image whose first label is its identity.
 *
 * <p>The images are not loaded: a file of 10 million of them takes 160 MB. Without an {@code .idx}
 * the records are walked over once.
 *
 * @param file {@code NAME.rec}, or the folder that holds the only one
 * @param minimumImages identities with fewer images are left out, and counted
 */
@TypeName("recordio")
public record RecordIoConfig(
    @Setting("RecordIO file (.rec), or the folder that holds the only one.") Path file,
    @Setting(
            value = "Identities with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages)
    implements DatasetConfig {

  /** Labels above this are no identities; a damaged record says any number. */
  private static final int MAXIMUM_LABEL = 100_000_000;

  public RecordIoConfig {
    IdentityFolders.checkMinimumImages(minimumImages);
  }

  @Override
  public String name() {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = Files.isDirectory(absolute) ? absolute : absolute.getParent();
    return folder == null ? "recordio" : IdentityFolders.nameOf(folder);
  }

  /** The file stays open while the process runs: samples read from it when they are decoded. */
  @Override
  public FaceManifest open(SeedStreams seeds) {
    RecordIoFile records = RecordIoFile.open(recordFile());
    RecordIoIndex index = index(records);
    if (index.size() == 0) {
      throw DataException.in(records.path(), "holds no record");
    }
    Images images = new Images(records, index.size());
    ImageRecord first =
        ImageRecord.parse(records.path(), index.offset(0), records.read(index.offset(0)));
    if (index.number(0) == 0 && first.flag() > 0 && first.image().length == 0) {
      ofIdentityRecords(records, index, first, images);
    } else {
      for (int i = 0; i < index.size(); i++) {
        images.add(index.number(i), index.offset(i), labelOf(records, index.offset(i)));
      }
    }
    return images.manifest(name(), minimumImages);
  }

  private static void ofIdentityRecords(
      RecordIoFile records, RecordIoIndex index, ImageRecord header, Images images) {
    if (header.labels().length < 2) {
      throw DataException.in(
          records.path(), "record 0 has one label; expected two, the range of identity records");
    }
    int firstIdentity = number(records, header.labels()[0]);
    int endOfIdentities = number(records, header.labels()[1]);
    for (int number = firstIdentity; number < endOfIdentities; number++) {
      long offset = offsetOf(records, index, number);
      ImageRecord range = ImageRecord.parse(records.path(), offset, records.read(offset));
      if (range.labels().length < 2) {
        throw DataException.in(
            records.path(),
            "record " + number + " has one label; expected two, the range of an identity's images");
      }
      int begin = number(records, range.labels()[0]);
      int end = number(records, range.labels()[1]);
      if (begin < 1 || end > firstIdentity) {
        throw DataException.in(
            records.path(),
            String.format(
                Locale.ROOT,
                "record %d says an identity has the images %d to %d; images are 1 to %d",
                number,
                begin,
                end - 1,
                firstIdentity - 1));
      }
      int label = begin < end ? labelOf(records, offsetOf(records, index, begin)) : 0;
      for (int image = begin; image < end; image++) {
        images.add(image, offsetOf(records, index, image), label);
      }
    }
  }

  private static int labelOf(RecordIoFile records, long offset) {
    float label = ImageRecord.firstLabel(records, offset);
    if (!(label >= 0 && label <= MAXIMUM_LABEL) || label != (int) label) {
      throw DataException.in(
          records.path(),
          "record at byte " + offset + " has the label " + label + "; expected a whole number");
    }
    return (int) label;
  }

  private static int number(RecordIoFile records, float label) {
    if (!(label >= 0 && label < Integer.MAX_VALUE) || label != (int) label) {
      throw DataException.in(
          records.path(), "refers to the record " + label + "; expected a whole number");
    }
    return (int) label;
  }

  private static long offsetOf(RecordIoFile records, RecordIoIndex index, int number) {
    int i = index.find(number);
    if (i < 0) {
      throw DataException.in(records.path(), "refers to record " + number + ", which is not there");
    }
    return index.offset(i);
  }

  private static RecordIoIndex index(RecordIoFile records) {
    String name = records.path().getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path idx = records.path().resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".idx");
    return Files.exists(idx) ? RecordIoIndex.read(idx, records) : RecordIoIndex.walk(records);
  }

  private Path recordFile() {
    if (!Files.isDirectory(file)) {
      return file;
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(file, "*.rec")) {
      files.forEach(found::add);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    if (found.size() != 1) {
      throw DataException.in(
          file, "holds " + found.size() + " RecordIO files (*.rec); name the one that is meant");
    }
    return found.get(0);
  }

  /** Grows to one entry an image. */
  private static final class Images {
    private final RecordIoFile records;
    private final int[] numbers;
    private final long[] offsets;
    private final int[] labels;
    private int count;
    private int highestLabel;

    Images(RecordIoFile records, int most) {
      this.records = records;
      this.numbers = new int[most];
      this.offsets = new long[most];
      this.labels = new int[most];
    }

    void add(int number, long offset, int label) {
      if (count == numbers.length) {
        throw DataException.in(records.path(), "two identities claim the same image");
      }
      numbers[count] = number;
      offsets[count] = offset;
      labels[count] = label;
      highestLabel = Math.max(highestLabel, label);
      count++;
    }

    FaceManifest manifest(String name, int minimumImages) {
      int[] imagesOf = new int[highestLabel + 1];
      for (int i = 0; i < count; i++) {
        imagesOf[labels[i]]++;
      }
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (imagesOf[labels[i]] >= minimumImages) {
          numbers[kept] = numbers[i];
          offsets[kept] = offsets[i];
          labels[kept] = labels[i];
          kept++;
        }
      }
      if (kept == 0) {
        throw DataException.in(
            records.path(), "holds no identity with at least " + minimumImages + " images");
      }
      String[] names = new String[highestLabel + 1];
      for (int i = 0; i < kept; i++) {
        if (names[labels[i]] == null) {
          names[labels[i]] = Integer.toString(labels[i]);
        }
      }
      List<Skipped> skipped = new ArrayList<>();
      if (kept < count) {
        skipped.add(
            IdentityFolders.tooFew(
                Arrays.stream(imagesOf).filter(n -> n > 0 && n < minimumImages).count(),
                count - kept,
                minimumImages));
      }
      return new FaceManifest(
          name,
          new RecordIoSamples(
              records,
              Arrays.copyOf(numbers, kept),
              Arrays.copyOf(offsets, kept),
              Arrays.copyOf(labels, kept),
              names),
          skipped);
    }
  }
}
