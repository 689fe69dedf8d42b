package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.ImageRecord;
import org.mien.data.format.RecordIoWriter;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

final class RecordIoConfigTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir Path folder;

  /** As InsightFace's face2rec2.py writes it: images, then record 0, then identities. */
  private Path insightFace(int[] labels, float[][] ranges) throws IOException {
    Path file = folder.resolve("train.rec");
    try (RecordIoWriter writer = RecordIoWriter.create(file)) {
      int number = 1;
      for (int label : labels) {
        writer.write(
            number,
            new ImageRecord(2, new float[] {label, 1}, number, 0, TestImages.jpeg(16, 16, number)));
        number++;
      }
      writer.write(
          0, new ImageRecord(2, new float[] {number, number + ranges.length}, 0, 0, new byte[0]));
      for (float[] range : ranges) {
        writer.write(number, new ImageRecord(2, range, number, 0, new byte[0]));
        number++;
      }
      writer.finish();
    }
    return file;
  }

  private static List<String> keys(FaceManifest manifest) {
    return IntStream.range(0, manifest.samples().size()).mapToObj(manifest.samples()::key).toList();
  }

  @Test
  void imagesAreGroupedByTheRecordsOfIdentities() throws IOException {
    insightFace(new int[] {0, 0, 1, 1, 1}, new float[][] {{1, 3}, {3, 6}});
    FaceManifest manifest = new RecordIoConfig(folder).open(SEEDS);
    assertEquals(
        List.of(
            "0000000/00000001.jpg",
            "0000000/00000002.jpg",
            "0000001/00000003.jpg",
            "0000001/00000004.jpg",
            "0000001/00000005.jpg"),
        keys(manifest));
    assertSame(manifest.samples().identity(2), manifest.samples().identity(4));
    FaceSample sample = manifest.samples().get(3);
    Path alone = folder.resolve("alone.jpg");
    Files.write(alone, TestImages.jpeg(16, 16, 4));
    assertArrayEquals(
        new FileImageSource(alone).decode().rgb(), sample.image().read().image().rgb());
    assertEquals(new FileImageSource(alone).fingerprint(), sample.image().fingerprint());
    assertEquals(sample.image().fingerprint(), sample.image().read().fingerprint());
    assertEquals(folder.getFileName().toString(), manifest.name());
  }

  @Test
  void aFileWithoutItsIndexGivesTheSameSet() throws IOException {
    Path file = insightFace(new int[] {0, 0, 1}, new float[][] {{1, 3}, {3, 4}});
    FaceManifest indexed = new RecordIoConfig(file).open(SEEDS);
    Files.delete(folder.resolve("train.idx"));
    FaceManifest walked = new RecordIoConfig(file).open(SEEDS);
    assertEquals(keys(indexed), keys(walked));
    assertEquals(
        indexed.samples().get(2).image().fingerprint(),
        walked.samples().get(2).image().fingerprint());
    assertEquals("train", walked.name());
  }

  @Test
  void rangesThatDisagreeWithTheLabelsAtTheirEndsAreNotBelieved() throws IOException {
    Path file = insightFace(new int[] {7, 8, 8}, new float[][] {{1, 3}, {3, 4}});
    assertEquals(
        List.of("0000007/00000001.jpg", "0000008/00000002.jpg", "0000008/00000003.jpg"),
        keys(new RecordIoConfig(file).open(SEEDS)));
    Path gap = insightFace(new int[] {7, 7, 8}, new float[][] {{1, 2}, {3, 4}});
    assertEquals(List.of("0000007", "0000008"), new RecordIoConfig(gap).open(SEEDS).identities());
  }

  @Test
  void anImageWhoseLabelDisagreesInsideARangeIsRefusedWhenItIsDecoded() throws IOException {
    Path file = insightFace(new int[] {7, 8, 7}, new float[][] {{1, 4}});
    FaceManifest manifest = new RecordIoConfig(file).open(SEEDS);
    assertEquals(List.of("0000007"), manifest.identities());
    assertEquals(16, manifest.samples().get(0).image().decode().width());
    DataException error =
        assertThrows(DataException.class, () -> manifest.samples().get(1).image().decode());
    assertTrue(
        error.getMessage().contains("record 2 at byte ")
            && error.getMessage().contains("has the label 8.0"),
        error.getMessage());
  }

  @Test
  void plainFilesAreNumberedFromZeroAndNamedByTheirList() throws IOException {
    Path file = folder.resolve("plain.rec");
    try (RecordIoWriter writer = RecordIoWriter.create(file)) {
      for (int i = 0; i < 4; i++) {
        writer.write(i, new ImageRecord(i % 2 == 0 ? 5 : 9, i, TestImages.jpeg(8, 8, i)));
      }
      writer.finish();
    }
    assertEquals(
        List.of(
            "0000005/00000000.jpg",
            "0000009/00000001.jpg",
            "0000005/00000002.jpg",
            "0000009/00000003.jpg"),
        keys(new RecordIoConfig(file).open(SEEDS)));
    Path list =
        Files.writeString(
            folder.resolve("plain.lst"),
            "0\t5.000000\tAnn/1.jpg\n1\t9\tx/Bob\\1.jpg\n2\t5\tAnn/2.jpg\n");
    FaceManifest named = new RecordIoConfig(file, 1, Optional.of(list)).open(SEEDS);
    assertEquals(List.of("Ann", "Bob"), named.identities());
    assertEquals("Bob/00000003.jpg", named.samples().key(3));
    for (String wrong :
        List.of(
            "0\t5\tAnn/1.jpg\n1\t5\tBob/1.jpg\n",
            "0\t5\tA/1\n1\t9\tA/2\n",
            "0\t5\tA/1\n1\t9.5\tB/1\n")) {
      Files.writeString(list, wrong);
      DataException error =
          assertThrows(
              DataException.class,
              () -> new RecordIoConfig(file, 1, Optional.of(list)).open(SEEDS));
      assertTrue(error.getMessage().contains("plain.lst:2: "), error.getMessage());
    }
  }

  @Test
  void identitiesWithTooFewImagesAreLeftOutAndCounted() throws IOException {
    Path file = insightFace(new int[] {0, 1, 1}, new float[][] {{1, 2}, {2, 4}});
    Files.writeString(folder.resolve("property"), "3,112,112\n");
    FaceManifest manifest = new RecordIoConfig(file, 2, Optional.empty()).open(SEEDS);
    assertEquals(List.of("0000001/00000002.jpg", "0000001/00000003.jpg"), keys(manifest));
    assertEquals(2, manifest.skipped().size());
    assertTrue(
        manifest.skipped().get(0).reason().startsWith("says 3 identities; the records have 2"));
    assertTrue(manifest.skipped().get(1).reason().startsWith("1 identities with 1 images"));
    DataException error =
        assertThrows(
            DataException.class, () -> new RecordIoConfig(file, 9, Optional.empty()).open(SEEDS));
    assertTrue(error.getMessage().contains("at least 9"), error.getMessage());
  }

  @Test
  void labelsThatAreNoNumberOfAnIdentityAreRefused() throws IOException {
    for (float label : new float[] {-1, 0.5f, Float.NaN, 1e9f}) {
      Path file = folder.resolve("odd.rec");
      try (RecordIoWriter writer = RecordIoWriter.create(file)) {
        writer.write(0, new ImageRecord(label, 0, new byte[] {1}));
        writer.finish();
      }
      DataException error =
          assertThrows(DataException.class, () -> new RecordIoConfig(file).open(SEEDS));
      assertTrue(error.getMessage().contains("record 0 has the label"), error.getMessage());
    }
  }

  @Test
  void aFolderMustSayWhichFileIsMeant() throws IOException {
    DataException none =
        assertThrows(DataException.class, () -> new RecordIoConfig(folder).open(SEEDS));
    assertTrue(none.getMessage().contains("holds no RecordIO file"), none.getMessage());
    Files.write(folder.resolve("a.rec"), new byte[0]);
    Files.write(folder.resolve("b.rec"), new byte[0]);
    DataException two =
        assertThrows(DataException.class, () -> new RecordIoConfig(folder).open(SEEDS));
    assertTrue(two.getMessage().contains("name one of a.rec b.rec"), two.getMessage());
    DataException empty =
        assertThrows(
            DataException.class, () -> new RecordIoConfig(folder.resolve("a.rec")).open(SEEDS));
    assertTrue(empty.getMessage().contains("holds no image"), empty.getMessage());
  }
}
