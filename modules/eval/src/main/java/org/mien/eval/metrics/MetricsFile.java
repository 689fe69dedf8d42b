package org.mien.eval.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mien.core.error.DataException;

/**
 * The content of {@code metrics.json}: figures by protocol and name.
 *
 * @param schema version of the format, {@value #SCHEMA}
 * @param results protocol name (such as {@code lfw}) to metric name (such as {@code tar@far=1e-3})
 *     to figure, in the order they are shown
 */
public record MetricsFile(int schema, Map<String, Map<String, Metric>> results) {
  /** The version of the format that this class reads and writes. */
  public static final int SCHEMA = 1;

  /** No run writes more; a larger file is something else. */
  private static final long MAXIMAL_BYTES = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The same line breaks on every system. */
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(new DefaultIndenter("  ", "\n")));

  public MetricsFile {
    if (schema != SCHEMA) {
      throw new IllegalArgumentException("expected schema " + SCHEMA + ", was " + schema);
    }
    if (results == null) {
      throw new IllegalArgumentException("expected results by protocol");
    }
    Map<String, Map<String, Metric>> copy = new LinkedHashMap<>();
    results.forEach(
        (protocol, metrics) -> {
          if (metrics == null || metrics.containsValue(null)) {
            throw new IllegalArgumentException("a figure of " + protocol + " is null");
          }
          copy.put(protocol, Collections.unmodifiableMap(new LinkedHashMap<>(metrics)));
        });
    results = Collections.unmodifiableMap(copy);
  }

  /** The results of a run, in the present schema. */
  public static MetricsFile of(Map<String, Map<String, Metric>> results) {
    return new MetricsFile(SCHEMA, results);
  }

  /** Returns these results with those of one protocol added or replaced. */
  public MetricsFile with(String protocol, Map<String, Metric> metrics) {
    Map<String, Map<String, Metric>> all = new LinkedHashMap<>(results);
    all.put(protocol, metrics);
    return new MetricsFile(schema, all);
  }

  /**
   * Reads {@code metrics.json}.
   *
   * @throws DataException if it is missing, too large, not JSON or not of this schema
   */
  public static MetricsFile read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMAL_BYTES) {
        throw DataException.in(
            file, "expected at most " + MAXIMAL_BYTES + " bytes of metrics, found " + size);
      }
      MetricsFile metrics = MAPPER.readValue(Files.readAllBytes(file), MetricsFile.class);
      if (metrics == null) {
        throw DataException.in(file, "holds null; expected a JSON object");
      }
      return metrics;
    } catch (JsonProcessingException e) {
      throw DataException.in(file, e.getOriginalMessage().lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
  }

  /** Returns the text of {@code metrics.json}: the same results always give the same bytes. */
  public String toJson() {
    try {
      return WRITER.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("metrics are always JSON", e);
    }
  }

  /**
   * Writes {@code metrics.json}: whole under a temporary name, then moved into its place.
   *
   * @throws DataException if it cannot be written; what was there before stays
   */
  public void write(Path file) {
    Path target = file.toAbsolutePath();
    Path temporary =
        target.resolveSibling("." + target.getFileName() + ".tmp-" + ProcessHandle.current().pid());
    try {
      Files.writeString(temporary, toJson());
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException ignored) {
        e.addSuppressed(ignored);
      }
      throw DataException.in(file, "cannot be written (" + e + ")", e);
    }
  }
}
