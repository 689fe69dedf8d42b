package org.mien.model.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import onnx.Onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;

class OnnxModelFileTest {
  @TempDir Path folder;

  private Path written(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = written(bytes);
    String message = assertThrows(DataException.class, () -> OnnxModelFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  @Test
  void theFingerprintIsThatOfTheBytes() throws IOException {
    Path file = written(new TinyOnnx().build().toByteArray());
    assertEquals(Fingerprint.ofFile(file), OnnxModelFile.read(file).sha256());
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = new TinyOnnx().build().toByteArray();
    for (int length = 0; length < whole.length; length += 1 + whole.length / 50) {
      refusal(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void randomBytesAreRefused() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      byte[] bytes = new byte[2000];
      new SplittableRandom(seed).nextBytes(bytes);
      refusal(bytes);
    }
  }

  @Test
  void aTextFileIsRefused() throws IOException {
    refusal("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(UTF_8));
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing.onnx");
    DataException error = assertThrows(DataException.class, () -> OnnxModelFile.read(missing));
    assertEquals(missing + ": no such file; an ONNX model was expected", error.getMessage());
  }

  @Test
  void weightsInAnotherFileAreRefused() throws IOException {
    Onnx.ModelProto.Builder model = new TinyOnnx().build().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            Onnx.StringStringEntryProto.newBuilder()
                .setKey("location")
                .setValue("../../../etc/passwd"));
    String message = refusal(model.build().toByteArray());
    assertTrue(message.contains("the tensor weight is kept in another file"), message);
  }
}
