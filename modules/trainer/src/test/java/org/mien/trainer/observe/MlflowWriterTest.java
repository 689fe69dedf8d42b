package org.mien.trainer.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.run.RunDirectory;

/** Against answers in the form of MLflow's REST API 2.0. */
final class MlflowWriterTest {
  private static final Map<String, String> SETTINGS = Map.of("name", "faces", "seed", "1");
  private static final EpochRecord EPOCH = new EpochRecord(1, 30, 0.001, 2, 1.5, 0.25, 1);

  @TempDir private Path folder;
  private HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile boolean broken;
  private volatile boolean knowsExperiment;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String method = exchange.getRequestURI().toString().replace("/api/2.0/mlflow/", "");
          requests.add(exchange.getRequestMethod() + " " + method + " " + body);
          int status = 200;
          String answer = "{}";
          if (broken) {
            status = 503;
            answer = "down";
          } else if (method.startsWith("experiments/get-by-name") && !knowsExperiment) {
            status = 404;
            answer = "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}";
          } else if (method.startsWith("experiments/get-by-name")) {
            answer = "{\"experiment\": {\"experiment_id\": \"12\", \"name\": \"faces\"}}";
          } else if (method.equals("experiments/create")) {
            answer = "{\"experiment_id\": \"12\"}";
          } else if (method.equals("runs/create")) {
            answer = "{\"run\": {\"info\": {\"run_id\": \"abc\", \"status\": \"RUNNING\"}}}";
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private RunWatcher watch(RunDirectory run) {
    return MlflowWriter.of("http://127.0.0.1:" + server.getAddress().getPort() + "/")
        .watch(run, SETTINGS);
  }

  private String request(String beginning) {
    return requests.stream().filter(r -> r.startsWith(beginning)).reduce((a, b) -> b).orElse("");
  }

  @Test
  void aRunIsCreatedToldItsParametersEpochsAndFiguresAndEnded() {
    RunWatcher watcher = watch(RunDirectory.create(folder, "faces"));
    assertEquals("GET experiments/get-by-name?experiment_name=faces ", requests.get(0));
    assertEquals("POST experiments/create {\"name\":\"faces\"}", requests.get(1));
    assertTrue(requests.get(2).contains("\"experiment_id\":\"12\""), requests.get(2));
    assertTrue(
        requests.get(3).contains("{\"key\":\"seed\",\"value\":\"1\"}")
            || requests.get(3).contains("{\"value\":\"1\",\"key\":\"seed\"}"),
        requests.get(3));
    watcher.epoch(EPOCH);
    assertTrue(request("POST runs/log-batch").contains("\"validation.accuracy\",\"value\":0.25"));
    assertTrue(request("POST runs/log-batch").contains("\"step\":30"));
    watcher.figures(Map.of("heldOut.tar@far=1e-2", 0.5), 30);
    assertTrue(request("POST runs/log-batch").contains("\"heldOut.tar_far_1e-2\""));
    watcher.ended(RunWatcher.End.STOPPED);
    assertTrue(request("POST runs/update").contains("\"status\":\"KILLED\""));
  }

  @Test
  void aResumedRunGoesOnWithItsMlflowRun() {
    knowsExperiment = true;
    RunDirectory run = RunDirectory.create(folder, "faces");
    watch(run).ended(RunWatcher.End.STOPPED);
    requests.clear();
    watch(run).epoch(EPOCH);
    assertTrue(requests.get(0).startsWith("POST runs/update"), requests.toString());
    assertTrue(requests.get(0).contains("\"RUNNING\""), requests.get(0));
    assertTrue(request("POST runs/create").isEmpty());
  }

  @Test
  void whatAServerMissedIsToldWhenItIsBackAndADeadOneIsLeftAlone() {
    broken = true;
    RunWatcher watcher = watch(RunDirectory.create(folder, "faces"));
    watcher.epoch(EPOCH);
    broken = false;
    watcher.epoch(new EpochRecord(2, 60, 0.001, 1, 1, 0.5, 1));
    String batch = request("POST runs/log-batch");
    assertTrue(batch.contains("\"step\":30") && batch.contains("\"step\":60"), batch);
    broken = true;
    for (int i = 0; i < 3; i++) {
      watcher.epoch(EPOCH);
    }
    requests.clear();
    watcher.epoch(EPOCH);
    watcher.ended(RunWatcher.End.FINISHED);
    assertEquals(List.of(), requests);
  }

  @Test
  void whatIsNoAddressIsRefused() {
    for (String address : List.of("mlruns", "file:/tmp/mlruns", "http://", "not an address")) {
      assertThrows(ConfigException.class, () -> MlflowWriter.of(address), address);
    }
    assertFalse(requests.iterator().hasNext());
  }
}
