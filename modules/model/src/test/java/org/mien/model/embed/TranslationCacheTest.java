package org.mien.model.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.json.Json;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.RandomGraph;

class TranslationCacheTest {
  private static final OnnxEmbedder.Options OPTIONS = new OnnxEmbedder.Options(1, Optional.empty());
  private static final SmallResNetConfig NETWORK =
      new SmallResNetConfig(List.of(4, 8), List.of(1, 1), Optional.empty());
  private static final Preprocessing INPUT = NETWORK.input();
  private static ComputationGraph graph;

  @TempDir private Path folder;
  private final AtomicInteger built = new AtomicInteger();

  @BeforeAll
  static void build() {
    Nd4jRuntime.start();
    graph = NETWORK.build(4);
    RandomGraph.randomize(graph, 6);
  }

  private Embedder open(String network, Engine engine) {
    Supplier<ComputationGraph> counted =
        () -> {
          built.incrementAndGet();
          return graph;
        };
    return FrozenNetwork.open(
        network, counted, new TranslationCache(folder), INPUT, engine, OPTIONS);
  }

  private float[] images(int count) {
    return RandomGraph.numbers(count * INPUT.imageLength(), 3);
  }

  private Path file(String extension) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(extension)).findFirst().orElseThrow();
    }
  }

  @Test
  void aKnownNetworkRunsWithoutItsGraphAndGivesTheSameBits() {
    float[] images = images(3);
    float[] expected;
    try (Embedder first = open("a", Engine.AUTO);
        Embedder without =
            FrozenNetwork.open(graph, "features", INPUT, Engine.ONNX_RUNTIME, OPTIONS)) {
      expected = first.embed(images, 3);
      assertEquals(without.fingerprint(), first.fingerprint());
      assertArrayEquals(without.embed(images, 3), expected);
    }
    assertEquals(1, built.get());
    try (Embedder again = open("a", Engine.AUTO);
        Embedder asked = open("a", Engine.ONNX_RUNTIME)) {
      assertArrayEquals(expected, again.embed(images, 3));
      assertArrayEquals(expected, asked.embed(images, 3));
      assertEquals(again.dimension(), expected.length / 3);
      assertTrue(again.engine().endsWith("CPU, threads 1"), again.engine());
    }
    assertEquals(1, built.get(), "the graph was built although its translation was known");
  }

  @Test
  void whatIsKnownOfANetworkEqualsWhatTheNetworkSays() {
    try (Embedder first = open("a", Engine.AUTO);
        Embedder again = open("a", Engine.AUTO)) {
      assertNotEquals(first.getClass(), again.getClass());
      assertEquals(first.fingerprint(), again.fingerprint());
      assertEquals(first.engine(), again.engine());
      assertEquals(first.dimension(), again.dimension());
      assertEquals(first.preprocessing(), again.preprocessing());
    }
  }

  @Test
  void anotherNetworkAndTheReferenceEngineAreNotTakenFromTheCache() {
    open("a", Engine.AUTO).close();
    open("b", Engine.AUTO).close();
    assertEquals(2, built.get());
    try (Embedder reference = open("a", Engine.ND4J)) {
      assertTrue(reference instanceof Nd4jEmbedder);
    }
  }

  @Test
  void aFileOfAnotherLengthIsMadeAgain() throws IOException {
    open("a", Engine.AUTO).close();
    Path onnx = file(".onnx");
    byte[] whole = Files.readAllBytes(onnx);
    Files.write(onnx, new byte[] {1, 2, 3});
    open("a", Engine.AUTO).close();
    assertEquals(2, built.get());
    assertArrayEquals(whole, Files.readAllBytes(onnx));
  }

  @Test
  void changedBytesAreNoticedBeforeTheyAreRun() throws IOException {
    float[] images = images(1);
    float[] expected;
    try (Embedder first = open("a", Engine.AUTO)) {
      expected = first.embed(images, 1);
    }
    Path onnx = file(".onnx");
    byte[] bytes = Files.readAllBytes(onnx);
    bytes[bytes.length / 2] ^= 0x40;
    Files.write(onnx, bytes);
    try (Embedder again = open("a", Engine.AUTO)) {
      assertArrayEquals(expected, again.embed(images, 1));
    }
    assertEquals(2, built.get());
  }

  @Test
  void damagedFactsCountAsNone() throws IOException {
    open("a", Engine.AUTO).close();
    Files.writeString(file(".json"), "{\"bytes\": 3");
    open("a", Engine.AUTO).close();
    assertEquals(2, built.get());
    open("a", Engine.AUTO).close();
    assertEquals(2, built.get());
  }

  @Test
  void aNetworkThatDiffersFromNd4jRunsThereUnlessOnnxRuntimeIsAskedFor() throws IOException {
    open("a", Engine.AUTO).close();
    Path json = file(".json");
    TranslationCache.Facts facts = Json.read(json, TranslationCache.Facts.class);
    for (double difference : new double[] {0.1, Double.NaN}) {
      Json.write(
          json,
          new TranslationCache.Facts(
              facts.bytes(), facts.sha256(), facts.fingerprint(), facts.dimension(), difference));
      try (Embedder fastest = open("a", Engine.AUTO);
          Embedder asked = open("a", Engine.ONNX_RUNTIME)) {
        assertTrue(fastest instanceof Nd4jEmbedder);
        assertTrue(asked.engine().startsWith("ONNX Runtime"), asked.engine());
      }
    }
  }

  @Test
  void onlyTheNetworksThatWereUsedLastAreKept() throws IOException {
    open("oldest", Engine.AUTO).close();
    Path oldest = file(".json");
    Files.setLastModifiedTime(oldest, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    Path used = null;
    for (int i = 1; i < TranslationCache.KEPT; i++) {
      open("network " + i, Engine.AUTO).close();
    }
    for (Path json : jsonFiles()) {
      if (!json.equals(oldest)) {
        used = json;
      }
    }
    assertEquals(TranslationCache.KEPT, jsonFiles().size());
    open("newest", Engine.AUTO).close();
    assertEquals(TranslationCache.KEPT, jsonFiles().size());
    assertFalse(Files.exists(oldest));
    assertFalse(
        Files.exists(Path.of(oldest.toString().replace(".json", ".onnx"))),
        "the network of facts that were removed is still there");
    assertTrue(Files.exists(used));
  }

  @Test
  void aFolderThatCannotBeWrittenCostsTimeAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("file"), "no folder can be made under it");
    TranslationCache nowhere = new TranslationCache(folder.resolve("file/cache"));
    float[] images = images(1);
    try (Embedder usual = open("a", Engine.AUTO);
        Embedder unkept =
            FrozenNetwork.open("a", () -> graph, nowhere, INPUT, Engine.AUTO, OPTIONS)) {
      assertEquals(usual.engine(), unkept.engine());
      assertArrayEquals(usual.embed(images, 1), unkept.embed(images, 1));
    }
  }

  private List<Path> jsonFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  @Test
  void aClosedNetworkIsNotLoadedAnyMore() {
    open("a", Engine.AUTO).close();
    Embedder known = open("a", Engine.AUTO);
    known.close();
    assertThrows(IllegalStateException.class, () -> known.embed(images(1), 1));
  }
}
