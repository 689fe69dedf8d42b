package org.mien.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.ResNetConfig;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.LearningRateFactors;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.loop.GraphEngine;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Images a second when nothing is frozen: forward, backward and Adam over a whole ResNet with a
 * linear head, on Deeplearning4j with oneDNN, by one network and by two that share each batch, and
 * in PyTorch, in turn.
 */
public final class UnfrozenRounds {
  private static final int SIDE = 112;
  private static final int DIMENSION = 512;
  private static final int IDENTITIES = 100;
  private static final int[][] TASKS = {{18, 32}, {50, 32}};

  private UnfrozenRounds() {}

  /** ROUNDS PYTHON SCRIPT. */
  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf("%s%n", Nd4jRuntime.start().backend());
    try (PythonPeer torch = PythonPeer.startTorch(arguments[1], arguments[2])) {
      out.println(torch.greeting());
      out.println(
          "| ResNet, batch | Mien, images/s | two replicas | PyTorch | Mien / PyTorch | two replicas"
              + " / PyTorch |");
      out.println("|---|---|---|---|---|---|");
      for (int[] task : TASKS) {
        measure(task[0], task[1], rounds, torch, out);
      }
    }
  }

  private static void measure(int depth, int batch, int rounds, PythonPeer torch, PrintStream out) {
    Preprocessing input = new ResNetConfig(depth, Optional.empty(), Optional.empty()).input();
    if (input.heightPixels() != SIDE || input.widthPixels() != SIDE) {
      throw new IllegalStateException("expected an input of 112x112, is " + input.describe());
    }
    float[] images = new float[batch * input.imageLength()];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble(-1, 1);
    }
    int[] labels = new int[batch];
    Arrays.setAll(labels, i -> i % IDENTITIES);
    MiniBatch rows = new MiniBatch(images, labels);
    List<double[]> speeds = new ArrayList<>();
    // Each has a network, an optimiser's state and gradients: two such ResNet-50 are a gigabyte.
    try (GraphEngine one = engine(depth, 1);
        GraphEngine two = engine(depth, 2)) {
      for (int round = -1; round < rounds; round++) {
        int steps = 3;
        double[] speed = {
          speed(one, rows, steps), speed(two, rows, steps), torch.ask(depth, batch, steps)
        };
        if (round >= 0) {
          speeds.add(speed);
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "| ResNet-%d, %d | %.1f | %.1f | %.1f | %.2f | %.2f |%n",
        depth,
        batch,
        median(speeds, s -> s[0]),
        median(speeds, s -> s[1]),
        median(speeds, s -> s[2]),
        median(speeds, s -> s[0] / s[2]),
        median(speeds, s -> s[1] / s[2]));
  }

  private static GraphEngine engine(int depth, int replicas) {
    ResNetConfig network = new ResNetConfig(depth, Optional.empty(), Optional.empty());
    ComputationGraph backbone = network.build(1);
    return new GraphEngine(
        FaceGraph.trainable(
            backbone,
            FaceGraph.featureDimension(backbone, network.input()),
            new LinearHeadConfig(DIMENSION, false, 0),
            new SoftmaxLossConfig(0),
            IDENTITIES,
            new Adam(1e-3),
            new FaceGraph.Tuning(0, false, LearningRateFactors.NONE),
            1),
        new long[] {3, SIDE, SIDE},
        0,
        LearningRateFactors.NONE,
        List.of(),
        replicas);
  }

  private static double speed(GraphEngine engine, MiniBatch rows, int steps) {
    int batch = rows.labels().length;
    long start = System.nanoTime();
    for (int step = 0; step < steps; step++) {
      MiniBatch copy = new MiniBatch(rows.rows().clone(), rows.labels());
      engine.step(List.of(copy).iterator(), batch, 1e-3);
    }
    return batch * steps / ((System.nanoTime() - start) / 1e9);
  }

  private static double median(List<double[]> rounds, ToDoubleFunction<double[]> figure) {
    return HeadRounds.median(rounds.stream().mapToDouble(figure).toArray());
  }
}
