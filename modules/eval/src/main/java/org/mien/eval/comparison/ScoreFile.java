package org.mien.eval.comparison;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/**
 * The score of every pair of a verification protocol, as gzipped CSV.
 *
 * <p>The first line is {@code imageA,identityA,imageB,identityB,genuine,fold,score}; a line a pair
 * follows, in the order of the protocol. {@code genuine} is 1 or 0, {@code fold} counts from 0 and
 * is empty where there are none, identities are empty where the protocol does not tell them, and a
 * score has all digits of a double, higher being more alike.
 */
public final class ScoreFile {
  /** Pairs written unless all are asked for: about 30 bytes each. */
  public static final int USUAL_MOST_PAIRS = 1_000_000;

  private static final List<String> COLUMNS =
      List.of("imageA", "identityA", "imageB", "identityB", "genuine", "fold", "score");
  private static final int MOST_PAIRS_READ = 50_000_000;
  private static final int LONGEST_LINE = 1 << 16;

  private ScoreFile() {}

  /**
   * Returns the name of the file of a protocol.
   *
   * @param folder the folder {@code scores} of a run
   */
  public static Path in(Path folder, String protocol) {
    return folder.resolve(protocol.replaceAll("[^A-Za-z0-9._-]", "-") + ".csv.gz");
  }

  /**
   * Writes the pairs to a temporary name, then moves it there.
   *
   * @throws DataException where it cannot be written
   */
  public static void write(List<ComparedImages> pairs, Path file) {
    AtomicFiles.write(
        file,
        out -> {
          try (Writer text =
                  new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8);
              CsvWriter csv = CsvWriter.builder().build(text)) {
            csv.writeRecord(COLUMNS);
            for (ComparedImages images : pairs) {
              ScoredPair pair = images.pair();
              csv.writeRecord(
                  text(images.imageA()),
                  text(pair.identityA()),
                  text(images.imageB()),
                  text(pair.identityB()),
                  pair.genuine() ? "1" : "0",
                  pair.fold() == ScoredPair.NO_FOLD ? "" : Integer.toString(pair.fold()),
                  Double.toString(pair.similarity().value()));
            }
          }
        });
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws DataException where the file cannot be read or is no such file, naming the line
   */
  public static List<ComparedImages> read(Path file) {
    List<ComparedImages> pairs = new ArrayList<>();
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        Reader reader = new InputStreamReader(new GZIPInputStream(bytes), StandardCharsets.UTF_8);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .acceptCharsAfterQuotes(false)
                .maxBufferSize(LONGEST_LINE)
                .ofCsvRecord(reader)) {
      boolean header = true;
      for (CsvRecord line : csv) {
        if (header) {
          if (!line.getFields().equals(COLUMNS)) {
            throw at(file, line, "expected the columns " + COLUMNS + ", found " + line.getFields());
          }
          header = false;
          continue;
        }
        if (pairs.size() == MOST_PAIRS_READ) {
          throw at(file, line, "more than " + MOST_PAIRS_READ + " pairs are not read");
        }
        pairs.add(pair(file, line));
      }
      if (header) {
        throw DataException.in(file, "is empty; expected the columns " + COLUMNS);
      }
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw DataException.in(file, "is not a file of scores (" + e.getMessage() + ")", e);
    }
    return pairs;
  }

  private static ComparedImages pair(Path file, CsvRecord line) {
    if (line.getFieldCount() != COLUMNS.size()) {
      throw at(file, line, "expected 7 fields, found " + line.getFieldCount());
    }
    String genuine = line.getField(4);
    if (!genuine.equals("0") && !genuine.equals("1")) {
      throw at(file, line, "genuine: expected 0 or 1, was " + genuine);
    }
    try {
      String fold = line.getField(5);
      return new ComparedImages(
          known(line.getField(0)),
          known(line.getField(2)),
          new ScoredPair(
              known(line.getField(1)),
              known(line.getField(3)),
              genuine.equals("1"),
              fold.isEmpty() ? ScoredPair.NO_FOLD : Integer.parseInt(fold),
              new Similarity(Double.parseDouble(line.getField(6)))));
    } catch (IllegalArgumentException e) {
      throw at(file, line, e.getMessage());
    }
  }

  private static String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static DataException at(Path file, CsvRecord line, String problem) {
    return new DataException(file + ":" + line.getStartingLineNumber() + ": " + problem);
  }
}
