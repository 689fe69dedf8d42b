package org.mien.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.ConfigLoader;
import org.mien.core.random.SeedStreams;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.head.FusedHeadEngine;
import org.mien.trainer.loop.GraphEngine;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingEngine;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;

/**
 * Samples a second of one training step of a head on cached features: Mien's two engines and
 * PyTorch in turn, round after round, so that all meet the same machine.
 */
public final class HeadRounds {
  private static final int FEATURES = 2048;
  private static final int DIMENSION = 512;
  private static final int ROWS = 4096;
  private static final int[][] TASKS = {
    {32, 100}, {128, 100}, {512, 100}, {128, 10_000}, {512, 10_000}
  };

  private HeadRounds() {}

  private interface Contender {
    double samplesASecond(int batch, int identities, int steps);
  }

  /** ROUNDS PYTHON SCRIPT. */
  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf("%s%n", Nd4jRuntime.start().backend());
    try (PythonPeer torch = PythonPeer.startTorch(arguments[1], arguments[2])) {
      out.println(torch.greeting());
      measure(rounds, (batch, identities, steps) -> torch.ask(batch, identities, steps), out);
    }
  }

  private static void measure(int rounds, Contender torch, PrintStream out) {
    float[] features = new float[ROWS * FEATURES];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble(-1, 1);
    }
    out.println("medians, and after them the best round of each");
    out.printf(
        "%6s %7s %20s %20s %20s %16s%n",
        "batch", "C", "fused", "graph", "PyTorch", "fused/PyTorch");
    double[] logs = new double[2];
    int counted = 0;
    for (int[] task : TASKS) {
      int batch = task[0];
      int identities = task[1];
      try (TrainingEngine fused = engine(identities, true);
          TrainingEngine graph = engine(identities, false)) {
        List<Contender> contenders =
            List.of(
                (b, c, steps) -> run(fused, features, b, c, steps),
                (b, c, steps) -> run(graph, features, b, c, steps),
                torch);
        // About a second: with shorter turns a contender's first steps, after the others have used
        // the caches and its threads have gone to sleep, are most of what is measured.
        int steps = Math.max(4, (identities == 100 ? 16_384 : 2_048) / batch);
        List<double[]> speeds = new ArrayList<>();
        for (int round = -2; round < rounds; round++) {
          double[] speed = new double[contenders.size()];
          for (int i = 0; i < speed.length; i++) {
            speed[i] = contenders.get(i).samplesASecond(batch, identities, steps);
          }
          if (round >= 0) {
            speeds.add(speed);
          }
        }
        double[] medians = new double[contenders.size()];
        double[] bests = new double[contenders.size()];
        for (int i = 0; i < medians.length; i++) {
          int contender = i;
          double[] own = speeds.stream().mapToDouble(speed -> speed[contender]).toArray();
          medians[i] = median(own);
          bests[i] = Arrays.stream(own).max().orElseThrow();
        }
        double ratio = median(speeds.stream().mapToDouble(s -> s[0] / s[2]).toArray());
        double ofBests = bests[0] / bests[2];
        out.printf(
            Locale.ROOT,
            "%6d %7d %,10.0f %,9.0f %,10.0f %,9.0f %,10.0f %,9.0f %8.2f %7.2f%n",
            batch,
            identities,
            medians[0],
            bests[0],
            medians[1],
            bests[1],
            medians[2],
            bests[2],
            ratio,
            ofBests);
        if (batch > 32) {
          logs[0] += Math.log(ratio);
          logs[1] += Math.log(ofBests);
          counted++;
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "geometric mean of fused/PyTorch over batch 128 and 512: %.2f; of the best rounds: %.2f%n",
        Math.exp(logs[0] / counted),
        Math.exp(logs[1] / counted));
  }

  private static TrainingEngine engine(int identities, boolean fused) {
    TrainingConfig training =
        ConfigLoader.parse("{epochs: 1}", "training", TrainingConfig.class, List.of(), Map.of())
            .value();
    LinearHeadConfig head = new LinearHeadConfig(DIMENSION, false, 0);
    SoftmaxLossConfig loss = new SoftmaxLossConfig(0);
    ComputationGraph graph =
        HeadGraph.build(FEATURES, identities, head, loss, training.optimizer().toUpdater(), 1);
    return fused
        ? FusedHeadEngine.of(
            graph,
            head,
            loss,
            IdentityWeights.EQUAL,
            training,
            new SeedStreams(1),
            Runtime.getRuntime().availableProcessors())
        : new GraphEngine(graph, new long[] {FEATURES}, 0);
  }

  private static double run(
      TrainingEngine engine, float[] features, int batch, int identities, int steps) {
    int[] order = IntStream.range(0, ROWS).toArray();
    SeedStreams.shuffle(order, new SplittableRandom(steps));
    long start = System.nanoTime();
    for (int step = 0; step < steps; step++) {
      int from = step * batch % (ROWS - batch + 1);
      int[] labels = new int[batch];
      int[] starts = new int[batch];
      for (int i = 0; i < batch; i++) {
        int row = order[from + i];
        labels[i] = row % identities;
        starts[i] = row * FEATURES;
      }
      // As the trainer does with features in memory.
      MiniBatch rows = new MiniBatch(features, starts, FEATURES, labels, new int[0][]);
      engine.step(List.of(rows).iterator(), batch, 1e-3);
    }
    return batch * steps / ((System.nanoTime() - start) / 1e9);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
