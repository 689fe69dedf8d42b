package org.mien.model.weights;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights that {@code benchmarks/parity/resnet_formula.py} gives to torchvision's networks: a
 * pure function of a tensor's name and an element's index.
 */
public final class FormulaWeights implements StateDictionary {
  private final Map<String, List<Long>> shapes;

  public FormulaWeights(Map<String, List<Long>> shapes) {
    this.shapes = new LinkedHashMap<>(shapes);
  }

  /** {@code count} images of 3 x height x width, uniform in [-2, 2). */
  public static float[] images(int count, int height, int width) {
    float[] pixels = new float[count * 3 * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (uniform("images", i) * 4 - 2);
    }
    return pixels;
  }

  @Override
  public String origin() {
    return "formula";
  }

  @Override
  public Map<String, List<Long>> shapes() {
    return shapes;
  }

  @Override
  public float[] values(String name) {
    List<Long> shape = shapes.get(name);
    int count = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
    double bound = shape.size() > 1 && count > 0 ? Math.sqrt(6.0 / (count / shape.get(0))) : 0;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double u = uniform(name, i);
      if (shape.size() > 1) {
        u = (u * 2 - 1) * bound;
      } else if (name.endsWith("running_var")) {
        u = 0.5 + u;
      } else if (name.endsWith("weight")) {
        u = 0.3 + 0.4 * u;
      } else {
        u = (u - 0.5) * 0.2;
      }
      values[i] = (float) u;
    }
    return values;
  }

  private static double uniform(String name, int index) {
    long seed = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      seed = (seed ^ (b & 0xFF)) * 0x100000001B3L;
    }
    long z = seed + (index + 1L) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 40) * 0x1p-24;
  }
}
