package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.FerCsv;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/**
 * FER2013's table {@code fer2013.csv}; see {@link FerCsv}. The images stay in the file until they
 * are decoded.
 *
 * <p>Keys are the usage and the line, {@code Training/line-000002}, the header being line 1.
 * Attributes: {@code expression} (angry, disgust, fear, happy, sad, surprise or neutral) and, where
 * the table has it, {@code part}, the usage. Who is shown is unknown: each image is an identity of
 * its own, called as its key.
 *
 * @param file the table
 * @param usage the only usage to take
 */
@TypeName("fer-csv")
public record FerCsvConfig(
    @Setting("FER2013's table, fer2013.csv.") Path file,
    @Setting("Usage to take: Training, PublicTest or PrivateTest; all where it is not given.")
        Optional<String> usage)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    FerCsv csv = FerCsv.open(file);
    try {
      GrowingInts rows = new GrowingInts();
      List<String> usages = new ArrayList<>();
      for (int i = 0; i < csv.size(); i++) {
        if (usage.isEmpty() || usage.get().equals(csv.usage(i))) {
          rows.add(i);
        }
        if (!usages.contains(csv.usage(i))) {
          usages.add(csv.usage(i));
        }
      }
      if (rows.size() == 0) {
        throw DataException.in(
            file,
            usage.isEmpty()
                ? "holds no image"
                : "holds no image for " + usage.get() + "; its usages are " + usages);
      }
      return new FaceManifest(name(), new Samples(csv).select(rows.toArray()), List.of());
    } catch (RuntimeException | Error e) {
      csv.close();
      throw e;
    }
  }

  @Override
  public boolean namesPeople() {
    return false;
  }

  @Override
  public String name() {
    String name = FolderListing.nameOf(file);
    return name.endsWith(".csv") ? name.substring(0, name.length() - 4) : name;
  }

  private static final class Samples extends FaceSamples {
    private final FerCsv csv;

    Samples(FerCsv csv) {
      this.csv = csv;
    }

    @Override
    public int size() {
      return csv.size();
    }

    @Override
    public String key(int index) {
      String usage = csv.usage(index);
      return String.format(
          Locale.ROOT, "%sline-%06d", usage.isEmpty() ? "" : usage + "/", csv.line(index));
    }

    @Override
    public String identity(int index) {
      return key(index);
    }

    @Override
    public FaceSample get(int index) {
      String key = key(index);
      String expression = FerCsv.EMOTIONS.get(csv.emotion(index));
      String usage = csv.usage(index);
      return new FaceSample(
          key,
          key,
          new TableImage(csv, index),
          usage.isEmpty()
              ? Map.of("expression", expression)
              : Map.of("expression", expression, "part", usage));
    }
  }

  /** One line's pixels, grey in three equal planes. */
  private record TableImage(FerCsv csv, int index) implements ImageSource {
    @Override
    public RawImage decode() {
      return image(csv.pixels(index));
    }

    @Override
    public String fingerprint() {
      return fingerprint(csv.pixels(index));
    }

    @Override
    public FingerprintedImage read() {
      byte[] grey = csv.pixels(index);
      return new FingerprintedImage(image(grey), fingerprint(grey));
    }

    private static RawImage image(byte[] grey) {
      byte[] rgb = new byte[3 * grey.length];
      for (int i = 0; i < grey.length; i++) {
        rgb[3 * i] = grey[i];
        rgb[3 * i + 1] = grey[i];
        rgb[3 * i + 2] = grey[i];
      }
      return new RawImage(FerCsv.SIZE_PIXELS, FerCsv.SIZE_PIXELS, rgb);
    }

    private static String fingerprint(byte[] grey) {
      return new Fingerprint().add("grey 48x48").add(grey).hex();
    }
  }
}
