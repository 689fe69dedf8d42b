package org.mien.data.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.VerificationBin;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.data.source.BinConfig;
import org.mien.data.source.FolderConfig;
import org.mien.data.source.RecordIoConfig;
import org.mien.data.source.SyntheticConfig;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class ExportTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir Path folder;

  /** "a-b" comes before "a" among keys and after it among identities. */
  private FaceManifest people() throws IOException {
    int seed = 0;
    for (String file : List.of("a/1.jpg", "a/2.jpg", "a-b/1.jpg", "c/9.jpg", "c/10.jpg")) {
      Path path = folder.resolve("people").resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, TestImages.jpeg(24, 16, seed++));
    }
    return new FolderConfig(folder.resolve("people"), 1).open(SEEDS);
  }

  private static Map<String, String> identityOfBytes(FaceManifest manifest) {
    Map<String, String> identities = new HashMap<>();
    manifest
        .samples()
        .forEach(sample -> identities.put(sample.image().fingerprint(), sample.identity()));
    return identities;
  }

  @Test
  void aFolderWrittenAsRecordIoHasTheSameBytesOfTheSamePeople() throws IOException {
    FaceManifest people = people();
    Path out = folder.resolve("out");
    RecordIoExport.Written written = RecordIoExport.write(people, out, Progress.silent());
    assertEquals(new RecordIoExport.Written(5, 3, out.resolve("train.rec")), written);
    assertEquals("3,16,24\n", Files.readString(out.resolve("property")));
    assertEquals("1\t0\ta/1.jpg", Files.readAllLines(out.resolve("train.lst")).get(0));
    FaceManifest read =
        new RecordIoConfig(out, 1, Optional.of(out.resolve("train.lst"))).open(SEEDS);
    assertEquals(identityOfBytes(people), identityOfBytes(read));
    assertEquals(List.of(), read.skipped());
    assertEquals(
        List.of("0000000", "0000001", "0000002"), new RecordIoConfig(out).open(SEEDS).identities());
    Path again = folder.resolve("again");
    RecordIoExport.write(read, again, Progress.silent());
    assertEquals(-1, Files.mismatch(out.resolve("train.rec"), again.resolve("train.rec")));
    assertEquals(-1, Files.mismatch(out.resolve("train.idx"), again.resolve("train.idx")));
  }

  @Test
  void pairsWrittenAsBinHaveTheSameBytesInTheirOrder() throws IOException {
    FaceManifest people = people();
    PairList pairs =
        new PairList(
            "pairs",
            List.of(
                new Pair("a/1.jpg", "a", "a/2.jpg", "a", true, 0),
                new Pair("a/1.jpg", "a", "a-b/1.jpg", "a-b", false, 0)),
            1);
    Path file = folder.resolve("pairs.bin");
    BinExport.write(pairs, people.samples(), file, Progress.silent());
    VerificationBin bin = VerificationBin.read(file);
    assertTrue(bin.genuine(0));
    assertFalse(bin.genuine(1));
    BinConfig.Opened opened = new BinConfig(file).openWithPairs(2);
    assertEquals(
        opened.manifest().samples().get(0).image().fingerprint(),
        opened.manifest().samples().get(2).image().fingerprint());
    assertEquals(
        "a-b",
        identityOfBytes(people).get(opened.manifest().samples().get(3).image().fingerprint()));
    assertEquals("person-000000", opened.manifest().samples().identity(2));
    PairList other =
        new PairList("other", List.of(new Pair("a/1.jpg", "a", "x/1.jpg", "x", false, 0)), 1);
    DataException error =
        assertThrows(
            DataException.class,
            () -> BinExport.write(other, people.samples(), file, Progress.silent()));
    assertTrue(error.getMessage().contains("names x/1.jpg"), error.getMessage());
  }

  @Test
  void drawnFacesHaveNoBytesToWrite() throws IOException {
    FaceManifest drawn = new SyntheticConfig(0, 1, 1, 32, 1).open(SEEDS);
    Path out = folder.resolve("drawn");
    DataException error =
        assertThrows(
            DataException.class, () -> RecordIoExport.write(drawn, out, Progress.silent()));
    assertTrue(error.getMessage().contains("has no bytes to write"), error.getMessage());
    try (var left = Files.list(out)) {
      assertEquals(0, left.count(), "nothing half-written is left");
    }
  }

  @Test
  @DataTest
  void realFacesComeBackFromRecordIo() {
    FaceManifest faces =
        new FolderConfig(DataFolder.path().resolve("data/caltech-faces"), 1).open(SEEDS);
    RecordIoExport.write(faces, folder.resolve("caltech"), Progress.silent());
    FaceManifest read =
        new RecordIoConfig(
                folder.resolve("caltech"),
                1,
                Optional.of(folder.resolve("caltech").resolve("train.lst")))
            .open(SEEDS);
    assertEquals(410, read.samples().size());
    assertEquals(identityOfBytes(faces), identityOfBytes(read));
  }
}
