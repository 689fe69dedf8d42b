package org.mien.trainer.search;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.run.AtomicFiles;
import org.mien.core.run.RunDirectory;

/** The files of a search, in a folder beside those of runs. */
final class SearchFiles {
  private final Path root;

  SearchFiles(RunDirectory folder) {
    this.root = folder.root();
  }

  /** The content of {@code search.json}. */
  private record Rows(int schema, List<Trial> trials) {
    static final int SCHEMA = 2;
  }

  /** The recipe whose keys are varied, every default filled in. */
  Path recipe() {
    return root.resolve("recipe.yaml");
  }

  Path bestRecipe() {
    return root.resolve("best.yaml");
  }

  Path report() {
    return root.resolve("search.html");
  }

  /** The folder of one candidate's training. */
  Path candidate(String fingerprint) {
    return root.resolve("candidates").resolve(fingerprint.substring(0, 16));
  }

  private Path json() {
    return root.resolve("search.json");
  }

  /** Returns the rows so far; none before the first. */
  List<Trial> read() {
    if (!Files.exists(json())) {
      return List.of();
    }
    Rows rows = Json.read(json(), Rows.class);
    if (rows.schema() != Rows.SCHEMA || rows.trials() == null) {
      throw DataException.in(
          json(), "expected the rows of a search in schema " + Rows.SCHEMA + ", was another");
    }
    return rows.trials();
  }

  /** Writes all rows, for programs and for people. */
  void write(List<Trial> trials, Iterable<String> keys) {
    Json.write(json(), new Rows(Rows.SCHEMA, trials));
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      List<String> head = new ArrayList<>(List.of("number"));
      keys.forEach(head::add);
      head.addAll(
          List.of(
              "validationAccuracy",
              "validationLoss",
              "validationVerification",
              "bestEpoch",
              "epochs",
              "seconds",
              "problem"));
      csv.writeRecord(head);
      for (Trial trial : trials) {
        List<String> row = new ArrayList<>(List.of(Integer.toString(trial.number())));
        keys.forEach(key -> row.add(trial.values().getOrDefault(key, "")));
        row.addAll(
            List.of(
                number(trial.validationAccuracy()),
                number(trial.validationLoss()),
                number(trial.validationVerification()),
                Integer.toString(trial.bestEpoch()),
                Integer.toString(trial.epochs()),
                String.format(Locale.ROOT, "%.3f", trial.seconds()),
                trial.problem()));
        csv.writeRecord(row);
      }
    } catch (IOException e) {
      throw DataException.in(root, "search.csv cannot be written", e);
    }
    AtomicFiles.writeString(root.resolve("search.csv"), text.toString());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
  }

  String recipeText() {
    try {
      return Files.readString(recipe(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw DataException.in(recipe(), "cannot be read (" + e + ")", e);
    }
  }

  /** A finished candidate's checkpoints would fill the disk and serve nobody. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      throw DataException.in(folder, "cannot be deleted (" + e + ")", e);
    }
  }
}
