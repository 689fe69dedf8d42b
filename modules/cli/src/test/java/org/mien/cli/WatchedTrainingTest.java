package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mien train --tensorboard --mlflow URI}: what others read of a training. */
final class WatchedTrainingTest {
  private static final String RECIPE =
      """
      name: watched
      seed: 7
      data:
        source: {type: synthetic, identities: 12, imagesPerIdentity: 8, sizePixels: 64}
        split: {verificationIdentities: 0.5, testEvery: 4, validationEvery: 3}
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 16}
      training: {epochs: 3, batchSize: 8}
      evaluation: {genuinePairs: 40, impostorPairs: 40, folds: 2, bootstrapReplicates: 100}
      export: []
      """;

  @TempDir private Path folder;

  /** A call of MLflow's REST API 2.0: the method's name and its body. */
  private record Call(String method, JsonNode body) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /** Answers as MLflow does, in the form of its documented protocol. */
  private HttpServer mlflow() throws IOException {
    ObjectMapper json = new ObjectMapper();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/2.0/mlflow/",
        exchange -> {
          String method = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
          byte[] body = exchange.getRequestBody().readAllBytes();
          calls.add(new Call(method, body.length == 0 ? null : json.readTree(body)));
          int status = method.equals("experiments/get-by-name") ? 404 : 200;
          String answer =
              switch (method) {
                case "experiments/get-by-name" ->
                    "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}";
                case "experiments/create" -> "{\"experiment_id\": \"12\"}";
                case "runs/create" -> "{\"run\": {\"info\": {\"run_id\": \"abc\"}}}";
                default -> "{}";
              };
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aTrainingIsToldToTensorBoardAndToAnMlflowServer() throws IOException {
    Path recipe = Files.writeString(folder.resolve("watched.yaml"), RECIPE);
    Path runs = folder.resolve("runs");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream console = new PrintStream(said, true, StandardCharsets.UTF_8);
    HttpServer server = mlflow();
    try {
      String[] words = {
        "train",
        recipe.toString(),
        "--runs",
        runs.toString(),
        "--tensorboard",
        "--mlflow",
        "http://127.0.0.1:" + server.getAddress().getPort()
      };
      assertEquals(
          0,
          Main.run(words, new Console(console, console, false)),
          said.toString(StandardCharsets.UTF_8));
    } finally {
      server.stop(0);
    }
    Path run;
    try (Stream<Path> found = Files.list(runs)) {
      run = found.findFirst().orElseThrow();
    }
    assertMlflowWasTold();
    Path events;
    try (Stream<Path> files = Files.list(run.resolve("tensorboard"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      events = all.get(0);
    }
    assertTrue(
        events.getFileName().toString().startsWith("events.out.tfevents."), events.toString());
    List<String> records = records(ByteBuffer.wrap(Files.readAllBytes(events)));
    // The version, each epoch, the reported figures.
    assertEquals(1 + 3 + 1, records.size());
    assertTrue(records.get(0).contains("brain.Event:2"), records.get(0));
    for (String epoch : records.subList(1, 4)) {
      assertTrue(epoch.contains("training/loss") && epoch.contains("validation/accuracy"), epoch);
    }
    assertTrue(records.get(4).contains("reported/heldOut.accuracy"), records.get(4));
  }

  private void assertMlflowWasTold() {
    List<String> methods = calls.stream().map(Call::method).toList();
    assertEquals(
        List.of("experiments/get-by-name", "experiments/create", "runs/create"),
        methods.subList(0, 3));
    assertEquals("runs/update", methods.get(methods.size() - 1));
    JsonNode end = calls.get(calls.size() - 1).body();
    assertEquals("abc", end.get("run_id").asText());
    assertEquals("FINISHED", end.get("status").asText());
    Set<String> keys = new HashSet<>();
    Set<Long> steps = new HashSet<>();
    Set<String> settings = new HashSet<>();
    for (Call call : calls) {
      if (call.method().equals("runs/log-batch")) {
        assertEquals("abc", call.body().get("run_id").asText());
        call.body()
            .path("metrics")
            .forEach(
                metric -> {
                  keys.add(metric.get("key").asText());
                  assertTrue(metric.get("value").isNumber(), metric.toString());
                  assertTrue(metric.get("timestamp").asLong() > 0, metric.toString());
                  if (metric.get("key").asText().equals("validation.accuracy")) {
                    steps.add(metric.get("step").asLong());
                  }
                });
        call.body().path("params").forEach(setting -> settings.add(setting.get("key").asText()));
      }
    }
    assertEquals(3, steps.size(), steps.toString());
    assertTrue(keys.contains("heldOut.accuracy"), keys.toString());
    assertTrue(settings.contains("training.epochs"), settings.toString());
  }

  /** Reads TFRecords as TensorFlow does: length, its checksum, data, their checksum. */
  private static List<String> records(ByteBuffer file) {
    file.order(ByteOrder.LITTLE_ENDIAN);
    List<String> records = new ArrayList<>();
    while (file.hasRemaining()) {
      byte[] head = new byte[8];
      file.get(head);
      int length = Math.toIntExact(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong());
      assertEquals(masked(head), file.getInt());
      byte[] data = new byte[length];
      file.get(data);
      assertEquals(masked(data), file.getInt());
      records.add(new String(data, StandardCharsets.ISO_8859_1));
    }
    return records;
  }

  private static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
