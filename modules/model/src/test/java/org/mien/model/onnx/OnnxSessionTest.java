package org.mien.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;

/** Several copies on the processor stand for one on each of several GPUs. */
final class OnnxSessionTest {
  private static final byte[] MODEL = new TinyOnnx().build().toByteArray();

  /** A network that cannot be loaded at some attempts, as where a GPU's memory is taken. */
  private static OnnxSession.Source failingAt(List<Integer> attempts, AtomicInteger made) {
    return (environment, options) -> {
      if (attempts.contains(made.getAndIncrement())) {
        throw new OrtException("out of memory");
      }
      return environment.createSession(MODEL, options);
    };
  }

  private static OnnxSession.Options copies(int count) {
    return new OnnxSession.Options(
        Provider.CPU, 1, IntStream.range(0, count).boxed().toList(), Optional.empty());
  }

  private static float[] run(OnnxSession session) {
    ByteBuffer image = ByteBuffer.allocateDirect(3 * 64 * 4).order(ByteOrder.nativeOrder());
    return session.run(image.asFloatBuffer(), new long[] {1, 3, 8, 8}).values();
  }

  @Test
  void aCopyThatCannotBeMadeIsLeftOut() {
    AtomicInteger made = new AtomicInteger();
    try (OnnxSession all = OnnxSession.open(failingAt(List.of(), made), "tiny", copies(3));
        OnnxSession some =
            OnnxSession.open(failingAt(List.of(1), new AtomicInteger()), "tiny", copies(3))) {
      assertEquals(3, made.get());
      assertEquals(3, all.copies());
      assertEquals(2, some.copies());
      for (int i = 0; i < 4; i++) {
        assertArrayEquals(run(all), run(some));
      }
    }
  }

  @Test
  void theFirstCopyHasToBeMade() {
    DataException error =
        assertThrows(
            DataException.class,
            () ->
                OnnxSession.open(
                    failingAt(List.of(0), new AtomicInteger()), "tiny.onnx", copies(2)));
    assertEquals(true, error.getMessage().startsWith("tiny.onnx: "), error.getMessage());
  }

  @Test
  void aClosedOneSaysSo() {
    OnnxSession session =
        OnnxSession.open(failingAt(List.of(), new AtomicInteger()), "t", copies(2));
    session.close();
    session.close();
    assertThrows(IllegalStateException.class, () -> run(session));
  }
}
