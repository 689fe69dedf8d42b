package org.mien.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.mien.core.progress.Progress;
import org.mien.data.format.FeatureMatrixFile;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.HnswIndex;
import org.mien.eval.search.HnswSettings;
import org.mien.eval.search.Matches;
import org.mien.eval.search.TopMatches;

/**
 * Approximate search beside the exact one and FAISS's, in rounds in which each has its turn.
 *
 * <p>Arguments: a folder for files, rows, probes, directions, M, efConstruction, rounds, and Python
 * with the script that drives FAISS.
 */
public final class ApproximateRounds {
  private static final PrintStream OUT = System.out;
  private static final int DIMENSION = 512;
  private static final int IMAGES = 5;
  private static final int K = 10;
  private static final int EXACT_PROBES = 20;
  private static final int[] EF_SEARCH = {50, 100, 200, 400};

  /**
   * The length of what differs between images of a person, squared, where the person's is 1:
   * cosines of genuine pairs are 0.66 on average, as MobileFaceNet's are on LFW.
   */
  private static final double WITHIN = 0.52;

  private final int threads = Runtime.getRuntime().availableProcessors();
  private final int probes;
  private final float[] galleryValues;
  private final float[] probeValues;

  private ApproximateRounds(int rows, int probes, int directions) {
    this.probes = probes;
    Random random = new Random(1);
    float[][] axes = new float[directions][DIMENSION];
    for (float[] axis : axes) {
      for (int i = 0; i < DIMENSION; i++) {
        axis[i] = (float) random.nextGaussian();
      }
    }
    galleryValues = new float[rows * DIMENSION];
    probeValues = new float[probes * DIMENSION];
    for (int person = 0; person < rows / IMAGES; person++) {
      double[] centre = gaussian(random, directions);
      for (int image = 0; image < IMAGES; image++) {
        draw(random, axes, centre, galleryValues, person * IMAGES + image);
      }
      if (person < probes / 2) {
        draw(random, axes, centre, probeValues, person);
      }
    }
    for (int stranger = probes / 2; stranger < probes; stranger++) {
      draw(random, axes, gaussian(random, directions), probeValues, stranger);
    }
  }

  private static double[] gaussian(Random random, int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }

  private static void draw(Random random, float[][] axes, double[] centre, float[] into, int row) {
    float[] values = new float[DIMENSION];
    for (int d = 0; d < axes.length; d++) {
      float along = (float) (centre[d] + Math.sqrt(WITHIN) * random.nextGaussian());
      for (int i = 0; i < DIMENSION; i++) {
        values[i] += along * axes[d][i];
      }
    }
    double squared = 0;
    for (float value : values) {
      squared += (double) value * value;
    }
    for (int i = 0; i < DIMENSION; i++) {
      into[row * DIMENSION + i] = (float) (values[i] / Math.sqrt(squared));
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 9) {
      throw new IllegalArgumentException(
          "expected FOLDER ROWS PROBES DIRECTIONS M EF_CONSTRUCTION ROUNDS PYTHON SCRIPT, was "
              + Arrays.toString(arguments));
    }
    int[] numbers = Arrays.stream(arguments, 1, 7).mapToInt(Integer::parseInt).toArray();
    new ApproximateRounds(numbers[0], numbers[1], numbers[2])
        .run(
            Path.of(arguments[0]),
            new HnswSettings(numbers[3], numbers[4], 1, 1),
            numbers[5],
            arguments[7],
            arguments[8]);
  }

  private void run(Path folder, HnswSettings settings, int rounds, String python, String script) {
    EmbeddingRows gallery = EmbeddingRows.of("row", DIMENSION, galleryValues);
    EmbeddingRows looked = EmbeddingRows.of("probe", DIMENSION, probeValues);
    OUT.printf(
        Locale.ROOT,
        "%d rows, %d probes, half of them strangers, %d threads, Java %s%n",
        gallery.rows(),
        probes,
        threads,
        System.getProperty("java.vm.version"));
    Optional<PythonPeer> faiss = faiss(folder, settings, python, script);
    faiss.ifPresentOrElse(
        peer -> OUT.println(peer.greeting()),
        () -> OUT.println("FAISS is left out: " + python + " does not have it"));
    long began = System.nanoTime();
    try (HnswIndex index = HnswIndex.build(gallery, settings, threads, Progress.silent())) {
      OUT.printf(Locale.ROOT, "Mien, built in %.0f s%n", (System.nanoTime() - began) / 1e9);
      Map<String, DoubleSupplier> contenders = new LinkedHashMap<>();
      contenders.put("**Mien**, exact", () -> median(EXACT_PROBES, p -> exactly(p, gallery)));
      faiss.ifPresent(peer -> contenders.put("FAISS, flat", () -> peer.ask("flat")));
      for (int ef : EF_SEARCH) {
        contenders.put("**Mien**, efSearch " + ef, () -> median(probes, p -> index.search(p, ef)));
        faiss.ifPresent(peer -> contenders.put("FAISS, efSearch " + ef, () -> peer.ask("ef", ef)));
      }
      Map<String, double[]> taken = new LinkedHashMap<>();
      for (int round = -1; round < rounds; round++) {
        for (Map.Entry<String, DoubleSupplier> contender : contenders.entrySet()) {
          double milliseconds = contender.getValue().getAsDouble();
          if (round >= 0) {
            taken.computeIfAbsent(contender.getKey(), k -> new double[rounds])[round] =
                milliseconds;
          }
        }
      }
      OUT.printf(Locale.ROOT, "%n| median of %d rounds | ms a probe |%n|---|---|%n", rounds);
      taken.forEach((name, all) -> OUT.printf(Locale.ROOT, "| %s | %.2f |%n", name, median(all)));
      recalls(exactly(looked, gallery), index, looked, faiss);
    }
    faiss.ifPresent(PythonPeer::close);
  }

  private void recalls(
      Matches exact, HnswIndex index, EmbeddingRows looked, Optional<PythonPeer> faiss) {
    OUT.printf(
        "%n| recall | people in the gallery: at 1 | at 10 | strangers: at 1 | at 10 |%n"
            + "|---|---|---|---|---|%n");
    int half = probes / 2;
    for (int ef : EF_SEARCH) {
      Matches found = index.search(looked, Math.max(ef, K));
      OUT.printf(
          Locale.ROOT,
          "| **Mien**, efSearch %d | %.3f | %.3f | %.3f | %.3f |%n",
          ef,
          recall(exact, found, 0, half, 1),
          recall(exact, found, 0, half, K),
          recall(exact, found, half, probes, 1),
          recall(exact, found, half, probes, K));
      faiss.ifPresent(
          peer ->
              OUT.printf(
                  Locale.ROOT,
                  "| FAISS, efSearch %d | %.3f | %.3f | %.3f | %.3f |%n",
                  ef,
                  peer.ask("recall", ef, 0, half, 1),
                  peer.ask("recall", ef, 0, half, K),
                  peer.ask("recall", ef, half, probes, 1),
                  peer.ask("recall", ef, half, probes, K)));
    }
  }

  private static double recall(Matches exact, Matches found, int first, int end, int k) {
    int met = 0;
    for (int probe = first; probe < end; probe++) {
      for (int place = 0; place < k; place++) {
        for (int other = 0; other < k; other++) {
          met += found.row(probe, place) == exact.row(probe, other) ? 1 : 0;
        }
      }
    }
    return (double) met / ((end - first) * k);
  }

  private Matches exactly(EmbeddingRows looked, EmbeddingRows gallery) {
    TopMatches top = new TopMatches(K);
    ExactSearch.run(looked, gallery, List.of(top), threads, Progress.silent());
    return top;
  }

  private interface Search {
    Matches of(EmbeddingRows probe);
  }

  /** The median of milliseconds a probe, each looked for alone. */
  private double median(int count, Search search) {
    EmbeddingRows looked = EmbeddingRows.of("probe", DIMENSION, probeValues);
    double[] taken = new double[count];
    for (int probe = 0; probe < count; probe++) {
      EmbeddingRows one = looked.select(probe);
      long began = System.nanoTime();
      search.of(one);
      taken[probe] = (System.nanoTime() - began) / 1e6;
    }
    return median(taken);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Returns nothing where Python or FAISS is missing. */
  private Optional<PythonPeer> faiss(
      Path folder, HnswSettings settings, String python, String script) {
    List<String> command = new ArrayList<>(List.of(python, script));
    command.add(file(folder.resolve("mien-approximate-gallery.bin"), galleryValues));
    command.add(file(folder.resolve("mien-approximate-probes.bin"), probeValues));
    command.add(String.valueOf(settings.m()));
    command.add(String.valueOf(settings.efConstruction()));
    try {
      return Optional.of(PythonPeer.start(command.toArray(String[]::new)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String file(Path file, float[] values) {
    FeatureMatrixFile.write(
        file,
        values.length / DIMENSION,
        DIMENSION,
        row -> Arrays.copyOfRange(values, row * DIMENSION, (row + 1) * DIMENSION));
    return file.toString();
  }
}
