package org.mien.model.weights;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/**
 * Whatever the bytes of a manifest beside a file of eight bytes, it is read or refused with a
 * {@link DataException}.
 */
final class TfjsWeightsFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyManifestIsReadOrRefused(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("fuzzed");
    Path manifest = folder.resolve("m");
    Path shard = folder.resolve("s");
    try {
      Files.write(shard, new byte[8]);
      Files.write(manifest, bytes);
      StateDictionary weights = TfjsWeights.read(manifest);
      weights.shapes().keySet().forEach(weights::values);
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(manifest);
      Files.delete(shard);
      Files.delete(folder);
    }
  }
}
