package org.mien.trainer.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an MLflow server what a run does, over its REST API 2.0: experiments/get-by-name and
 * create, runs/create, log-batch and update. The experiment is named as the recipe; the recipe's
 * keys are parameters, epochs and reported figures are metrics.
 *
 * <p>A server that does not answer is waited for {@value #SECONDS} seconds, warned of, and tried
 * again after the next epoch with all that it missed; after {@value #MOST_FAILURES} failures in a
 * row it is told nothing more. A run that is resumed goes on with its MLflow run.
 */
public final class MlflowWriter implements RunWatcher {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowWriter.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SECONDS = 10;
  private static final int MOST_FAILURES = 3;

  /** Limits of the server. */
  private static final int PARAMETERS_A_BATCH = 100;

  private static final int METRICS_A_BATCH = 1000;
  private static final int LONGEST_VALUE = 500;
  private static final int LONGEST_KEY = 250;
  private static final int LONGEST_ANSWER = 1 << 20;

  private final URI server;
  private final RunDirectory run;
  private final Map<String, String> settings;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(SECONDS)).build();
  private final List<Map<String, Object>> unsent = new ArrayList<>();
  private String runId;
  private int failures;

  /**
   * The file of a run that names its MLflow run.
   *
   * @param server its address
   * @param runId its identifier there
   */
  record Origin(String server, String runId) {}

  private MlflowWriter(URI server, RunDirectory run, Map<String, String> settings) {
    this.server = server;
    this.run = run;
    this.settings = settings;
  }

  /**
   * Returns what begins to watch runs.
   *
   * @param address of the server, such as {@code http://localhost:5000}
   * @throws ConfigException if it is no address of a server
   */
  public static RunWatcher.Factory of(String address) {
    URI server;
    try {
      server = URI.create(address.replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw notAnAddress(address, e);
    }
    boolean web = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
    if (!web || server.getHost() == null || server.getQuery() != null) {
      throw notAnAddress(address, null);
    }
    return (run, settings) -> {
      MlflowWriter writer = new MlflowWriter(server, run, settings);
      writer.send();
      return writer;
    };
  }

  private static ConfigException notAnAddress(String address, Exception cause) {
    String message =
        "--mlflow: expected the address of a server, such as http://localhost:5000, was \""
            + address
            + "\"; for TensorBoard's files use --tensorboard";
    return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
  }

  @Override
  public void epoch(EpochRecord epoch) {
    metric("training.loss", epoch.trainingLoss(), epoch.steps());
    metric("validation.loss", epoch.validationLoss(), epoch.steps());
    metric("validation.accuracy", epoch.validationAccuracy(), epoch.steps());
    for (TaskScore task : epoch.tasks()) {
      String name = "validation.task." + task.name() + ".";
      metric(name + "loss", task.loss(), epoch.steps());
      metric(name + task.measure().word(), task.value(), epoch.steps());
    }
    metric("training.learningRate", epoch.learningRate(), epoch.steps());
    send();
  }

  @Override
  public void figures(Map<String, Double> figures, long step) {
    figures.forEach((name, value) -> metric(name, value, step));
    send();
  }

  @Override
  public void ended(End end) {
    if (runId == null || failures > 0) {
      return;
    }
    String status =
        switch (end) {
          case FINISHED -> "FINISHED";
          case STOPPED -> "KILLED";
          case FAILED -> "FAILED";
        };
    attempt(() -> update(status, true));
  }

  private void metric(String name, double value, long step) {
    if (!Double.isNaN(value)) {
      Map<String, Object> metric = new LinkedHashMap<>();
      metric.put("key", key(name));
      metric.put("value", value);
      metric.put("timestamp", System.currentTimeMillis());
      metric.put("step", step);
      unsent.add(metric);
    }
  }

  /** Names may hold letters, digits, and {@code _ - . /} and blanks. */
  private static String key(String name) {
    String allowed = name.replaceAll("[^A-Za-z0-9_./ -]", "_");
    return allowed.length() <= LONGEST_KEY ? allowed : allowed.substring(0, LONGEST_KEY);
  }

  private void send() {
    if (failures < MOST_FAILURES) {
      attempt(
          () -> {
            if (runId == null) {
              begin();
            }
            while (!unsent.isEmpty()) {
              List<Map<String, Object>> batch =
                  unsent.subList(0, Math.min(METRICS_A_BATCH, unsent.size()));
              post("runs/log-batch", Map.of("run_id", runId, "metrics", List.copyOf(batch)));
              batch.clear();
            }
          });
    }
  }

  /** Goes on with the run's MLflow run, or creates one. */
  private void begin() throws IOException {
    if (Files.exists(run.mlflow())) {
      Origin origin = Json.read(run.mlflow(), Origin.class);
      if (origin.server().equals(server.toString())) {
        runId = origin.runId();
        update("RUNNING", false);
        return;
      }
    }
    Map<String, Object> creation = new LinkedHashMap<>();
    creation.put("experiment_id", experimentId());
    creation.put("run_name", run.name());
    creation.put("start_time", System.currentTimeMillis());
    creation.put("tags", List.of(entry("mlflow.runName", run.name())));
    String id = text(post("runs/create", creation).at("/run/info/run_id"), "run.info.run_id");
    List<Map<String, String>> parameters = new ArrayList<>();
    settings.forEach((name, value) -> parameters.add(entry(key(name), shortened(value))));
    for (int from = 0; from < parameters.size(); from += PARAMETERS_A_BATCH) {
      int to = Math.min(parameters.size(), from + PARAMETERS_A_BATCH);
      post("runs/log-batch", Map.of("run_id", id, "params", parameters.subList(from, to)));
    }
    Json.write(run.mlflow(), new Origin(server.toString(), id));
    runId = id;
    LOG.info("MLflow: run {} of {}", id, server);
  }

  private String experimentId() throws IOException {
    String name = settings.getOrDefault("name", "mien");
    Answer found =
        answer(
            HttpRequest.newBuilder(
                    uri(
                        "experiments/get-by-name?experiment_name="
                            + URLEncoder.encode(name, StandardCharsets.UTF_8)))
                .GET());
    if (found.status == 404) {
      return text(
          post("experiments/create", Map.of("name", name)).get("experiment_id"), "experiment_id");
    }
    return text(found.requireSuccess().at("/experiment/experiment_id"), "experiment.experiment_id");
  }

  private void update(String status, boolean ended) throws IOException {
    Map<String, Object> change = new LinkedHashMap<>();
    change.put("run_id", runId);
    change.put("status", status);
    if (ended) {
      change.put("end_time", System.currentTimeMillis());
    }
    post("runs/update", change);
  }

  private static Map<String, String> entry(String key, String value) {
    return Map.of("key", key, "value", value);
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
  }

  private URI uri(String method) {
    return URI.create(server + "/api/2.0/mlflow/" + method);
  }

  private JsonNode post(String method, Map<String, ?> body) throws IOException {
    return answer(
            HttpRequest.newBuilder(uri(method))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))))
        .requireSuccess();
  }

  private Answer answer(HttpRequest.Builder request) throws IOException {
    HttpRequest timed = request.timeout(Duration.ofSeconds(SECONDS)).build();
    try {
      HttpResponse<InputStream> response =
          client.send(timed, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        String text = new String(body.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        return new Answer(timed.uri(), response.statusCode(), text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + timed.uri(), e);
    }
  }

  private static String text(JsonNode node, String name) throws IOException {
    if (node == null || !node.isTextual()) {
      throw new IOException("the answer has no " + name + "; is this an MLflow server?");
    }
    return node.textValue();
  }

  private void attempt(Request request) {
    try {
      request.run();
      failures = 0;
    } catch (IOException | DataException e) {
      failures++;
      LOG.warn(
          "MLflow at {}: {}; the training goes on{}",
          server,
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
          failures < MOST_FAILURES ? "" : ", and the server is told nothing more");
    }
  }

  @FunctionalInterface
  private interface Request {
    void run() throws IOException;
  }

  private record Answer(URI uri, int status, String body) {
    JsonNode requireSuccess() throws IOException {
      if (status != 200) {
        String start = body.length() <= 200 ? body : body.substring(0, 200) + " ...";
        throw new IOException(uri.getPath() + " answered " + status + ": " + start.strip());
      }
      try {
        JsonNode json = JSON.readTree(body);
        if (json != null && json.isObject()) {
          return json;
        }
      } catch (JsonProcessingException e) {
        LOG.debug("not JSON", e);
      }
      throw new IOException(uri.getPath() + " answered something that is no JSON object");
    }
  }
}
