package org.mien.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class MetricsFileTest {
  @TempDir Path folder;

  private static MetricsFile example() {
    Map<String, Metric> lfw = new LinkedHashMap<>();
    lfw.put("accuracy", Metric.of(0.992, 0.988, 0.995, 6000));
    lfw.put("auc", Metric.of(1.0 / 3, 6000));
    lfw.put("tar@far=1e-3", Metric.of(0.985, 3000).withNote("few impostors"));
    return MetricsFile.of(Map.of("lfw", lfw));
  }

  @Test
  void isWrittenIndentedInOrderWithoutAbsentParts() throws IOException {
    Path file = folder.resolve("metrics.json");
    example().write(file);
    assertEquals(
        """
        {
          "schema": 1,
          "results": {
            "lfw": {
              "accuracy": {
                "value": 0.992,
                "low": 0.988,
                "high": 0.995,
                "trials": 6000
              },
              "auc": {
                "value": 0.3333333333333333,
                "trials": 6000
              },
              "tar@far=1e-3": {
                "value": 0.985,
                "trials": 3000,
                "note": "few impostors"
              }
            }
          }
        }
        """,
        Files.readString(file));
  }

  @Test
  void readsBackWhatItWroteAndReplacesAnOlderFile() throws IOException {
    Path file = folder.resolve("metrics.json");
    Files.writeString(file, "old");
    example().write(file);
    MetricsFile read = MetricsFile.read(file);
    assertEquals(example(), read);
    assertEquals(
        List.of("accuracy", "auc", "tar@far=1e-3"),
        List.copyOf(read.results().get("lfw").keySet()));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList(), "no temporary file is left");
    }
  }

  @Test
  void aProtocolIsAddedWithoutChangingTheOriginal() {
    MetricsFile file = example();
    MetricsFile more = file.with("classification", Map.of("accuracy", Metric.of(0.9, 10)));
    assertEquals(1, file.results().size());
    assertEquals(2, more.results().size());
    assertThrows(UnsupportedOperationException.class, () -> more.results().get("lfw").clear());
  }

  @Test
  void whatIsNotMetricsIsRefusedWithFileAndReason() throws IOException {
    Path file = folder.resolve("metrics.json");
    assertThrows(DataException.class, () -> MetricsFile.read(file));
    for (String text :
        List.of(
            "",
            "null",
            "{\"schema\": 1",
            "{\"schema\": 2, \"results\": {}}",
            "{\"schema\": 1}",
            "{\"schema\": 1, \"results\": {\"lfw\": null}}",
            "{\"schema\": 1, \"results\": {\"lfw\": {\"auc\": null}}}",
            "{\"schema\": 1, \"results\": {\"lfw\": {\"auc\": {\"value\": null}}}}",
            "{\"schema\": 1, \"results\": {\"lfw\": {\"auc\": {\"low\": 1, \"high\": 2}}}}",
            "{\"schema\": 1, \"results\": {\"lfw\": {\"auc\": {\"value\": 1, \"low\": 2}}}}",
            "{\"schema\": 1, \"results\": {}, \"more\": 1}",
            "{\"schema\": 1, \"results\": {\"lfw\": {}, \"lfw\": {}}}")) {
      Files.writeString(file, text);
      DataException e = assertThrows(DataException.class, () -> MetricsFile.read(file), text);
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }

  @Test
  void aFigureIsFiniteAndItsIntervalInOrder() {
    assertThrows(IllegalArgumentException.class, () -> Metric.of(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> Metric.of(1, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Metric.of(1, Double.NaN, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Metric(1, 0.5, null, 1L, null));
    assertThrows(IllegalArgumentException.class, () -> Metric.of(1, -1));
    assertEquals(Metric.of(1, 0, 2, 3), Metric.of(1, 3).withInterval(0, 2));
  }
}
