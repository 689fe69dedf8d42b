package org.mien.data.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/** Reads the table of a {@link ListConfig} line by line. */
final class ListReader {
  /** Longest line in characters; RFC 4180 lets a field in quotes reach to the end of the file. */
  private static final int MAXIMUM_LINE = 1 << 20;

  /** A table has as many columns at most; each holds a store of its own. */
  private static final int MAXIMUM_COLUMNS = 1000;

  private final ListConfig config;
  private final Path file;
  private final List<Skipped> skipped = new ArrayList<>();

  private final StoredTexts keys = new StoredTexts();
  private final BitSet numbered = new BitSet();
  private final ListSamples.Column identities = new ListSamples.Column();
  private final Map<String, ListSamples.Column> attributes = new LinkedHashMap<>();
  private final ListSamples.Numbers boxes;
  private final ListSamples.Numbers points;

  private Path root;
  private Path realRoot;
  private Path lastFolder;
  private boolean lastFolderInside;

  private int pathAt;
  private int identityAt;
  private int[] boxAt;
  private int[] pointsAt;
  private String[] attributeAt; // a column's name as an attribute, or null

  ListReader(ListConfig config) {
    this.config = config;
    this.file = config.file();
    this.boxes = new ListSamples.Numbers(config.boxColumns().size());
    this.points = new ListSamples.Numbers(config.pointColumns().size());
  }

  FaceManifest read() {
    char delimiter = delimiter();
    Path own = file.toAbsolutePath().getParent();
    root = config.root().orElse(own);
    realRoot = realRoot();
    long line = 0;
    try (Reader reader = reader();
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .acceptCharsAfterQuotes(false)
                .ignoreDifferentFieldCount(true) // compared with the header here, with the line
                .maxBufferSize(MAXIMUM_LINE)
                .ofCsvRecord(reader)) {
      int columns = -1;
      for (CsvRecord record : csv) {
        line = record.getStartingLineNumber();
        if (columns < 0) {
          columns = record.getFieldCount();
          header(record.getFields());
          continue;
        }
        if (record.getFieldCount() != columns) {
          throw DataException.atLine(
              file,
              line,
              "expected " + columns + " fields as in the header, found " + record.getFieldCount());
        }
        row(line, record.getFields());
      }
    } catch (CsvParseException e) {
      throw DataException.atLine(file, line + 1, "cannot be read: " + reason(e));
    } catch (UncheckedIOException e) {
      throw unreadable(e.getCause(), line);
    } catch (IOException e) {
      throw unreadable(e, line);
    }
    return manifest();
  }

  private FaceManifest manifest() {
    if (keys.size() == 0) {
      String first =
          skipped.isEmpty()
              ? "it has no line after the header"
              : skipped.get(0).key() + ": " + skipped.get(0).reason();
      throw DataException.in(file, "lists no usable image; " + first);
    }
    ListSamples samples =
        new ListSamples(root, keys.trimmed(), numbered, identities, attributes, boxes, points);
    return new FaceManifest(config.name(), enough(samples), skipped);
  }

  private FaceSamples enough(ListSamples samples) {
    int minimum = config.minimumImages();
    if (minimum == 1) {
      return samples;
    }
    int[] images = new int[samples.identities()];
    for (int i = 0; i < samples.size(); i++) {
      images[samples.identityNumber(i)]++;
    }
    GrowingInts rows = new GrowingInts();
    for (int i = 0; i < samples.size(); i++) {
      if (images[samples.identityNumber(i)] >= minimum) {
        rows.add(i);
      }
    }
    int tooFew = (int) Arrays.stream(images).filter(count -> count < minimum).count();
    if (rows.size() == 0) {
      throw DataException.in(file, "lists no identity with at least " + minimum + " usable images");
    }
    if (tooFew > 0) {
      skipped.add(
          new Skipped("*", IdentityFolders.tooFew(tooFew, samples.size() - rows.size(), minimum)));
    }
    return samples.select(rows.toArray());
  }

  private void header(List<String> columns) {
    if (columns.size() > MAXIMUM_COLUMNS) {
      throw DataException.atLine(file, 1, "has " + columns.size() + " columns; at most 1000");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw DataException.atLine(file, 1, "names a column twice: " + shown(columns));
    }
    pathAt = column(columns, "pathColumn", config.pathColumn());
    identityAt = column(columns, "identityColumn", config.identityColumn());
    boxAt = config.boxColumns().stream().mapToInt(c -> column(columns, "boxColumns", c)).toArray();
    pointsAt =
        config.pointColumns().stream().mapToInt(c -> column(columns, "pointColumns", c)).toArray();
    attributeAt = columns.toArray(String[]::new);
    attributeAt[pathAt] = null;
    attributeAt[identityAt] = null;
    for (int at : boxAt) {
      attributeAt[at] = null;
    }
    for (int at : pointsAt) {
      attributeAt[at] = null;
    }
    for (String name : attributeAt) {
      if (name != null && !name.isBlank()) {
        attributes.put(name, new ListSamples.Column());
      }
    }
  }

  private int column(List<String> columns, String key, String name) {
    int at = columns.indexOf(name);
    if (at < 0) {
      throw DataException.atLine(
          file, 1, "expected a column " + name + " (" + key + "), found " + shown(columns));
    }
    return at;
  }

  private void row(long line, List<String> fields) {
    String path = fields.get(pathAt);
    String identity = fields.get(identityAt);
    if (identity.isBlank()) {
      throw DataException.atLine(file, line, "has no " + config.identityColumn());
    }
    double[] box = numbers(line, fields, boxAt);
    double[] five = numbers(line, fields, pointsAt);
    checkLocation(line, box, five);
    Path relative = relative(line, path);
    String problem = problemWithFile(relative);
    if (problem != null) {
      skipped.add(new Skipped(path, problem));
      return;
    }
    int before = keys.size();
    String key = path;
    for (int count = 2; keys.indexOf(key) < before; count++) {
      if (boxAt.length == 0 && pointsAt.length == 0) {
        throw DataException.atLine(file, line, "lists " + shown(path) + " a second time");
      }
      key = path + "#" + count;
    }
    if (!key.equals(path)) {
      numbered.set(before);
    }
    identities.add(identity);
    boxes.add(box);
    points.add(five);
    for (int i = 0; i < attributeAt.length; i++) {
      ListSamples.Column column = attributeAt[i] == null ? null : attributes.get(attributeAt[i]);
      if (column != null) {
        column.add(fields.get(i));
      }
    }
  }

  /** Returns the numbers of some columns, or the first not a number where all are empty. */
  private double[] numbers(long line, List<String> fields, int[] at) {
    double[] numbers = new double[at.length];
    int empty = 0;
    for (int i = 0; i < at.length; i++) {
      String text = fields.get(at[i]).strip();
      if (text.isEmpty()) {
        empty++;
        continue;
      }
      try {
        numbers[i] = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw DataException.atLine(file, line, "expected a number, found " + shown(text));
      }
    }
    if (empty > 0 && empty < at.length) {
      throw DataException.atLine(
          file, line, "has " + (at.length - empty) + " of the " + at.length + " numbers of a face");
    }
    if (at.length > 0 && empty == at.length) {
      numbers[0] = Double.NaN;
      return numbers;
    }
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw DataException.atLine(file, line, "expected a finite number, found " + number);
      }
    }
    return numbers;
  }

  /** Turns corners into sizes, and finds boxes without any here rather than when they are used. */
  private void checkLocation(long line, double[] box, double[] five) {
    try {
      if (box.length > 0 && !Double.isNaN(box[0])) {
        if (config.boxForm() == ListConfig.BoxForm.LEFT_TOP_RIGHT_BOTTOM) {
          box[2] -= box[0];
          box[3] -= box[1];
        }
        new FaceBox(box[0], box[1], box[2], box[3]);
      }
      if (five.length > 0 && !Double.isNaN(five[0])) {
        FacePoints.of(five);
      }
    } catch (IllegalArgumentException e) {
      throw DataException.atLine(file, line, e.getMessage());
    }
  }

  private Path relative(long line, String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw DataException.atLine(file, line, "expected a path, found " + shown(text));
    }
    try {
      Path path = Path.of(text);
      boolean leaves = path.isAbsolute() || path.getRoot() != null;
      for (Path part : path) {
        leaves |= part.toString().equals("..");
      }
      if (leaves || !StoredTexts.canStore(text)) {
        throw DataException.atLine(
            file, line, "expected a path below " + root + ", found " + shown(text));
      }
      return path;
    } catch (InvalidPathException e) {
      throw DataException.atLine(file, line, "expected a path, found " + shown(text));
    }
  }

  /** Returns why a file cannot be used, or null. */
  private String problemWithFile(Path relative) {
    Path path = root.resolve(relative);
    try {
      // Most lines follow one of the same folder; looking through its links once is enough.
      Path folder = path.getParent();
      if (!folder.equals(lastFolder)) {
        lastFolderInside = folder.toRealPath().startsWith(realRoot);
        lastFolder = folder;
      }
      if (!lastFolderInside) {
        return "lies in a link that leaves the data set's folder; not followed";
      }
      return switch (FolderTree.FILES.kind(realRoot, path)) {
        case FILE -> null;
        case LINK_THAT_LEAVES -> "is a link that leaves the data set's folder; not followed";
        case FOLDER, OTHER -> "is not a file; expected an image";
      };
    } catch (NoSuchFileException e) {
      lastFolder = null;
      return "is missing";
    } catch (IOException e) {
      lastFolder = null;
      return "cannot be read (" + e.getClass().getSimpleName() + ")";
    }
  }

  private Path realRoot() {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      throw DataException.in(
          root.toAbsolutePath().normalize(),
          "does not exist; expected the folder that the paths of " + file + " are relative to",
          e);
    }
  }

  private char delimiter() {
    return switch (config.delimiter()) {
      case COMMA -> ',';
      case TAB -> '\t';
      case SEMICOLON -> ';';
      case GUESS -> guess();
    };
  }

  /** The delimiter with which the header has the two columns that every table needs. */
  private char guess() {
    String header = firstLine();
    for (char candidate : new char[] {',', '\t', ';'}) {
      try (CsvReader<CsvRecord> csv =
          CsvReader.builder().fieldSeparator(candidate).ofCsvRecord(header)) {
        for (CsvRecord record : csv) {
          List<String> fields = record.getFields();
          if (fields.contains(config.pathColumn()) && fields.contains(config.identityColumn())) {
            return candidate;
          }
        }
      } catch (CsvParseException | IOException e) {
        // not this one
      }
    }
    throw DataException.atLine(
        file,
        1,
        "expected a header with the columns "
            + config.pathColumn()
            + " and "
            + config.identityColumn()
            + " between commas, tabs or semicolons, found "
            + shown(header));
  }

  private String firstLine() {
    StringBuilder line = new StringBuilder();
    try (Reader reader = reader()) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        if (c == '\n' || c == '\r') {
          if (line.length() > 0) {
            break;
          }
        } else if (line.length() == MAXIMUM_LINE) {
          throw DataException.atLine(file, 1, "is longer than a million characters");
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      throw unreadable(e, 0);
    }
    return line.toString();
  }

  /** Reads UTF-8, an error where it is none, without the mark that some programs put first. */
  private Reader reader() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    in.mark(3);
    if (!Arrays.equals(in.readNBytes(3), new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF})) {
      in.reset();
    }
    return new BufferedReader(
        new InputStreamReader(
            in,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  private DataException unreadable(IOException e, long line) {
    if (e instanceof NoSuchFileException) {
      return DataException.in(file, "does not exist; expected a table of images", e);
    }
    if (e instanceof CharacterCodingException) {
      return DataException.in(file, "is not text in UTF-8 after line " + line, e);
    }
    if (Files.isDirectory(file)) {
      return DataException.in(file, "is a folder; expected a table of images", e);
    }
    return DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
  }

  private static String reason(CsvParseException e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage());
  }

  private static String shown(Object value) {
    String text = value.toString();
    String beginning = text.length() > 120 ? text.substring(0, 120) + "..." : text;
    return "'" + beginning.replace("\t", "<TAB>").replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
