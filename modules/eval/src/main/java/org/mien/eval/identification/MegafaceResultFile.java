package org.mien.eval.identification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.eval.score.LargeRoc;
import org.mien.eval.score.OperatingPoint;

/**
 * A result of the MegaFace kit, {@code cmc_facescrub_megaface_ALGORITHM_SIZE_SET.json}: {@code
 * {"roc": [[fpr ...], [tpr ...]], "cmc": [[rank ...], [recall ...]]}}, ranks counted from 0.
 *
 * <p>Mien writes rank 0 and each rank at which the recall rises; in between it stays as it is.
 *
 * @param roc false positive rates, ascending, and the true positive rates
 * @param cmc ranks from 0, ascending, and the share of trials whose mate is at that rank or better
 */
public record MegafaceResultFile(List<List<Double>> roc, List<List<Double>> cmc) {
  private static final long MAXIMUM_BYTES = 1 << 28;
  private static final Pattern NAME =
      Pattern.compile("cmc_([A-Za-z0-9]+)_megaface_(.+)_([0-9]{1,9})_([0-9]{1,9})\\.json");

  public MegafaceResultFile {
    roc = checked("roc", roc, 1);
    cmc = checked("cmc", cmc, Integer.MAX_VALUE);
  }

  private static List<List<Double>> checked(String name, List<List<Double>> curve, double highest) {
    if (curve == null
        || curve.size() != 2
        || curve.stream().anyMatch(Objects::isNull)
        || curve.get(0).size() != curve.get(1).size()
        || curve.get(0).isEmpty()) {
      throw new IllegalArgumentException(
          name + " must be two lists of equally many numbers, at least one");
    }
    double before = 0;
    for (int i = 0; i < curve.get(0).size(); i++) {
      Double x = curve.get(0).get(i);
      Double y = curve.get(1).get(i);
      if (x == null || y == null || !(x >= before && x <= highest) || !(y >= 0 && y <= 1)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s point %d is (%s, %s); expected ascending numbers from 0 and rates in [0, 1]",
                name,
                i,
                x,
                y));
      }
      before = x;
    }
    return List.of(List.copyOf(curve.get(0)), List.copyOf(curve.get(1)));
  }

  /**
   * Makes a result.
   *
   * @param counts for each trial how many distractors were more similar than the mate
   * @param maximalRank trials of at least this count were not found
   */
  static MegafaceResultFile of(LargeRoc roc, int[] counts, int maximalRank) {
    List<Double> fpr = new ArrayList<>();
    List<Double> tpr = new ArrayList<>();
    for (OperatingPoint point : roc.points()) {
      fpr.add(point.fmr());
      tpr.add(point.tar());
    }
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    List<Double> ranks = new ArrayList<>();
    List<Double> recall = new ArrayList<>();
    int i = 0;
    while (i < sorted.length && sorted[i] == 0) {
      i++;
    }
    ranks.add(0.0);
    recall.add(i / (double) sorted.length);
    while (i < sorted.length && sorted[i] < maximalRank) {
      int rank = sorted[i];
      while (i < sorted.length && sorted[i] == rank) {
        i++;
      }
      ranks.add((double) rank);
      recall.add(i / (double) sorted.length);
    }
    return new MegafaceResultFile(List.of(fpr, tpr), List.of(ranks, recall));
  }

  /** Returns the rate of trials whose mate is at a rank or better, ranks counted from 1. */
  public double recallAtRank(int rank) {
    return stepAt(cmc, rank - 1.0);
  }

  /** Returns the true positive rate of the last point whose false positive rate is at most this. */
  public double tprAtFpr(double fpr) {
    return stepAt(roc, fpr);
  }

  private static double stepAt(List<List<Double>> curve, double x) {
    double y = 0;
    for (int i = 0; i < curve.get(0).size() && curve.get(0).get(i) <= x; i++) {
      y = curve.get(1).get(i);
    }
    return y;
  }

  /**
   * What a file's name says.
   *
   * @param probeSet such as {@code facescrub} or {@code fgnet}
   * @param algorithm letters, digits, points, dashes and underscores
   * @param size of the list of distractors
   * @param set number of the list
   */
  public record Name(String probeSet, String algorithm, int size, int set) {
    public Name {
      if (!probeSet.matches("[A-Za-z0-9]+") || !algorithm.matches("[A-Za-z0-9._-]+")) {
        throw new IllegalArgumentException(
            "expected letters and digits, and for the algorithm also . _ -, were "
                + probeSet
                + " and "
                + algorithm);
      }
      if (size < 1 || set < 0) {
        throw new IllegalArgumentException("expected a size and a set, were " + size + ", " + set);
      }
    }

    /** Returns the name as the kit writes it. */
    public String fileName() {
      return String.format(
          Locale.ROOT, "cmc_%s_megaface_%s_%d_%d.json", probeSet, algorithm, size, set);
    }

    /**
     * Reads a name.
     *
     * @throws DataException if it is not of that form
     */
    public static Name of(Path file) {
      Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
      if (!matcher.matches()) {
        throw DataException.in(
            file, "expected a name like cmc_facescrub_megaface_ALGORITHM_SIZE_SET.json");
      }
      return new Name(
          matcher.group(1),
          matcher.group(2),
          Integer.parseInt(matcher.group(3)),
          Integer.parseInt(matcher.group(4)));
    }
  }

  /** Writes the result into a folder, and returns the file. */
  public Path write(Path folder, Name name) {
    Path file = folder.resolve(name.fileName());
    Json.write(file, this);
    return file;
  }

  /**
   * Reads a result, of Mien or of the kit.
   *
   * @throws DataException if it is missing, too large or not such a file
   */
  public static MegafaceResultFile read(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) > MAXIMUM_BYTES) {
        throw DataException.in(
            file, "has " + Files.size(file) + " bytes; expected at most " + MAXIMUM_BYTES);
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
    return Json.read(file, MegafaceResultFile.class);
  }
}
