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
 * linear head, on Deeplearning4j with oneDNN and in PyTorch, in turn.
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
      out.println("| ResNet, batch | Mien, images/s | PyTorch | Mien / PyTorch |");
      out.println("|---|---|---|---|");
      for (int[] task : TASKS) {
        measure(task[0], task[1], rounds, torch, out);
      }
    }
  }

  private static void measure(int depth, int batch, int rounds, PythonPeer torch, PrintStream out) {
    ResNetConfig network = new ResNetConfig(depth, Optional.empty(), Optional.empty());
    Preprocessing input = network.input();
    if (input.heightPixels() != SIDE || input.widthPixels() != SIDE) {
      throw new IllegalStateException("expected an input of 112x112, is " + input.describe());
    }
    ComputationGraph backbone = network.build(1);
    GraphEngine engine =
        new GraphEngine(
            FaceGraph.trainable(
                backbone,
                FaceGraph.featureDimension(backbone, input),
                new LinearHeadConfig(DIMENSION, false, 0),
                new SoftmaxLossConfig(0),
                IDENTITIES,
                new Adam(1e-3),
                new FaceGraph.Tuning(0, false, LearningRateFactors.NONE),
                1),
            new long[] {3, SIDE, SIDE},
            0);
    float[] images = new float[batch * input.imageLength()];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble(-1, 1);
    }
    int[] labels = new int[batch];
    Arrays.setAll(labels, i -> i % IDENTITIES);
    List<double[]> speeds = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      long start = System.nanoTime();
      int steps = 3;
      for (int step = 0; step < steps; step++) {
        engine.step(List.of(new MiniBatch(images.clone(), labels)).iterator(), batch, 1e-3);
      }
      double own = batch * steps / ((System.nanoTime() - start) / 1e9);
      double other = torch.ask(depth, batch, steps);
      if (round >= 0) {
        speeds.add(new double[] {own, other});
      }
    }
    out.printf(
        Locale.ROOT,
        "| ResNet-%d, %d | %.1f | %.1f | %.2f |%n",
        depth,
        batch,
        HeadRounds.median(speeds.stream().mapToDouble(s -> s[0]).toArray()),
        HeadRounds.median(speeds.stream().mapToDouble(s -> s[1]).toArray()),
        HeadRounds.median(speeds.stream().mapToDouble(s -> s[0] / s[1]).toArray()));
  }
}
