package org.mien.data.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * A list of images: a CSV or TSV file with a line of column names. One column names the image file,
 * one the person, the others become attributes.
 *
 * <p>A file that is missing is listed as skipped; a line with too few or too many fields, or a
 * number that is none, is an error. {@code mien data prepare} writes such lists.
 *
 * @param file the list, UTF-8; fields are separated by tabs if the first line holds one, else by
 *     commas
 * @param root what the paths are relative to; by default the list's own folder
 * @param pathColumn which column names the file
 * @param identityColumn which column names the person
 * @param boxColumns four columns of the bounding box: left, top, width, height, in pixels
 * @param pointColumns ten columns of the five points, x and y of left eye, right eye, nose, left
 *     and right corner of the mouth as the image shows them
 */
@TypeName("list")
public record ListConfig(
    @Setting("CSV or TSV file whose first line names the columns.") Path file,
    @Setting("Folder that the paths are relative to; by default that of the list.")
        Optional<Path> root,
    @Setting(value = "Column that names the image file.", defaultValue = "file") String pathColumn,
    @Setting(value = "Column that names the person.", defaultValue = "identity")
        String identityColumn,
    @Setting(
            value =
                "Columns of the face's box: left, top, width, height in pixels; by default those"
                    + " of these names, if the list has them.",
            defaultValue = "[]")
        List<String> boxColumns,
    @Setting(
            value =
                "Columns of the five points, x and y of left eye, right eye, nose, left and right"
                    + " mouth corner as the image shows them; by default x1, y1 to x5, y5, if the"
                    + " list has them.",
            defaultValue = "[]")
        List<String> pointColumns)
    implements DatasetConfig {
  private static final List<String> BOX = List.of("left", "top", "width", "height");
  private static final List<String> POINTS =
      List.of("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4", "x5", "y5");

  public ListConfig {
    boxColumns = List.copyOf(boxColumns);
    pointColumns = List.copyOf(pointColumns);
    if (!boxColumns.isEmpty() && boxColumns.size() != 4) {
      throw new IllegalArgumentException("boxColumns: expected 4 names, was " + boxColumns);
    }
    if (!pointColumns.isEmpty() && pointColumns.size() != 10) {
      throw new IllegalArgumentException("pointColumns: expected 10 names, was " + pointColumns);
    }
  }

  /** A list with the usual columns {@code file} and {@code identity}. */
  public static ListConfig of(Path file) {
    return new ListConfig(file, Optional.empty(), "file", "identity", List.of(), List.of());
  }

  @Override
  public String name() {
    String last = IdentityFolders.nameOf(file);
    int dot = last.lastIndexOf('.');
    return dot > 0 ? last.substring(0, dot) : last;
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    Path parent = file.toAbsolutePath().getParent();
    Rows rows = new Rows(RootFolder.of(root.orElse(parent)));
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(separator())
            .ignoreDifferentFieldCount(true)
            .ofCsvRecord(file)) {
      csv.forEach(rows::add);
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw DataException.in(file, "is not a list of fields: " + cause.getMessage(), e);
    } catch (UncheckedIOException | IOException e) {
      throw unreadable(e);
    }
    if (rows.columns == null) {
      throw DataException.in(file, "is empty; expected a first line that names the columns");
    }
    if (rows.samples.isEmpty()) {
      throw DataException.in(
          file,
          "names no usable image"
              + (rows.skipped.isEmpty()
                  ? ""
                  : "; " + rows.skipped.get(0).key() + ": " + rows.skipped.get(0).reason()));
    }
    return new FaceManifest(name(), rows.samples, rows.skipped);
  }

  private char separator() {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      char[] beginning = new char[1 << 16];
      int read = Math.max(0, reader.read(beginning));
      String first = new String(beginning, 0, read).lines().findFirst().orElse("");
      return first.indexOf('\t') >= 0 ? '\t' : ',';
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DataException unreadable(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    if (cause instanceof NoSuchFileException) {
      return DataException.in(file, "is missing; expected a CSV or TSV list of images", e);
    }
    if (cause instanceof CharacterCodingException) {
      return DataException.in(file, "is not UTF-8 text; expected a CSV or TSV list of images", e);
    }
    return DataException.in(file, "cannot be read (" + cause.getClass().getSimpleName() + ")", e);
  }

  /** What the lines give, one after the other. */
  private final class Rows {
    private final RootFolder folder;
    private final List<FaceSample> samples = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private List<String> columns;
    private int path;
    private int identity;
    private int[] box;
    private int[] points;
    private final List<Integer> others = new ArrayList<>();

    Rows(RootFolder folder) {
      this.folder = folder;
    }

    void add(CsvRecord row) {
      if (columns == null) {
        header(row.getFields());
        return;
      }
      long line = row.getStartingLineNumber();
      if (row.getFieldCount() != columns.size()) {
        throw DataException.atLine(
            file,
            line,
            "has " + row.getFieldCount() + " fields; expected " + columns.size() + ": " + columns);
      }
      String relative = row.getField(path);
      String name = row.getField(identity);
      if (name.isBlank()) {
        throw DataException.atLine(file, line, "names no one in the column " + identityColumn);
      }
      Path image =
          folder
              .resolve(relative)
              .orElseThrow(
                  () ->
                      DataException.atLine(
                          file,
                          line,
                          "expected a path inside the folder of images in the column "
                              + pathColumn
                              + ", found '"
                              + relative.replaceAll("\\p{Cntrl}", "?")
                              + "'"));
      if (!keys.add(relative)) {
        throw DataException.atLine(file, line, "names " + relative + " a second time");
      }
      Optional<String> problem = folder.problemWith(image);
      if (problem.isPresent()) {
        skipped.add(new Skipped(relative, problem.get()));
        return;
      }
      Map<String, String> attributes = new LinkedHashMap<>();
      for (int column : others) {
        if (!row.getField(column).isEmpty()) {
          attributes.put(columns.get(column), row.getField(column));
        }
      }
      samples.add(
          new FaceSample(
              relative, name, new FileImageSource(image), attributes, location(row, line)));
    }

    private void header(List<String> names) {
      columns = List.copyOf(names);
      if (columns.get(0).startsWith("\uFEFF")) {
        throw DataException.atLine(file, 1, "begins with a byte order mark; expected plain UTF-8");
      }
      path = column(pathColumn, "pathColumn");
      identity = column(identityColumn, "identityColumn");
      List<String> boxNames = namesOr(boxColumns, BOX);
      List<String> pointNames = namesOr(pointColumns, POINTS);
      box = boxNames.stream().mapToInt(name -> column(name, "boxColumns")).toArray();
      points = pointNames.stream().mapToInt(name -> column(name, "pointColumns")).toArray();
      for (int i = 0; i < columns.size(); i++) {
        boolean other =
            i != path
                && i != identity
                && !boxNames.contains(columns.get(i))
                && !pointNames.contains(columns.get(i));
        if (other) {
          others.add(i);
        }
      }
    }

    /** Returns the columns asked for, else the usual ones if all are there, else none. */
    private List<String> namesOr(List<String> asked, List<String> usual) {
      if (!asked.isEmpty()) {
        return asked;
      }
      return columns.containsAll(usual) ? usual : List.of();
    }

    private int column(String name, String key) {
      int index = columns.indexOf(name);
      if (index < 0) {
        throw new ConfigException(
            key + ": " + file + " has no column '" + name + "'; it has " + columns);
      }
      return index;
    }

    private FaceLocation location(CsvRecord row, long line) {
      return new FaceLocation(
          numbers(row, line, box)
              .map(b -> positive(line, b))
              .map(b -> new FaceBox(b[0], b[1], b[2], b[3])),
          numbers(row, line, points).map(FacePoints::of));
    }

    private double[] positive(long line, double[] values) {
      if (!(values[2] > 0) || !(values[3] > 0)) {
        throw DataException.atLine(
            file, line, "has a box of " + values[2] + " x " + values[3] + " pixels");
      }
      return values;
    }

    /** Returns the numbers of some columns; nothing if there are none or all are empty. */
    private Optional<double[]> numbers(CsvRecord row, long line, int[] wanted) {
      if (wanted.length == 0) {
        return Optional.empty();
      }
      double[] values = new double[wanted.length];
      int empty = 0;
      for (int i = 0; i < wanted.length; i++) {
        String text = row.getField(wanted[i]).strip();
        if (text.isEmpty()) {
          empty++;
          continue;
        }
        try {
          values[i] = Double.parseDouble(text);
        } catch (NumberFormatException e) {
          values[i] = Double.NaN;
        }
        if (!Double.isFinite(values[i])) {
          throw DataException.atLine(
              file,
              line,
              "expected a number in the column "
                  + columns.get(wanted[i])
                  + ", found '"
                  + text.replaceAll("\\p{Cntrl}", "?")
                  + "'");
        }
      }
      if (empty == wanted.length) {
        return Optional.empty();
      }
      if (empty > 0) {
        throw DataException.atLine(file, line, "gives only a part of a box or of five points");
      }
      return Optional.of(values);
    }
  }
}
