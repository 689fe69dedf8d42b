package org.mien.trainer.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;

final class FeatureCacheTest {
  private static final String IMAGE_A = new Fingerprint().add("a").hex();
  private static final String IMAGE_B = new Fingerprint().add("b").hex();

  @TempDir private Path folder;

  private FeatureCache open() {
    return FeatureCache.open(folder, "backbone", "preprocessing", 3);
  }

  private static float[] read(FeatureCache cache, String image) {
    float[] target = new float[5];
    assertTrue(cache.read(image, target, 1));
    return target;
  }

  @Test
  void whatWasWrittenIsReadAfterOpeningAgain() {
    try (FeatureCache cache = open()) {
      cache.write(IMAGE_A, new float[] {9, 1, 2, 3}, 1);
      cache.write(IMAGE_B, new float[] {4, 5, 6}, 0);
    }
    try (FeatureCache cache = open()) {
      assertEquals(2, cache.size());
      assertArrayEquals(new float[] {0, 1, 2, 3, 0}, read(cache, IMAGE_A));
      assertArrayEquals(new float[] {0, 4, 5, 6, 0}, read(cache, IMAGE_B));
      assertFalse(cache.read(new Fingerprint().add("c").hex(), new float[3], 0));
    }
  }

  @Test
  void anotherBackboneOrPreprocessingHasItsOwnFile() {
    try (FeatureCache cache = open()) {
      cache.write(IMAGE_A, new float[] {1, 2, 3}, 0);
      try (FeatureCache other = FeatureCache.open(folder, "backbone", "another", 3)) {
        assertFalse(other.read(IMAGE_A, new float[3], 0));
      }
      try (FeatureCache other = FeatureCache.open(folder, "another", "preprocessing", 3)) {
        assertFalse(other.read(IMAGE_A, new float[3], 0));
      }
    }
  }

  @Test
  void aTailCutShortIsDroppedAndTheRestKept() throws IOException {
    Path file;
    try (FeatureCache cache = open()) {
      cache.write(IMAGE_A, new float[] {1, 2, 3}, 0);
      cache.write(IMAGE_B, new float[] {4, 5, 6}, 0);
      file = cache.file();
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    try (FeatureCache cache = open()) {
      assertEquals(1, cache.size());
      cache.write(IMAGE_B, new float[] {7, 8, 9}, 0);
    }
    try (FeatureCache cache = open()) {
      assertArrayEquals(new float[] {0, 1, 2, 3, 0}, read(cache, IMAGE_A));
      assertArrayEquals(new float[] {0, 7, 8, 9, 0}, read(cache, IMAGE_B));
    }
  }

  @Test
  void aRecordWithAFlippedBitIsNotServed() throws IOException {
    Path file;
    try (FeatureCache cache = open()) {
      cache.write(IMAGE_A, new float[] {1, 2, 3}, 0);
      file = cache.file();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10] ^= 1;
    Files.write(file, bytes);
    try (FeatureCache cache = open()) {
      assertFalse(cache.read(IMAGE_A, new float[3], 0));
    }
  }

  @Test
  void aForeignFileIsRefusedRatherThanOverwritten() throws IOException {
    Path file;
    try (FeatureCache cache = open()) {
      file = cache.file();
    }
    byte[] foreign = new byte[200];
    Files.write(file, foreign);
    DataException error = assertThrows(DataException.class, this::open);
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    assertArrayEquals(foreign, Files.readAllBytes(file));
  }

  @Test
  void aSecondUserIsRefusedWhileTheFirstHoldsIt() {
    try (FeatureCache cache = open()) {
      ConfigException error = assertThrows(ConfigException.class, this::open);
      assertTrue(error.getMessage().contains(cache.file().toString()), error.getMessage());
    }
    open().close();
  }
}
