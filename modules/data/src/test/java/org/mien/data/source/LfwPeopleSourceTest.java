package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.Skipped;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class LfwPeopleSourceTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir Path root;

  private FaceManifest open(Path people, Optional<Integer> fold) {
    return new LfwConfig(root.resolve("lfw"), 1, Optional.of(people), fold).open(SEEDS);
  }

  private void touch(String... files) throws IOException {
    for (String file : files) {
      Path path = root.resolve("lfw").resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[0]);
    }
  }

  @Test
  void onlyTheListedPeopleAndImagesAreTaken() throws IOException {
    touch("A/A_0001.jpg", "A/A_0003.jpg", "B/B_0001.jpg", "C/C_0001.jpg", "C/C_0002.jpg");
    Path people = Files.writeString(root.resolve("people.txt"), "2\n1\nA\t2\n2\nC\t3\nD\t4\n");
    FaceManifest all = open(people, Optional.empty());
    assertEquals(List.of("A", "C"), all.identities());
    assertEquals(
        List.of("A/A_0001.jpg", "C/C_0001.jpg", "C/C_0002.jpg"),
        IntStream.range(0, 3).mapToObj(all.samples()::key).toList());
    assertEquals(
        List.of(
            new Skipped("*", "1 people whom people.txt names, with 4 images, are missing"),
            new Skipped(
                "*", "2 images that people.txt counts, of 2 people who are there, are missing"),
            new Skipped("*", "1 identities were left out: not among those asked for"),
            new Skipped(
                "A/A_0003.jpg", "is numbered above the 2 images that the list of people counts")),
        all.skipped());
    assertEquals(List.of("A"), open(people, Optional.of(1)).identities());
    assertEquals(List.of("C"), open(people, Optional.of(2)).identities());
    DataException error = assertThrows(DataException.class, () -> open(people, Optional.of(3)));
    assertTrue(error.getMessage().contains("has 2 sets; peopleFold asks for 3"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LfwConfig(root, 1, Optional.empty(), Optional.of(1)));
  }

  @Test
  @DataTest
  void theListsSelectFromTheImagesAtHand() {
    Path lfw = DataFolder.path().resolve("data/lfw");
    Path images = lfw.resolve("lfw-deepfunneled");
    FaceManifest train =
        new LfwConfig(images, 1, Optional.of(lfw.resolve("peopleDevTrain.txt")), Optional.empty())
            .open(SEEDS);
    FaceManifest test =
        new LfwConfig(images, 1, Optional.of(lfw.resolve("peopleDevTest.txt")), Optional.empty())
            .open(SEEDS);
    assertEquals(158, train.identities().size() + test.identities().size());
    assertEquals(4324, train.samples().size() + test.samples().size());
    FaceManifest all =
        new LfwConfig(images, 1, Optional.of(lfw.resolve("people.txt")), Optional.empty())
            .open(SEEDS);
    assertEquals(4324, all.samples().size());
    assertEquals(
        List.of(
            new Skipped("*", "5591 people whom people.txt names, with 8909 images, are missing")),
        all.skipped());
  }
}
