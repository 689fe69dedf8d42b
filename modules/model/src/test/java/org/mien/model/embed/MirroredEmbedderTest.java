package org.mien.model.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mien.model.file.SmallModels;
import org.mien.model.onnx.RandomGraph;
import org.mien.model.onnx.TinyOnnx;

class MirroredEmbedderTest {
  private static final int SIDE = TinyOnnx.SIDE;

  private static float[] mirrored(float[] images) {
    float[] result = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      result[i / SIDE * SIDE + SIDE - 1 - i % SIDE] = images[i];
    }
    return result;
  }

  @Test
  void anImageAndItsMirrorImageHaveTheSameVectorBetweenTheTwo() {
    try (OnnxEmbedder plain =
            OnnxEmbedder.of(
                new TinyOnnx().file(),
                SmallModels.preprocessing(),
                new OnnxEmbedder.Options(2, Optional.empty()));
        Embedder averaged = new MirroredEmbedder(plain)) {
      float[] images = RandomGraph.numbers(5 * 3 * SIDE * SIDE, 4);
      float[] there = plain.embed(images, 5);
      float[] back = plain.embed(mirrored(images), 5);
      float[] mean = new float[there.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (there[i] + back[i]) / 2;
      }
      assertNotEquals(there[0], back[0], 1e-3f);
      assertArrayEquals(mean, averaged.embed(images, 5), 1e-6f);
      assertArrayEquals(mean, averaged.embed(mirrored(images), 5), 1e-6f);
      assertNotEquals(plain.fingerprint(), averaged.fingerprint());
      assertTrue(averaged.engine().startsWith(plain.engine()));
    }
  }
}
