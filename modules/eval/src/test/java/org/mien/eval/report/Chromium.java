package org.mien.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One page in a headless Chromium, driven over the DevTools protocol: what a person would do with a
 * pointer, a narrow window or a printer.
 */
final class Chromium implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long SECONDS = 90;

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
  private String session;
  private int lastId;

  private Chromium(Process process, URI endpoint) {
    this.process = process;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(endpoint, new Listener())
            .join();
  }

  /** Returns where Chromium or Chrome is, if it is on the path. */
  static Optional<Path> executable() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Stream.of(path.split(":", -1)).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the program with an empty page. */
  static Chromium start(Path executable, Path profile) throws IOException {
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader errors =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    String prefix = "DevTools listening on ";
    String line = errors.readLine();
    while (line != null && !line.startsWith(prefix)) {
      line = errors.readLine();
    }
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("Chromium ended before it listened");
    }
    // Nobody reading, a full pipe would stop it.
    Thread drain = new Thread(() -> errors.lines().forEach(ignored -> {}), "chromium-messages");
    drain.setDaemon(true);
    drain.start();
    Chromium chromium = new Chromium(process, URI.create(line.substring(prefix.length())));
    String target =
        chromium
            .call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
            .get("targetId")
            .asText();
    chromium.session =
        chromium
            .call(
                "Target.attachToTarget",
                JSON.createObjectNode().put("targetId", target).put("flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page.enable", "Runtime.enable", "Log.enable")) {
      chromium.call(domain, JSON.createObjectNode());
    }
    return chromium;
  }

  /** Opens a file and waits until it is loaded. */
  void open(Path file) throws IOException {
    loaded = new CompletableFuture<>();
    call("Page.navigate", JSON.createObjectNode().put("url", file.toUri().toString()));
    await(loaded, "the page to load");
  }

  /** Gives the window a size in pixels. */
  void resize(int width, int height) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /**
   * Shows the page for {@code screen}, {@code print}, or as usual where empty, with a {@code light}
   * or dark scheme.
   */
  void media(String media, String scheme) throws IOException {
    ObjectNode parameters = JSON.createObjectNode().put("media", media);
    parameters
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", scheme);
    call("Emulation.setEmulatedMedia", parameters);
  }

  /** Returns what an expression of JavaScript gives. */
  JsonNode evaluate(String expression) throws IOException {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /** Moves the pointer. */
  void pointAt(double x, double y) throws IOException {
    call(
        "Input.dispatchMouseEvent",
        JSON.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y));
  }

  /** Clicks. */
  void click(double x, double y) throws IOException {
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          JSON.createObjectNode()
              .put("type", type)
              .put("x", x)
              .put("y", y)
              .put("button", "left")
              .put("clickCount", 1));
    }
  }

  /** Presses a key, such as {@code ArrowRight}. */
  void press(String key) throws IOException {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          JSON.createObjectNode().put("type", type).put("key", key).put("code", key));
    }
  }

  /** Writes a picture of the page, PNG. */
  void screenshot(Path file, boolean whole) throws IOException {
    JsonNode answer =
        call(
            "Page.captureScreenshot",
            JSON.createObjectNode().put("format", "png").put("captureBeyondViewport", whole));
    Files.write(file, Base64.getDecoder().decode(answer.get("data").asText()));
  }

  /** Prints the page and returns the PDF. */
  byte[] print() throws IOException {
    JsonNode answer =
        call(
            "Page.printToPDF",
            JSON.createObjectNode().put("printBackground", true).put("preferCSSPageSize", true));
    return Base64.getDecoder().decode(answer.get("data").asText());
  }

  /** Returns what a screen reader is told, node by node. */
  JsonNode accessibilityTree() throws IOException {
    return call("Accessibility.getFullAXTree", JSON.createObjectNode()).get("nodes");
  }

  /** Returns what the console complained of: errors, warnings, refusals of the security policy. */
  List<String> complaints() {
    return new ArrayList<>(complaints);
  }

  @Override
  public void close() {
    try {
      session = null;
      call("Browser.close", JSON.createObjectNode());
      ended.get(5, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized JsonNode call(String method, ObjectNode parameters) throws IOException {
    int id = ++lastId;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    JsonNode found = await(answer, method);
    if (found.has("error")) {
      throw new IOException(method + ": " + found.get("error"));
    }
    return found.path("result");
  }

  private static <T> T await(CompletableFuture<T> future, String what) throws IOException {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + what, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("waited in vain for " + what, e);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      ended.complete(null);
      return null;
    }

    private void take(String message) {
      JsonNode node;
      try {
        node = JSON.readTree(message);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (node.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(node.get("id").asInt());
        if (answer != null) {
          answer.complete(node);
        }
        return;
      }
      switch (node.path("method").asText()) {
        case "Page.loadEventFired" -> loaded.complete(null);
        case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(node.toString());
        case "Runtime.consoleAPICalled" -> complaints.add(node.toString());
        default -> {
          // Nothing that a test asks for.
        }
      }
    }
  }
}
