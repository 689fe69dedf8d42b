package org.mien.data.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.PositionalFile;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/**
 * FER2013 as its one CSV file: columns {@code emotion} (0 to 6), {@code pixels} (a square grey
 * image as numbers 0 to 255 with spaces between) and {@code Usage} ({@code Training}, {@code
 * PublicTest}, {@code PrivateTest}), in any order (I. Goodfellow et al.: Challenges in
 * Representation Learning, ICONIP 2013).
 *
 * <p>Attributes: {@code expression} ({@code angry}, {@code disgust}, {@code fear}, {@code happy},
 * {@code sad}, {@code surprise}, {@code neutral}) and {@code usage}. The set names nobody, so each
 * image is an identity of its own. Pixels are read from the file when an image is decoded.
 *
 * @param file the CSV
 * @param usage only images of this usage; all by default
 */
@TypeName("fer-csv")
public record FerCsvConfig(
    @Setting("CSV file with the columns emotion, pixels and Usage.") Path file,
    @Setting("Only images of this usage: Training, PublicTest or PrivateTest.")
        Optional<String> usage)
    implements DatasetConfig {
  private static final List<String> EXPRESSIONS =
      List.of("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral");

  private static final Pattern SPACES = Pattern.compile(" +");

  /** 48 x 48 pixels of up to four characters are 9 kB. */
  private static final int MAXIMUM_LINE_BYTES = 1 << 20;

  @Override
  public FaceManifest open(SeedStreams seeds) {
    // Stays open while the process runs: samples read from it when they are decoded.
    PositionalFile pixels = PositionalFile.open(file, "FER2013's CSV file");
    List<FaceSample> samples = new ArrayList<>();
    try (Lines lines = new Lines(file)) {
      String header = lines.next();
      Columns columns = Columns.of(file, header == null ? "" : header);
      for (String text = lines.next(); text != null; text = lines.next()) {
        if (text.isBlank()) {
          continue;
        }
        String[] fields = text.split(",", -1);
        if (fields.length != columns.count) {
          throw DataException.atLine(
              file, lines.number, "has " + fields.length + " fields; expected " + columns.count);
        }
        String ofRow = fields[columns.usage].strip();
        if (usage.isPresent() && !usage.get().equals(ofRow)) {
          continue;
        }
        String key = String.format(Locale.ROOT, "%06d", lines.number - 1);
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("expression", expression(fields[columns.emotion].strip(), lines.number));
        attributes.put("usage", ofRow);
        PixelRow image =
            new PixelRow(pixels, lines.number, lines.begin, lines.length, columns.pixels);
        samples.add(new FaceSample(key, key, image, attributes));
      }
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected FER2013's CSV file", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    if (samples.isEmpty()) {
      throw DataException.in(
          file, "holds no image" + usage.map(name -> " of the usage " + name).orElse(""));
    }
    return new FaceManifest(name(), samples, List.of());
  }

  @Override
  public String name() {
    String last = IdentityFolders.nameOf(file);
    return last.endsWith(".csv") ? last.substring(0, last.length() - 4) : last;
  }

  private String expression(String text, long line) {
    if (!text.matches("[0-6]")) {
      throw DataException.atLine(
          file, line, "expected an emotion 0 to 6, found '" + shown(text) + "'");
    }
    return EXPRESSIONS.get(Integer.parseInt(text));
  }

  private static String shown(String text) {
    String part = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return part.replaceAll("\\p{Cntrl}", "?");
  }

  /** Where the three columns are. */
  private record Columns(int count, int emotion, int pixels, int usage) {
    static Columns of(Path file, String header) {
      List<String> names = new ArrayList<>();
      for (String name : header.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
      Columns columns =
          new Columns(
              names.size(),
              names.indexOf("emotion"),
              names.indexOf("pixels"),
              names.indexOf("usage"));
      if (columns.emotion < 0 || columns.pixels < 0 || columns.usage < 0) {
        throw DataException.atLine(
            file,
            1,
            "expected the columns emotion, pixels and Usage, found '" + shown(header) + "'");
      }
      return columns;
    }
  }

  /** Lines with the places where they begin. */
  private static final class Lines implements AutoCloseable {
    private final Path file;
    private final InputStream in;
    private final byte[] bytes = new byte[MAXIMUM_LINE_BYTES];
    private long at;
    private long number;
    private long begin;
    private int length;

    Lines(Path file) throws IOException {
      this.file = file;
      this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 18);
    }

    String next() throws IOException {
      begin = at;
      length = 0;
      number++;
      int next = in.read();
      if (next < 0) {
        return null;
      }
      for (; next >= 0; next = in.read()) {
        at++;
        if (next == '\n') {
          break;
        }
        if (length == bytes.length) {
          throw DataException.atLine(file, number, "is longer than " + bytes.length + " bytes");
        }
        bytes[length++] = (byte) next;
      }
      return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** The pixels of one line. */
  private record PixelRow(PositionalFile file, long line, long begin, int length, int column)
      implements ImageSource {
    @Override
    public RawImage decode() {
      String text =
          new String(file.read(begin, length).array(), StandardCharsets.ISO_8859_1)
              .split(",", -1)[column].strip();
      String[] numbers = SPACES.split(text, -1);
      int side = (int) Math.round(Math.sqrt(numbers.length));
      if (side * side != numbers.length) {
        throw DataException.atLine(
            file.path(), line, numbers.length + " pixels do not make a square image");
      }
      byte[] rgb = new byte[3 * numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        if (!numbers[i].matches("\\d{1,3}") || Integer.parseInt(numbers[i]) > 255) {
          throw DataException.atLine(
              file.path(), line, "expected a pixel 0 to 255, found '" + shown(numbers[i]) + "'");
        }
        byte grey = (byte) Integer.parseInt(numbers[i]);
        rgb[3 * i] = grey;
        rgb[3 * i + 1] = grey;
        rgb[3 * i + 2] = grey;
      }
      return new RawImage(side, side, rgb);
    }

    @Override
    public String fingerprint() {
      String text =
          new String(file.read(begin, length).array(), StandardCharsets.ISO_8859_1)
              .split(",", -1)[column];
      return new Fingerprint().add("fer-csv pixels").add(text.strip()).hex();
    }
  }
}
