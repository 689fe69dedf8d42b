package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.VerificationBin;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.BinPairs;
import org.mien.data.protocol.Pair;

final class BinConfigTest {
  @TempDir Path folder;

  private static VerificationBin bin(long genuine, int... images) {
    List<byte[]> bytes = new ArrayList<>();
    for (int image : images) {
      bytes.add(new byte[] {(byte) image});
    }
    return VerificationBin.of(bytes, BitSet.valueOf(new long[] {genuine}));
  }

  @Test
  void imagesArePairedInTheirOrder() throws IOException {
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      images.add(TestImages.jpeg(16, 12, i));
    }
    Path file = folder.resolve("agedb_30.bin");
    VerificationBin.of(images, BitSet.valueOf(new long[] {0b101})).write(file);
    BinConfig.Opened opened = new BinConfig(file).openWithPairs(3);
    assertEquals("agedb_30", opened.manifest().name());
    assertEquals(6, opened.manifest().samples().size());
    assertEquals(
        List.of(
            new Pair("000000.jpg", "person-000000", "000001.jpg", "person-000000", true, 0),
            new Pair("000002.jpg", "person-000002", "000003.jpg", "person-000003", false, 1),
            new Pair("000004.jpg", "person-000004", "000005.jpg", "person-000004", true, 2)),
        opened.pairs().pairs().pairs());
    FaceManifest manifest = new BinConfig(file).open(new SeedStreams(1));
    assertEquals(16, manifest.samples().get(4).image().decode().width());
    Set<String> keys = manifest.samples().stream().map(FaceSample::key).collect(Collectors.toSet());
    assertTrue(keys.containsAll(opened.pairs().pairs().keys()));
    assertEquals("person-000004", manifest.samples().identity(5));
  }

  @Test
  void equalImagesAndGenuinePairsMakeOnePersonAndContradictionsAreLeftOut() {
    // Images 0-1 genuine, 2-3 genuine, 4-5 impostor, 6-7 impostor; 4 equals 1, 5 equals 2, 6 equals
    // 0, 7 equals 1.
    BinPairs pairs = BinPairs.of("set", bin(0b0011, 1, 2, 3, 4, 2, 3, 1, 2), 2);
    assertEquals(
        List.of(
            "person-000000",
            "person-000000",
            "person-000002",
            "person-000002",
            "person-000000",
            "person-000002",
            "person-000000",
            "person-000000"),
        pairs.identities());
    assertEquals(3, pairs.pairs().pairs().size());
    assertEquals(1, pairs.contradictions().size());
    assertEquals("pair 3", pairs.contradictions().get(0).key());
    assertEquals(List.of(0, 0, 1), pairs.pairs().pairs().stream().map(Pair::fold).toList());
  }

  @Property(tries = 200)
  void foldsAreThoseOfScikitLearnsKFold(
      @ForAll @IntRange(min = 1, max = 60) int pairs,
      @ForAll @IntRange(min = 1, max = 12) int folds) {
    int[] images = new int[2 * pairs];
    for (int i = 0; i < images.length; i++) {
      images[i] = i;
    }
    VerificationBin bin = bin(0, images);
    if (pairs < folds) {
      assertThrows(DataException.class, () -> BinPairs.of("set", bin, folds));
      return;
    }
    List<Pair> list = BinPairs.of("set", bin, folds).pairs().pairs();
    // KFold: the first n % k folds have n / k + 1 samples, the others n / k.
    int at = 0;
    for (int fold = 0; fold < folds; fold++) {
      int size = pairs / folds + (fold < pairs % folds ? 1 : 0);
      for (int i = 0; i < size; i++) {
        assertEquals(fold, list.get(at++).fold());
      }
    }
    assertEquals(pairs, at);
  }

  @Test
  void aSetThatPythonPickledIsOpened() throws IOException {
    Path file = folder.resolve("patches.bin");
    try (InputStream in = VerificationBin.class.getResourceAsStream("arrays-protocol4.bin")) {
      Files.copy(in, file);
    }
    BinConfig.Opened opened = new BinConfig(file).openWithPairs(1);
    assertEquals(2, opened.pairs().pairs().genuineCount());
    assertEquals(8, opened.manifest().samples().get(0).image().decode().height());
    DataException error =
        assertThrows(DataException.class, () -> new BinConfig(file).openWithPairs(10));
    assertTrue(error.getMessage().contains("has 3 pairs for 10 folds"), error.getMessage());
  }
}
