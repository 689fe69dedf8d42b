package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.data.format.MatFile;

/** Reads AgeDB-30's MATLAB file; {@link AgeDb30Config} says what it holds. */
final class AgeDbSplits {
  private static final int MAXIMUM_FOLDS = 1000;

  private final Path file;
  private final List<Pair> pairs = new ArrayList<>();

  AgeDbSplits(Path file) {
    this.file = file;
  }

  PairList read() {
    MatFile.Value splits = MatFile.read(file).get("splits");
    if (!(splits instanceof MatFile.Cells folds)
        || folds.elements().isEmpty()
        || folds.elements().size() > MAXIMUM_FOLDS) {
      throw DataException.in(file, "has no variable splits that is a cell for each fold");
    }
    for (int fold = 0; fold < folds.elements().size(); fold++) {
      add(fold, folds.elements().get(fold));
    }
    return new PairList("agedb-30", pairs, folds.elements().size());
  }

  private void add(int fold, MatFile.Value split) {
    MatFile.Value images = field(split, 0, "splits{" + (fold + 1) + "}");
    MatFile.Value labels = field(split, 1, "splits{" + (fold + 1) + "}");
    if (!(images instanceof MatFile.Cells cells)
        || cells.rows() != 2
        || !(labels instanceof MatFile.Numbers flags)
        || flags.elements().size() != cells.columns()
        || cells.columns() == 0) {
      throw DataException.in(
          file,
          "splits{"
              + (fold + 1)
              + "}: expected a cell array of two rows and a label for each of its columns");
    }
    for (int i = 0; i < cells.columns(); i++) {
      String where = "splits{" + (fold + 1) + "} pair " + (i + 1);
      double label = flags.elements().get(i);
      if (label != 1 && label != -1 && label != 0) {
        throw DataException.in(file, where + ": expected the label 1 or -1, was " + label);
      }
      String keyA = image(cells.elements().get(2 * i), where);
      String keyB = image(cells.elements().get(2 * i + 1), where);
      try {
        pairs.add(new Pair(keyA, person(keyA, where), keyB, person(keyB, where), label == 1, fold));
      } catch (IllegalArgumentException e) {
        throw DataException.in(file, where + ": " + e.getMessage(), e);
      }
    }
  }

  private String image(MatFile.Value image, String where) {
    if (!(field(image, 0, where) instanceof MatFile.Text name) || name.rows() > 1) {
      throw DataException.in(file, where + ": expected a structure that begins with a name");
    }
    String key = name.text().strip() + ".jpg";
    if (key.indexOf('/') >= 0 || key.indexOf('\\') >= 0) {
      throw DataException.in(
          file, where + ": expected a name without a folder, found " + TextLines.quoted(key));
    }
    return key;
  }

  private String person(String key, String where) {
    return AgeDb30Config.person(key)
        .orElseThrow(
            () ->
                DataException.in(
                    file,
                    where
                        + ": expected an image such as 0_MariaCallas_35_f, found "
                        + TextLines.quoted(key)));
  }

  /** Returns a field of a single structure by its place, for only that is known of the file. */
  private MatFile.Value field(MatFile.Value value, int field, String where) {
    if (value instanceof MatFile.Structures structures && structures.elements().size() == 1) {
      Map<String, MatFile.Value> fields = structures.elements().get(0);
      if (fields.size() > field) {
        return List.copyOf(fields.values()).get(field);
      }
    }
    throw DataException.in(
        file, where + ": expected one structure of at least " + (field + 1) + " fields");
  }
}
