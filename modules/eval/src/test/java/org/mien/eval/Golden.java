package org.mien.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;

/** Figures from scikit-learn and SciPy, made by {@code benchmarks/golden/make_eval_golden.py}. */
public final class Golden {
  /** How far a figure may be from theirs. */
  public static final double TOLERANCE = 1e-12;

  private Golden() {}

  /** Returns the cases under one key of the file. */
  public static List<JsonNode> cases(String key) {
    JsonNode cases = read().required(key);
    if (cases.isEmpty()) {
      throw new IllegalStateException("no golden cases of " + key);
    }
    return StreamSupport.stream(cases.spliterator(), false).toList();
  }

  public static JsonNode read() {
    try (InputStream in = Golden.class.getResourceAsStream("golden.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToDouble(Golden::number).toArray();
  }

  public static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  public static float[][] rows(JsonNode array) {
    float[][] rows = new float[array.size()][];
    for (int row = 0; row < rows.length; row++) {
      double[] values = doubles(array.get(row));
      rows[row] = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        rows[row][i] = (float) values[i];
      }
    }
    return rows;
  }

  /** Returns the number under a key, which must be there. */
  public static double number(JsonNode object, String key) {
    return number(object.required(key));
  }

  private static double number(JsonNode node) {
    if (!node.isNumber()) {
      throw new IllegalStateException("expected a number, was " + node);
    }
    return node.doubleValue();
  }
}
