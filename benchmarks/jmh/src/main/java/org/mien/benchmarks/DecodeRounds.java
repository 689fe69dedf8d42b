package org.mien.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.bytedeco.opencv.global.opencv_core;

/**
 * JPEG in memory to a network's input, beside the decoder alone and the peers, in one run: rounds
 * in which each has its turn, and medians of the ratios within a round, for other work on the
 * machine disturbs neighbours alike.
 *
 * <p>Arguments: a folder of JPEGs, how many of them, rounds, and Python with the script that drives
 * Pillow.
 */
public final class DecodeRounds {
  private static final PrintStream OUT = System.out;

  private final byte[][] jpegs;
  private final int rounds;
  private final int threads;
  private final ExecutorService pool;
  private final List<Decoders> decoders = new ArrayList<>();
  private final Map<String, double[]> imagesPerSecond = new LinkedHashMap<>();

  private DecodeRounds(byte[][] jpegs, int rounds, int threads) {
    this.jpegs = jpegs;
    this.rounds = rounds;
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      decoders.add(new Decoders());
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5) {
      throw new IllegalArgumentException(
          "expected FOLDER COUNT ROUNDS PYTHON SCRIPT, was " + Arrays.toString(arguments));
    }
    opencv_core.setNumThreads(1); // a thread an image, not several
    byte[][] jpegs = EncodedFaces.of(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    int rounds = Integer.parseInt(arguments[2]);
    printMachine(jpegs);
    int cores = Runtime.getRuntime().availableProcessors();
    for (int threads : cores == 1 ? new int[] {1} : new int[] {1, cores}) {
      DecodeRounds measured = new DecodeRounds(jpegs, rounds, threads);
      try {
        measured.run(arguments[0], arguments[3], arguments[4]);
      } finally {
        measured.pool.shutdown();
      }
      measured.print();
    }
  }

  private void run(String folder, String python, String script)
      throws IOException, InterruptedException, ExecutionException {
    Map<String, BiConsumer<Decoders, byte[]>> contenders = new LinkedHashMap<>();
    contenders.put("OpenCV decoder alone", Decoders::openCvAlone);
    contenders.put("Mien", Decoders::mien);
    contenders.put("Mien, reduced decoding", Decoders::mienReduced);
    contenders.put("DataVec NativeImageLoader", Decoders::dataVec);
    contenders.put("Java ImageIO, decoding alone", Decoders::imageIoAlone);
    List<String> pillows = List.of("bilinear", "box", "draft");
    try (Pillow pillow = new Pillow(python, script, folder, jpegs.length, threads)) {
      for (int warming = 0; warming < 3; warming++) {
        for (BiConsumer<Decoders, byte[]> contender : contenders.values()) {
          seconds(contender);
        }
        for (String mode : pillows) {
          pillow.seconds(mode);
        }
      }
      double images = (double) jpegs.length * threads;
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, BiConsumer<Decoders, byte[]>> contender : contenders.entrySet()) {
          note(contender.getKey(), round, images / seconds(contender.getValue()));
        }
        for (String mode : pillows) {
          note("Pillow, " + mode, round, images / pillow.seconds(mode));
        }
      }
    }
  }

  private void note(String name, int round, double speed) {
    imagesPerSecond.computeIfAbsent(name, unused -> new double[rounds])[round] = speed;
  }

  /** The time in which each thread works through all images. */
  private double seconds(BiConsumer<Decoders, byte[]> contender)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (Decoders own : decoders) {
      running.add(
          pool.submit(
              () -> {
                for (byte[] jpeg : jpegs) {
                  contender.accept(own, jpeg);
                }
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private void print() {
    OUT.printf("%n%d thread%s, medians of %d rounds%n%n", threads, threads > 1 ? "s" : "", rounds);
    OUT.println("| what | images/s | of the decoder | of Pillow bilinear |");
    OUT.println("|---|---|---|---|");
    double[] decoder = imagesPerSecond.get("OpenCV decoder alone");
    double[] pillow = imagesPerSecond.get("Pillow, bilinear");
    imagesPerSecond.forEach(
        (name, speeds) ->
            OUT.printf(
                Locale.ROOT,
                "| %s | %,.0f | %.2f | %.2f |%n",
                name,
                median(speeds),
                medianRatio(speeds, decoder),
                medianRatio(speeds, pillow)));
  }

  private static double medianRatio(double[] speeds, double[] others) {
    double[] ratios = new double[speeds.length];
    Arrays.setAll(ratios, i -> speeds[i] / others[i]);
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void printMachine(byte[][] jpegs) throws IOException {
    String processor = "unknown processor";
    Path information = Path.of("/proc/cpuinfo");
    if (Files.exists(information)) {
      processor =
          Files.readAllLines(information).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 2))
              .findFirst()
              .orElse(processor);
    }
    OUT.printf(
        Locale.ROOT,
        "%s, %d processors, Java %s, %d JPEGs of %,d bytes on average, to %dx%d%n",
        processor,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.version"),
        jpegs.length,
        Arrays.stream(jpegs).mapToLong(jpeg -> jpeg.length).sum() / jpegs.length,
        Decoders.SIDE,
        Decoders.SIDE);
  }

  /** As many Python processes as there are threads, each of which works through all images. */
  private static final class Pillow implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final List<BufferedReader> answers = new ArrayList<>();
    private final List<BufferedWriter> questions = new ArrayList<>();

    Pillow(String python, String script, String folder, int images, int count) throws IOException {
      for (int i = 0; i < count; i++) {
        Process process =
            new ProcessBuilder(python, script, folder, Integer.toString(images))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        answers.add(
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        questions.add(
            new BufferedWriter(
                new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)));
        String greeting = answers.get(i).readLine();
        if (i == 0) {
          OUT.println(greeting);
        }
      }
    }

    double seconds(String mode) throws IOException {
      long began = System.nanoTime();
      for (BufferedWriter question : questions) {
        question.write(mode + "\n");
        question.flush();
      }
      for (BufferedReader answer : answers) {
        String line = answer.readLine();
        if (!"done".equals(line)) {
          throw new IOException("Pillow's process answered " + line);
        }
      }
      return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public void close() {
      for (int i = 0; i < processes.size(); i++) {
        try {
          questions.get(i).close(); // the end of its input ends it
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        processes.get(i).destroy();
      }
    }
  }
}
