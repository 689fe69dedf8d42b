package org.mien.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class JsonTest {
  @TempDir Path folder;

  record Figure(double value, Double low, int trials, String note) {}

  record Holder(Map<String, Figure> figures, Path path, Instant time) {}

  @Test
  void aLineIsALineWhateverIsInIt() {
    assertEquals(
        "{\"value\":null,\"low\":0.25,\"trials\":1,\"note\":\"two\\nlines\"}",
        Json.toLine(new Figure(Double.NaN, 0.25, 1, "two\nlines")));
  }

  @Test
  void writesIndentedInTheOrderOfTheComponents() throws IOException {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("b", new Figure(0.5, null, 3, "é"));
    figures.put("a", new Figure(1e-9, 0.25, 4, null));
    Holder holder = new Holder(figures, Path.of("/x/y"), Instant.parse("2026-01-02T03:04:05Z"));
    Path file = folder.resolve("x.json");
    Json.write(file, holder);
    assertEquals(
        """
        {
          "figures": {
            "b": {
              "value": 0.5,
              "low": null,
              "trials": 3,
              "note": "é"
            },
            "a": {
              "value": 1.0E-9,
              "low": 0.25,
              "trials": 4,
              "note": null
            }
          },
          "path": "/x/y",
          "time": "2026-01-02T03:04:05Z"
        }
        """,
        Files.readString(file));
    assertEquals(holder, Json.read(file, Holder.class));
  }

  @Test
  void writesNullForEveryNumberThatIsNotFinite() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("double", Double.NaN);
    values.put("float", Float.POSITIVE_INFINITY);
    values.put("doubles", new double[] {1, Double.NEGATIVE_INFINITY});
    values.put("floats", new float[] {1, Float.NaN});
    values.put("list", List.of(Double.NaN));
    values.put("tree", JsonNodeFactory.instance.numberNode(Double.NaN));
    assertEquals(
        "{'double':null,'float':null,'doubles':[1.0,null],'floats':[1.0,null],'list':[null],"
            + "'tree':null}",
        Json.toString(values).replaceAll("\\s", "").replace('"', '\''));
  }

  @Test
  void nullForADoubleReadsBackAsNaN() {
    Path file = folder.resolve("x.json");
    Json.write(file, new Figure(Double.NaN, Double.NaN, 1, ""));
    assertEquals(new Figure(Double.NaN, null, 1, ""), Json.read(file, Figure.class));
  }

  @Test
  void tellsLineColumnAndKeyOfWhatDoesNotFit() throws IOException {
    assertProblem(
        "{\"figures\": {\n  \"a\": {\"value\": \"high\"}}}",
        Holder.class,
        ":2:18: figures.a.value: ");
    assertProblem("{\"value\": 1,\n\"trials\": null}", Figure.class, ":2:11: trials: ");
    assertProblem("{\"value\": 1, \"trials\": 2,\n\"trails\": 1}", Figure.class, ":2:");
    assertProblem("{\"value\": 1,\n\"value\": 2, \"trials\": 1}", Figure.class, ":2:8: ");
    assertProblem("{\"value\": 1,\n", Figure.class, ":2:1: ");
    assertProblem("{\"trials\": 1}", Figure.class, ":1:");
    assertProblem("{\"value\": 1, \"trials\": 1} x", Figure.class, ":1:");
    assertProblem("null", Figure.class, ": holds null");
    assertProblem("", Figure.class, ":1:");
  }

  @Test
  void tellsWhichFileIsMissing() {
    Path file = folder.resolve("none.json");
    DataException e = assertThrows(DataException.class, () -> Json.read(file, Figure.class));
    assertEquals(file + ": does not exist; expected a JSON file", e.getMessage());
  }

  private void assertProblem(String json, Class<?> type, String place) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), json);
    DataException e = assertThrows(DataException.class, () -> Json.read(file, type), json);
    assertTrue(e.getMessage().startsWith(file + place), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }
}
