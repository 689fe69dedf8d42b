package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/** Commands on real faces and a real network, against the figures an independent evaluator got. */
final class RealFacesTest {
  private static final Path DATA = DataFolder.path();

  @TempDir private Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int mien(String... arguments) {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Main.run(
        arguments, new Console(nowhere, new PrintStream(err, true, StandardCharsets.UTF_8), false));
  }

  @DataTest
  void lfwView2OfMobileFaceNetIsTheReference() {
    int code =
        mien(
            "evaluate",
            "--model",
            DATA.resolve("models/mobilefacenet-512/fr_feature.onnx").toString(),
            "--descriptor",
            DataFolder.projectRoot().resolve("configs/models/mobilefacenet-512.yaml").toString(),
            "--protocol",
            "lfw",
            "--data",
            DATA.resolve("data/lfw-aligned-112").toString(),
            "--out",
            folder.toString());
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    Map<String, Metric> lfw = MetricsFile.read(folder.resolve("metrics.json")).results().get("lfw");
    assertEquals(0.9920, lfw.get("accuracy").value(), 5e-5);
    assertEquals(0.0048, lfw.get("accuracy.populationStandardDeviation").value(), 5e-5);
    // One genuine pair of 3,000 either way: another JPEG decoder may move a score a little.
    assertEquals(0.9923, lfw.get("tar@far=1e-2").value(), 4e-4);
    assertEquals(0.9850, lfw.get("tar@far=1e-3").value(), 4e-4);
    assertTrue(Files.isRegularFile(folder.resolve("report.html")));
    // The network is rebuilt from its ONNX file for ND4J.
    Map<String, Metric> engines =
        MetricsFile.read(folder.resolve("metrics.json")).results().get("lfw.engines");
    assertTrue(engines.get("largestDifference").value() > 0);
    assertTrue(engines.get("largestRelativeDifference").value() < 1e-4);
    assertEquals(0, engines.get("flippedDecisions").value());
  }

  @DataTest
  void aHeadOnLfwIsNotBehindTheNearestCentroid() throws IOException {
    int code =
        mien(
            "train",
            DataFolder.projectRoot().resolve("configs/lfw-head.yaml").toString(),
            "--runs",
            folder.resolve("runs").toString(),
            "--set",
            "data.source.folder=" + DATA.resolve("data/lfw/lfw-deepfunneled"),
            "--set",
            "model.backbone.file=" + DATA.resolve("models/mobilefacenet-512/fr_feature.onnx"),
            "--set",
            "training.epochs=6",
            "--set",
            "expect={}");
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    Path run;
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      run = runs.findFirst().orElseThrow();
    }
    MetricsFile metrics = MetricsFile.read(run.resolve("metrics.json"));
    Map<String, Metric> classification = metrics.results().get("classification");
    double centroid = classification.get("accuracy.nearestCentroid").value();
    assertEquals(0.981, centroid, 5e-3);
    // Three of 579 images: far less than the interval of either figure.
    assertTrue(classification.get("accuracy").value() >= centroid - 0.0052);
    assertTrue(
        metrics.results().get("heldOut").get("auc").value()
            >= metrics.results().get("heldOut.backbone").get("auc").value() - 0.002);
  }

  /** A head that starts as the identity and hardly learns leaves the network as it is. */
  @DataTest
  void aRecipeOnLfwView2GivesTheReference() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"),
            """
            name: view2
            seed: 1
            data:
              source: {type: synthetic, identities: 4, imagesPerIdentity: 4, sizePixels: 112}
              split: {verificationIdentities: 0, testEvery: 4}
            model:
              backbone:
                type: onnx
                file: %1$s/models/mobilefacenet-512/fr_feature.onnx
                preprocessing:
                  widthPixels: 112
                  heightPixels: 112
                  mean: [127, 127, 127]
                  std: [128, 128, 128]
                  alignment: arcface
              head: {type: linear, dimension: 512, startAsIdentity: true}
            training: {epochs: 1, batchSize: 4, optimizer: {type: adam, learningRate: 1e-12}}
            export: []
            evaluation:
              protocols:
                - {type: lfw, pairs: %1$s/data/lfw/pairs.txt, images: %1$s/data/lfw-aligned-112}
            expect:
              lfw.accuracy: {atLeast: 0.9919, atMost: 0.9921}
            """
                .formatted(DATA));
    int code = mien("train", recipe.toString(), "--runs", folder.resolve("runs").toString());
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    Path run;
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      run = runs.filter(one -> Files.exists(one.resolve("metrics.json"))).findFirst().orElseThrow();
    }
    Map<String, Metric> lfw = MetricsFile.read(run.resolve("metrics.json")).results().get("lfw");
    assertEquals(6000, lfw.get("accuracy").trials());
    assertEquals(0.9920, lfw.get("accuracy").value(), 5e-5);
    assertEquals(0.0048, lfw.get("accuracy.populationStandardDeviation").value(), 5e-5);
    assertEquals(0.9923, lfw.get("tar@far=1e-2").value(), 4e-4);
    assertEquals(0.9850, lfw.get("tar@far=1e-3").value(), 4e-4);
  }
}
