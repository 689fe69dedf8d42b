package org.mien.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.mien.core.progress.Progress;
import org.mien.data.format.FeatureMatrixFile;
import org.mien.data.protocol.IjbConfig;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarRule;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.LargeRoc;
import org.mien.eval.score.LargeScoreSet;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSpool;
import org.mien.eval.search.MatrixFileRows;
import org.mien.eval.template.MediaPooling;
import org.mien.eval.template.PooledTemplates;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.template.TemplatePooling;
import org.mien.eval.template.TemplateVerification;
import org.mien.eval.template.TemplateVerificationOptions;
import org.mien.eval.template.TemplateVerificationResult;

/**
 * Curves of many scores: {@code stream FOLDER SCORES ROUNDS} takes them one by one, {@code pairs
 * FOLDER ROUNDS PYTHON SCRIPT} compares templates as many as IJB-C's from lists in its format,
 * beside NumPy and scikit-learn.
 */
public final class ScoringRounds {
  private static final PrintStream OUT = System.out;
  private static final int DIMENSION = 512;
  private static final int SUBJECTS = 3_531;
  private static final int PROBES = 19_593;
  private static final int GENUINE = 19_557;
  private static final int IMPOSTORS = 15_638_932;

  private ScoringRounds() {}

  public static void main(String[] arguments) throws Exception {
    OUT.printf(
        "%d processors, Java %s, at most %d MB of Java's memory%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.version"),
        Runtime.getRuntime().maxMemory() >> 20);
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("stream") && arguments.length == 4) {
      stream(folder, Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
    } else if (arguments[0].equals("pairs") && arguments.length == 5) {
      new Pairs(folder).rounds(Integer.parseInt(arguments[2]), arguments[3], arguments[4]);
    } else {
      throw new IllegalArgumentException("was " + Arrays.toString(arguments));
    }
    OUT.println("peak of this process, resident: " + SearchRounds.peak());
  }

  private static void stream(Path folder, long scores, int rounds) {
    double[] taking = new double[rounds];
    double[] figures = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      try (ScoreSpool spool = new ScoreSpool(folder)) {
        taking[round] = seconds(() -> draw(scores, spool));
        boolean last = round == rounds - 1;
        figures[round] = seconds(() -> figures(spool.scores(), last));
      }
    }
    OUT.printf(
        Locale.ROOT,
        "%,d scores: drawn, sorted in runs and written in %.1f s, curve and TAR at FAR %.1f s%n",
        scores,
        HeadRounds.median(taking),
        HeadRounds.median(figures));
  }

  /** One pair in ten is genuine; a sum of four is near enough to normal. */
  private static void draw(long scores, ScoreSpool to) {
    SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < scores; i++) {
      long bits = random.nextLong();
      int sum =
          (int) (bits & 0xffff)
              + (int) (bits >>> 16 & 0xffff)
              + (int) (bits >>> 32 & 0xffff)
              + (int) (bits >>> 48);
      float noise = (sum + random.nextInt() * 0x1p-32f) / 65536f - 2;
      boolean genuine = i % 10 == 0;
      to.add(genuine, genuine ? 0.55f + 0.25f * noise : 0.12f * noise);
    }
  }

  private static void figures(LargeScoreSet scores, boolean shown) {
    LargeRoc roc = LargeRoc.of(scores);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "area %.9f, EER %.9f, %d points of ROC and DET",
            roc.area().orElseThrow(),
            roc.equalErrorRate().orElseThrow(),
            roc.points().size()));
    for (double rate : new double[] {1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
      text.append(
          String.format(
              Locale.ROOT,
              ", TAR %.6f at %.0e",
              scores.at(new FarTarget(rate), FarRule.AT_MOST).tar(),
              rate));
    }
    OperatingPoint middle = roc.points().get(roc.points().size() / 2);
    text.append(String.format(Locale.ROOT, "; a point of DET: %s", middle));
    if (shown) {
      OUT.println(text);
    }
  }

  /** As many templates and pairs as IJB-C has. */
  private static final class Pairs {
    private final Path members;
    private final Path pairs;
    private final Path gallery;
    private final Path probes;
    private final Path embeddings;

    Pairs(Path folder) throws IOException {
      Path lists = Files.createDirectories(folder.resolve("mien-scoring"));
      members = lists.resolve("ijbc_face_tid_mid.txt");
      pairs = lists.resolve("ijbc_template_pair_label.txt");
      gallery = lists.resolve("ijbc_1N_gallery.csv");
      probes = lists.resolve("ijbc_1N_probe_mixed.csv");
      embeddings = lists.resolve("embeddings.bin");
      if (!Files.exists(embeddings)) {
        write();
      }
    }

    /** Template ids from 1: a gallery's for each subject, then the probes. */
    private void write() throws IOException {
      SplittableRandom random = new SplittableRandom(2);
      int[] subject = new int[SUBJECTS + PROBES];
      for (int template = 0; template < subject.length; template++) {
        subject[template] =
            template < SUBJECTS
                ? template
                : template < 2 * SUBJECTS ? template - SUBJECTS : random.nextInt(SUBJECTS);
      }
      try (BufferedWriter list = Files.newBufferedWriter(members);
          BufferedWriter one = Files.newBufferedWriter(gallery);
          BufferedWriter other = Files.newBufferedWriter(probes)) {
        one.write("TEMPLATE_ID,SUBJECT_ID\n");
        other.write("TEMPLATE_ID,SUBJECT_ID\n");
        for (int template = 0; template < subject.length; template++) {
          list.write((template + 1) + ".jpg " + (template + 1) + " " + (template + 1) + "\n");
          BufferedWriter table = template < SUBJECTS ? one : other;
          table.write((template + 1) + "," + (subject[template] + 1) + "\n");
        }
      }
      try (BufferedWriter list = Files.newBufferedWriter(pairs)) {
        for (int pair = 0; pair < GENUINE; pair++) {
          int probe = SUBJECTS + pair;
          list.write((subject[probe] + 1) + " " + (probe + 1) + " 1\n");
        }
        BitSet drawn = new BitSet(SUBJECTS * PROBES);
        for (int count = 0; count < IMPOSTORS; ) {
          int one = random.nextInt(SUBJECTS);
          int probe = random.nextInt(PROBES);
          int cell = one * PROBES + probe;
          if (subject[SUBJECTS + probe] != one && !drawn.get(cell)) {
            drawn.set(cell);
            list.write((one + 1) + " " + (SUBJECTS + probe + 1) + " 0\n");
            count++;
          }
        }
      }
      float[][] centres = new float[SUBJECTS][];
      for (int one = 0; one < SUBJECTS; one++) {
        centres[one] = direction(random);
      }
      FeatureMatrixFile.write(
          embeddings,
          subject.length,
          DIMENSION,
          template -> {
            float[] noise = direction(random);
            float share = (float) (0.5 + 1.5 * random.nextDouble());
            for (int i = 0; i < DIMENSION; i++) {
              noise[i] = centres[subject[template]][i] + share * noise[i];
            }
            return noise;
          });
    }

    private static float[] direction(SplittableRandom random) {
      float[] values = new float[DIMENSION];
      double squared = 0;
      for (int i = 0; i < DIMENSION; i++) {
        double value =
            random.nextDouble()
                + random.nextDouble()
                + random.nextDouble()
                + random.nextDouble()
                - 2;
        values[i] = (float) value;
        squared += value * value;
      }
      for (int i = 0; i < DIMENSION; i++) {
        values[i] /= (float) Math.sqrt(squared);
      }
      return values;
    }

    private void rounds(int rounds, String python, String script) throws IOException {
      Map<String, double[]> taken = new TreeMap<>();
      Optional<PythonPeer> peer = peer(python, script);
      peer.ifPresent(found -> OUT.println(found.greeting()));
      for (int round = 0; round < rounds; round++) {
        boolean last = round == rounds - 1;
        measure(taken, round, rounds, last);
        int number = round;
        peer.ifPresent(
            found -> {
              double all = 0;
              for (String step : List.of("lists", "pool", "compare and curve")) {
                double[] value = new double[1];
                double time = seconds(() -> value[0] = found.ask(step));
                put(taken, "NumPy and scikit-learn, " + step, number, rounds, time);
                all += time;
                if (last) {
                  OUT.printf(Locale.ROOT, "NumPy and scikit-learn, %s: %.6f%n", step, value[0]);
                }
              }
              put(taken, "NumPy and scikit-learn", number, rounds, all);
            });
      }
      peer.ifPresent(PythonPeer::close);
      OUT.printf("%n| medians of %d rounds | seconds |%n|---|---|%n", rounds);
      taken.forEach(
          (name, values) ->
              OUT.printf(Locale.ROOT, "| %s | %.2f |%n", name, HeadRounds.median(values)));
    }

    private void measure(Map<String, double[]> taken, int round, int rounds, boolean shown) {
      TemplateProtocol[] protocol = new TemplateProtocol[1];
      PooledTemplates[] pooled = new PooledTemplates[1];
      TemplateVerificationResult[] result = new TemplateVerificationResult[1];
      double open =
          seconds(
              () ->
                  protocol[0] =
                      new IjbConfig(
                              members,
                              pairs,
                              List.of(gallery),
                              Optional.of(probes),
                              Optional.empty())
                          .open());
      double pool =
          seconds(
              () -> {
                try (MatrixFileRows rows = MatrixFileRows.open(embeddings)) {
                  pooled[0] =
                      TemplatePooling.pool(
                          protocol[0],
                          rows,
                          new PoolingOptions(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM),
                          Progress.silent());
                }
              });
      double evaluate =
          seconds(
              () ->
                  result[0] =
                      TemplateVerification.evaluate(
                          pooled[0],
                          TemplateVerificationOptions.defaults(),
                          Progress.silent(),
                          new SplittableRandom(3)));
      put(taken, "**Mien**, lists", round, rounds, open);
      put(taken, "**Mien**, pool", round, rounds, pool);
      put(taken, "**Mien**, compare, curve and intervals", round, rounds, evaluate);
      put(taken, "**Mien**", round, rounds, open + pool + evaluate);
      if (shown) {
        Map<String, Metric> metrics = result[0].metrics();
        OUT.printf(
            Locale.ROOT,
            "Mien: %d and %d pairs, area %.6f, TAR %.6f at a FAR of 1e-4, %.6f by the nearest%n",
            result[0].genuinePairs(),
            result[0].impostorPairs(),
            metrics.get("auc").value(),
            metrics.get("tar@far=1e-4").value(),
            metrics.get("tar@far=1e-4.nearest").value());
      }
    }

    private static void put(
        Map<String, double[]> taken, String name, int round, int rounds, double time) {
      taken.computeIfAbsent(name, k -> new double[rounds])[round] = time;
    }

    private Optional<PythonPeer> peer(String python, String script) {
      try {
        return Optional.of(
            PythonPeer.start(
                python, script, members.toString(), pairs.toString(), embeddings.toString()));
      } catch (IOException e) {
        OUT.println("NumPy and scikit-learn are left out: " + python + " does not have them");
        return Optional.empty();
      }
    }
  }

  private static double seconds(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }
}
