package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Vectors that another framework computed, big-endian 32-bit floats in a resource. */
final class GoldenVectors {
  private static final double TOLERANCE = 1e-5;

  private GoldenVectors() {}

  static float[] read(String name) throws IOException {
    try (InputStream in = GoldenVectors.class.getResourceAsStream(name)) {
      byte[] bytes = in.readAllBytes();
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
      return values;
    }
  }

  /** No number may differ by more than 1e-5 of the largest. */
  static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    System.out.printf(
        "largest difference %.2e of %.2f, relative %.1e%n",
        difference, largest, difference / largest);
    assertTrue(difference <= TOLERANCE * largest, "differs by " + difference + " of " + largest);
  }
}
