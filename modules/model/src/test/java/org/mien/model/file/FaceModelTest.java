package org.mien.model.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.error.MienException;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.head.HeadGraph;
import org.mien.model.onnx.TinyOnnx;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FaceModelTest {
  private static final int IMAGES = 4;

  @TempDir Path folder;

  private static void assertSameModel(FaceModel expected, FaceModel actual) {
    float[] images = SmallModels.images(IMAGES);
    assertEquals(expected.descriptor(), actual.descriptor());
    float[] features = expected.features(images, IMAGES);
    assertArrayEquals(features, actual.features(images, IMAGES), 1e-6f);
    assertArrayEquals(
        expected.embedder().embed(images, IMAGES), actual.embedder().embed(images, IMAGES), 1e-6f);
    assertArrayEquals(expected.predict(features, IMAGES), actual.predict(features, IMAGES), 1e-6f);
    assertEquals(expected.embedder().fingerprint(), actual.embedder().fingerprint());
  }

  @Test
  void aModelOnAGraphIsTheSameAfterSavingAndLoading() {
    Path zip = folder.resolve("model.zip");
    try (FaceModel model = SmallModels.onGraph()) {
      model.save(zip);
      try (FaceModel loaded = FaceModel.load(zip)) {
        assertSameModel(model, loaded);
        assertEquals(Optional.of("pool"), loaded.descriptor().features());
      }
    }
  }

  @Test
  void aModelOnAnOnnxBackboneIsTheSameAfterSavingAndLoading() throws IOException {
    Path zip = folder.resolve("model.zip");
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      model.save(zip);
      Files.delete(folder.resolve("backbone.onnx"));
      try (FaceModel loaded = FaceModel.load(zip, SmallModels.ONE_THREAD)) {
        assertSameModel(model, loaded);
        // From the zip it can be written again.
        loaded.save(folder.resolve("again.zip"));
      }
      try (FaceModel again = FaceModel.load(folder.resolve("again.zip"), SmallModels.ONE_THREAD)) {
        assertSameModel(model, again);
      }
    }
  }

  @Test
  void embeddingsAreTheHeadOfTheFeatures() {
    float[] images = SmallModels.images(IMAGES);
    try (FaceModel model = SmallModels.onGraph()) {
      float[] features = model.features(images, IMAGES);
      assertEquals(IMAGES * 5, features.length);
      assertArrayEquals(
          model.embedder().embed(images, IMAGES), model.embeddings(features, IMAGES), 1e-6f);
      // And those of the whole graph, whose backbone is not folded.
      INDArray input =
          Nd4j.create(images, new long[] {IMAGES, 3, TinyOnnx.SIDE, TinyOnnx.SIDE}, 'c');
      float[] whole =
          model
              .graph()
              .orElseThrow()
              .feedForward(input, false)
              .get(HeadGraph.EMBEDDING)
              .dup('c')
              .data()
              .asFloat();
      assertArrayEquals(whole, model.embeddings(features, IMAGES), 1e-5f);
    }
  }

  @Test
  void predictionsAreProbabilitiesOfTheIdentities() throws IOException {
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      float[] predictions =
          model.predict(model.features(SmallModels.images(IMAGES), IMAGES), IMAGES);
      assertEquals(IMAGES * SmallModels.IDENTITIES.size(), predictions.length);
      for (int row = 0; row < IMAGES; row++) {
        double sum = 0;
        for (int i = 0; i < SmallModels.IDENTITIES.size(); i++) {
          sum += predictions[row * SmallModels.IDENTITIES.size() + i];
        }
        assertEquals(1, sum, 1e-5);
      }
    }
  }

  @Test
  void plainDeeplearning4jReadsTheZip() throws IOException {
    float[] images = SmallModels.images(IMAGES);
    for (FaceModel model : List.of(SmallModels.onGraph(), SmallModels.onOnnx(folder))) {
      try (model) {
        Path zip = folder.resolve("plain.zip");
        model.save(zip);
        ComputationGraph plain = ComputationGraph.load(zip.toFile(), false);
        float[] features = model.features(images, IMAGES);
        INDArray input =
            model.graph().isPresent()
                ? Nd4j.create(images, new long[] {IMAGES, 3, 8, 8}, 'c')
                : Nd4j.create(features, new long[] {IMAGES, features.length / IMAGES}, 'c');
        assertArrayEquals(
            model.predict(features, IMAGES),
            plain.outputSingle(false, input).dup('c').data().asFloat(),
            1e-5f);
      }
    }
  }

  @Test
  void trainingTheHeadOnDoesNotChangeTheModel() throws IOException {
    Path file = Files.write(folder.resolve("b.onnx"), new TinyOnnx().build().toByteArray());
    ComputationGraph head = SmallModels.head(TinyOnnx.DIMENSION);
    try (FaceModel model =
        FaceModel.ofOnnx(
            SmallModels.descriptor(), file, Optional.of(head), SmallModels.ONE_THREAD)) {
      float[] features = {1, 2, 3, 4};
      float[] embedding = model.embeddings(features, 1);
      float[] prediction = model.predict(features, 1);
      head.params().muli(2);
      assertArrayEquals(embedding, model.embeddings(features, 1));
      assertArrayEquals(prediction, model.predict(features, 1));
      model.save(folder.resolve("m.zip"));
      try (FaceModel loaded = FaceModel.load(folder.resolve("m.zip"), SmallModels.ONE_THREAD)) {
        assertArrayEquals(embedding, loaded.embeddings(features, 1));
      }
    }
  }

  @Test
  void anotherHeadHasAnotherFingerprint() {
    try (FaceModel one = SmallModels.onGraph()) {
      ComputationGraph head = SmallModels.head(5);
      head.params().addi(0.01);
      try (FaceModel other =
          FaceModel.ofGraph(SmallModels.descriptor(), SmallModels.backbone(), head)) {
        assertEquals(one.backbone().fingerprint(), other.backbone().fingerprint());
        assertNotEquals(one.embedder().fingerprint(), other.embedder().fingerprint());
      }
    }
  }

  @Test
  void aModelOnABackboneThatIsOpenEqualsOneThatOpensIt() {
    ComputationGraph backbone = SmallModels.backbone();
    Embedder opened =
        FrozenNetwork.open(
            backbone, "pool", SmallModels.preprocessing(), Engine.AUTO, SmallModels.ONE_THREAD);
    float[] images = SmallModels.images(3);
    try (FaceModel expected = SmallModels.onGraph();
        FaceModel model =
            FaceModel.ofGraph(SmallModels.descriptor(), backbone, opened, SmallModels.head(5))) {
      assertSame(opened, model.backbone());
      assertEquals(expected.descriptor(), model.descriptor());
      assertEquals(expected.embedder().fingerprint(), model.embedder().fingerprint());
      assertArrayEquals(
          expected.embedder().embed(images, 3), model.embedder().embed(images, 3), 1e-6f);
      // A snapshot: training goes on without it.
      backbone.params().muli(2);
      model.save(folder.resolve("m.zip"));
      try (FaceModel loaded = FaceModel.load(folder.resolve("m.zip"), SmallModels.ONE_THREAD)) {
        assertEquals(expected.embedder().fingerprint(), loaded.embedder().fingerprint());
      }
    }
    assertThrows(IllegalStateException.class, () -> opened.embed(images, 3));
  }

  @Test
  void theDescriptorSurvivesYaml() {
    ModelDescriptor descriptor =
        SmallModels.descriptor()
            .withOrigin("MIT", "a: colon, and # hash")
            .withWeights(Optional.of("a".repeat(64)), Optional.of("out"), Optional.empty());
    String yaml = ConfigWriter.toYaml(descriptor);
    assertEquals(
        descriptor,
        ConfigLoader.parse(yaml, "d.yaml", ModelDescriptor.class, List.of(), Map.of()).value());
  }

  @Test
  void aDescriptorThatDoesNotFitTheNetworkIsRefused() {
    DataException dimension =
        assertThrows(
            DataException.class,
            () ->
                FaceModel.ofGraph(
                    ModelDescriptor.of("small", 512, SmallModels.preprocessing()),
                    SmallModels.backbone(),
                    SmallModels.head(5)));
    assertEquals(
        "model small: its descriptor says embeddings of 512 numbers, the network gives 7",
        dimension.getMessage());
    DataException identities =
        assertThrows(
            DataException.class,
            () ->
                FaceModel.ofGraph(
                    SmallModels.descriptor().withIdentities(List.of(), List.of("only one")),
                    SmallModels.backbone(),
                    SmallModels.head(5)));
    assertTrue(identities.getMessage().contains("names 1 identities, its classifier has 4"));
  }

  @Test
  void aForeignOnnxNetworkIsAModelWithoutClassifier() throws IOException {
    Path onnx = Files.write(folder.resolve("net.onnx"), new TinyOnnx().build().toByteArray());
    Files.writeString(
        folder.resolve("net.yaml"),
        """
        name: net
        dimension: 4
        preprocessing:
          widthPixels: 8
          heightPixels: 8
        """);
    try (FaceModel model = ModelFiles.open(onnx, Optional.empty(), SmallModels.ONE_THREAD)) {
      float[] images = SmallModels.images(2);
      assertArrayEquals(model.features(images, 2), model.embedder().embed(images, 2));
      assertEquals(4, model.embedder().dimension());
      DataException error = assertThrows(DataException.class, () -> model.predict(new float[4], 1));
      assertEquals("model net has no classifier; it gives embeddings only", error.getMessage());
      assertThrows(DataException.class, () -> model.save(folder.resolve("no.zip")));
      assertFalse(Files.exists(folder.resolve("no.zip")));
    }
  }

  @Test
  void aDescriptorOfOtherWeightsIsRefused() throws IOException {
    Path onnx = Files.write(folder.resolve("net.onnx"), new TinyOnnx().build().toByteArray());
    Path yaml = folder.resolve("elsewhere.yaml");
    Files.writeString(
        yaml,
        ConfigWriter.toYaml(
            ModelDescriptor.of("net", 4, SmallModels.preprocessing())
                .withWeights(Optional.of("0".repeat(64)), Optional.empty(), Optional.empty())));
    DataException error =
        assertThrows(
            DataException.class,
            () -> ModelFiles.open(onnx, Optional.of(yaml), SmallModels.ONE_THREAD));
    assertTrue(error.getMessage().startsWith(onnx + ": its SHA-256 is "), error.getMessage());
    assertTrue(error.getMessage().contains("0".repeat(64)), error.getMessage());
  }

  @Test
  void aBackboneThatChangesUnderTheModelIsNotSaved() throws IOException {
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      Files.write(folder.resolve("backbone.onnx"), new TinyOnnx().opset(11).build().toByteArray());
      DataException error =
          assertThrows(DataException.class, () -> model.save(folder.resolve("model.zip")));
      assertTrue(error.getMessage().contains("has changed since"), error.getMessage());
      assertFalse(Files.exists(folder.resolve("model.zip")));
    }
  }

  @Test
  void everyWrongPathIsToldWhatWasLookedFor() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("resolved.yaml"), "seed: 1\n");
    Path text = Files.writeString(folder.resolve("notes.txt"), "x");
    Path bare = Files.write(folder.resolve("bare.onnx"), new TinyOnnx().build().toByteArray());
    assertOpenFails(run, DataException.class, Path.of("model", "model.zip").toString());
    assertOpenFails(
        Files.createDirectory(folder.resolve("empty")), DataException.class, "is not a run");
    assertOpenFails(folder.resolve("missing.zip"), DataException.class, "does not exist");
    assertOpenFails(text, ConfigException.class, "expected a run's folder");
    assertOpenFails(bare, ConfigException.class, folder.resolve("bare.yaml").toString());
  }

  private static void assertOpenFails(Path path, Class<? extends MienException> type, String part) {
    MienException error =
        assertThrows(type, () -> ModelFiles.open(path, Optional.empty(), SmallModels.ONE_THREAD));
    assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  @Test
  void theModelOfARunIsFound() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run/model")).getParent();
    Files.writeString(run.resolve("resolved.yaml"), "seed: 1\n");
    try (FaceModel model = SmallModels.onGraph()) {
      model.save(run.resolve("model/model.zip"));
      try (FaceModel opened = ModelFiles.open(run, Optional.empty())) {
        assertSameModel(model, opened);
      }
    }
  }

  @Test
  void everyTruncationOfAModelIsRefused() throws IOException {
    Path zip = folder.resolve("model.zip");
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      model.save(zip);
    }
    byte[] whole = Files.readAllBytes(zip);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 25) {
      Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, length));
      DataException error = assertThrows(DataException.class, () -> FaceModel.load(cut));
      assertTrue(error.getMessage().startsWith(cut.toString()), error.getMessage());
    }
  }

  @Test
  void aFlippedByteAnywhereIsNoticedOrHarmless() throws IOException {
    Path zip = folder.resolve("model.zip");
    float[] images = SmallModels.images(1);
    float[] expected;
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      model.save(zip);
      expected = model.embedder().embed(images, 1);
    }
    byte[] whole = Files.readAllBytes(zip);
    int refused = 0;
    for (int position = 0; position < whole.length; position += 1 + whole.length / 40) {
      byte[] changed = whole.clone();
      changed[position] ^= 0x10;
      Path file = Files.write(folder.resolve("flipped.zip"), changed);
      try (FaceModel model = FaceModel.load(file, SmallModels.ONE_THREAD)) {
        // A time stamp in a header, for example.
        assertArrayEquals(expected, model.embedder().embed(images, 1), 1e-6f);
      } catch (DataException e) {
        refused++;
      }
    }
    assertTrue(refused > 30, "refused " + refused);
  }
}
