package org.mien.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.ConfigLoader;
import org.mien.core.random.SeedStreams;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.head.FusedHeadEngine;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingEngine;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;

/** Time of a step and resident memory of a head of very many identities with sampled softmax. */
public final class SampledHead {
  private static final int FEATURES = 512;
  private static final int BATCH = 128;

  private SampledHead() {}

  /** IDENTITIES SHARE OPTIMIZER. */
  public static void main(String[] arguments) throws IOException {
    int identities = Integer.parseInt(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Nd4jRuntime.start();
    String yaml =
        String.format(
            "{epochs: 1, sampledIdentities: %s, optimizer: {type: %s}}",
            arguments[1], arguments[2]);
    TrainingConfig training =
        ConfigLoader.parse(yaml, "training", TrainingConfig.class, List.of(), Map.of()).value();
    LinearHeadConfig head = new LinearHeadConfig(512, true, 16);
    SoftmaxLossConfig loss = new SoftmaxLossConfig(0);
    long start = System.nanoTime();
    ComputationGraph graph =
        HeadGraph.build(FEATURES, identities, head, loss, training.optimizer().toUpdater(), 1);
    try (TrainingEngine engine =
        FusedHeadEngine.of(
            graph,
            head,
            loss,
            IdentityWeights.EQUAL,
            training,
            new SeedStreams(1),
            Runtime.getRuntime().availableProcessors())) {
      out.printf(Locale.ROOT, "%s, head made in %.1f s%n", yaml, (System.nanoTime() - start) / 1e9);
      SplittableRandom random = new SplittableRandom(1);
      for (int step = 0; step < 10; step++) {
        float[] rows = new float[BATCH * FEATURES];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = (float) random.nextDouble(-1, 1);
        }
        int[] labels = random.ints(BATCH, 0, identities).toArray();
        long begun = System.nanoTime();
        double lost = engine.step(List.of(new MiniBatch(rows, labels)).iterator(), BATCH, 0.01);
        out.printf(
            Locale.ROOT,
            "step %d: %.3f s, loss %.3f%n",
            step + 1,
            (System.nanoTime() - begun) / 1e9,
            lost);
      }
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("VmRSS")) {
        out.println(line);
      }
    }
  }
}
