package org.mien.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.mien.core.progress.Progress;
import org.mien.data.format.FeatureMatrixFile;
import org.mien.eval.search.CountsAbove;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.HighestScores;
import org.mien.eval.search.MatrixFileRows;
import org.mien.eval.search.ScoreCollector;
import org.mien.eval.search.TopMatches;

/**
 * Exact search beside sgemm alone and the peers, in rounds in which each has its turn; medians of
 * the ratios within a round.
 *
 * <p>Arguments: a folder for the gallery's file, its rows, probes, rounds, and Python with the
 * script that drives NumPy and FAISS.
 */
public final class SearchRounds {
  private static final PrintStream OUT = System.out;
  private static final int DIMENSION = 512;
  private static final int BLOCK = 512;
  private static final int MATES = 44;

  private final int rows;
  private final int probes;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final Path galleryFile;
  private final Path probeFile;

  private SearchRounds(Path folder, int rows, int probes) {
    this.rows = rows;
    this.probes = probes;
    this.galleryFile = folder.resolve("mien-search-gallery-" + rows + ".bin");
    this.probeFile = folder.resolve("mien-search-probes-" + probes + ".bin");
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 6) {
      throw new IllegalArgumentException(
          "expected FOLDER ROWS PROBES ROUNDS PYTHON SCRIPT, was " + Arrays.toString(arguments));
    }
    new SearchRounds(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]))
        .run(Integer.parseInt(arguments[3]), arguments[4], arguments[5]);
  }

  private void run(int rounds, String python, String script) throws Exception {
    write(galleryFile, rows, 1);
    write(probeFile, probes, 2);
    OUT.printf(
        Locale.ROOT,
        "%d probes, %d rows of %d, %d threads, Java %s%n",
        probes,
        rows,
        DIMENSION,
        threads,
        System.getProperty("java.vm.version"));
    Map<String, Callable<Double>> contenders = new LinkedHashMap<>();
    contenders.put("sgemm alone", this::sgemm);
    contenders.put("**Mien**, ten best", this::mien);
    contenders.put("**Mien**, MegaFace's ranks", () -> megaface(false));
    contenders.put("**Mien**, MegaFace's ranks and tail", () -> megaface(true));
    List<PythonPeer> peers = new ArrayList<>();
    for (String name : List.of("numpy", "faiss")) {
      peer(python, script, name)
          .ifPresentOrElse(
              peer -> {
                OUT.println(peer.greeting());
                peers.add(peer);
                contenders.put(peer.greeting(), () -> peer.ask("search"));
              },
              () -> OUT.println(name + " is left out: " + python + " does not have it"));
    }
    Map<String, double[]> seconds = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      StringBuilder sums = new StringBuilder();
      for (Map.Entry<String, Callable<Double>> contender : contenders.entrySet()) {
        long began = System.nanoTime();
        double sum = contender.getValue().call();
        double taken = (System.nanoTime() - began) / 1e9;
        sums.append(String.format(Locale.ROOT, "  %s %.2f", contender.getKey(), sum));
        if (round >= 0) {
          seconds.computeIfAbsent(contender.getKey(), k -> new double[rounds])[round] = taken;
        }
      }
      if (round < 0) {
        OUT.println("sums of the best similarities (sgemm: of one block):" + sums);
      }
    }
    peers.forEach(PythonPeer::close);
    OUT.printf("%n| medians of %d rounds | seconds | of sgemm alone |%n|---|---|---|%n", rounds);
    double[] alone = seconds.get("sgemm alone");
    seconds.forEach(
        (name, taken) -> {
          double[] ratios = new double[taken.length];
          Arrays.setAll(ratios, i -> alone[i] / taken[i]);
          OUT.printf(
              Locale.ROOT,
              "| %s | %.2f | %.2f |%n",
              name,
              HeadRounds.median(taken),
              HeadRounds.median(ratios));
        });
    OUT.println("peak of this process, resident: " + peak());
  }

  /** What the system says of this process's largest resident memory. */
  static String peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("unknown")
        : "unknown";
  }

  /** Rows of unit length in random directions. */
  private static void write(Path file, int rows, long seed) {
    if (Files.exists(file)) {
      return;
    }
    SplittableRandom random = new SplittableRandom(seed);
    FeatureMatrixFile.write(
        file,
        rows,
        DIMENSION,
        row -> {
          float[] values = new float[DIMENSION];
          double squared = 0;
          for (int i = 0; i < DIMENSION; i++) {
            // The sum of four is near enough to normal.
            double sum = -2;
            for (int draw = 0; draw < 4; draw++) {
              sum += random.nextDouble();
            }
            values[i] = (float) sum;
            squared += sum * sum;
          }
          for (int i = 0; i < DIMENSION; i++) {
            values[i] /= (float) Math.sqrt(squared);
          }
          return values;
        });
  }

  /** The same products of the same shapes, on one block again and again: no file, no counting. */
  private double sgemm() throws Exception {
    openblas_nolapack.blas_set_num_threads(1);
    float[] values = new float[probes * DIMENSION];
    float[] block = new float[BLOCK * DIMENSION];
    try (MatrixFileRows probeRows = MatrixFileRows.open(probeFile);
        MatrixFileRows gallery = MatrixFileRows.open(galleryFile)) {
      probeRows.read(0, probes, values);
      gallery.read(0, BLOCK, block);
    }
    List<Thread> running = new ArrayList<>();
    double[] sums = new double[threads];
    try (FloatPointer p = new FloatPointer(values)) {
      for (int t = 0; t < threads; t++) {
        int number = t;
        Thread thread = new Thread(() -> sums[number] = multiply(p, block, number));
        thread.start();
        running.add(thread);
      }
      for (Thread thread : running) {
        thread.join();
      }
    }
    return sums[0];
  }

  private double multiply(FloatPointer all, float[] block, int number) {
    FloatPointer p = new FloatPointer(all);
    try (FloatPointer b = new FloatPointer(block);
        FloatPointer c = new FloatPointer((long) BLOCK * BLOCK)) {
      for (int first = number * BLOCK; first < rows; first += threads * BLOCK) {
        int count = Math.min(BLOCK, rows - first);
        for (int at = 0; at < probes; at += BLOCK) {
          int tile = Math.min(BLOCK, probes - at);
          openblas_nolapack.cblas_sgemm(
              openblas_nolapack.CblasRowMajor,
              openblas_nolapack.CblasNoTrans,
              openblas_nolapack.CblasTrans,
              tile,
              count,
              DIMENSION,
              1,
              p.position((long) at * DIMENSION),
              DIMENSION,
              b,
              DIMENSION,
              0,
              c,
              count);
        }
      }
      return c.get(0);
    }
  }

  private double mien() {
    try (MatrixFileRows probeRows = MatrixFileRows.open(probeFile);
        MatrixFileRows gallery = MatrixFileRows.open(galleryFile)) {
      TopMatches top = new TopMatches(10);
      ExactSearch.run(probeRows, gallery, List.of(top), threads, Progress.silent());
      double sum = 0;
      for (int probe = 0; probe < probes; probe++) {
        sum += top.similarity(probe, 0);
      }
      return sum;
    }
  }

  /**
   * As MegaFace: 44 mates a probe, at 0.25 to 0.9, but for a third of the probes one of them is
   * noise at 0; and, as the tail, the impostor scores down to a false accept rate of 1e-3.
   */
  private double megaface(boolean tail) {
    SplittableRandom random = new SplittableRandom(3);
    float[][] mates = new float[probes][MATES];
    for (int probe = 0; probe < probes; probe++) {
      for (int mate = 0; mate < MATES; mate++) {
        mates[probe][mate] =
            mate == 0 && probe % 3 == 0 ? 0 : (float) (0.25 + 0.65 * random.nextDouble());
      }
    }
    try (MatrixFileRows probeRows = MatrixFileRows.open(probeFile);
        MatrixFileRows gallery = MatrixFileRows.open(galleryFile)) {
      CountsAbove ranks = new CountsAbove(mates, Integer.MAX_VALUE);
      List<ScoreCollector> collectors = new ArrayList<>(List.of(ranks));
      if (tail) {
        collectors.add(new HighestScores((int) ((long) rows * probes / 1000) + 1));
      }
      ExactSearch.run(probeRows, gallery, collectors, threads, Progress.silent());
      return ranks.counts(0)[0];
    }
  }

  /** Returns nothing where Python or the library is missing. */
  private Optional<PythonPeer> peer(String python, String script, String name) {
    try {
      return Optional.of(
          PythonPeer.start(python, script, galleryFile.toString(), probeFile.toString(), name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
