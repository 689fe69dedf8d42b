package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.TestImages;
import org.mien.data.iterator.FaceBatches;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class IdentityFoldersTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir Path root;

  @Test
  void lfwKeysAreNameAndNumberedFileInOrder() throws IOException {
    touch("B_C/B_C_0002.jpg", "B_C/B_C_0001.jpg", "A/A_0001.jpg", "a/a_0001.jpg");
    FaceManifest manifest = new LfwConfig(root, 1).open(SEEDS);
    assertEquals(
        List.of("A/A_0001.jpg", "B_C/B_C_0001.jpg", "B_C/B_C_0002.jpg", "a/a_0001.jpg"),
        keys(manifest));
    assertEquals("B_C", manifest.samples().get(1).identity());
    assertEquals(List.of(), manifest.skipped());
    assertEquals(root.getFileName().toString(), manifest.name());
  }

  @Test
  void lfwFilesOfOtherNamesAreListed() throws IOException {
    touch(
        "A/A_0001.jpg",
        "A/A_1.jpg",
        "A/A_0000.jpg",
        "A/A_0002.JPG",
        "A/B_0001.jpg",
        "A/A_00001.jpg",
        "A/.hidden",
        "readme.txt");
    FaceManifest manifest = new LfwConfig(root, 1).open(SEEDS);
    assertEquals(List.of("A/A_0001.jpg"), keys(manifest));
    assertEquals(
        List.of(
            "A/A_0000.jpg",
            "A/A_00001.jpg",
            "A/A_0002.JPG",
            "A/A_1.jpg",
            "A/B_0001.jpg",
            "readme.txt"),
        manifest.skipped().stream().map(Skipped::key).toList());
    assertEquals("expected a name such as A_0001.jpg", manifest.skipped().get(0).reason());
  }

  @Test
  void aFolderTakesImagesByExtensionInAnyCase() throws IOException {
    touch("x/1.JPG", "x/2.jpeg", "x/3.png", "x/4.pgm", "x/5.bmp", "x/6.txt", "x/7");
    Files.createDirectories(root.resolve("x/inner"));
    Files.createDirectories(root.resolve("nobody"));
    FaceManifest manifest = new FolderConfig(root, 1).open(SEEDS);
    assertEquals(List.of("x/1.JPG", "x/2.jpeg", "x/3.png", "x/4.pgm", "x/5.bmp"), keys(manifest));
    assertEquals(
        List.of("nobody", "x/6.txt", "x/7", "x/inner"),
        manifest.skipped().stream().map(Skipped::key).toList());
    assertEquals("holds no usable image", manifest.skipped().get(0).reason());
  }

  @Test
  void identitiesWithTooFewImagesAreLeftOutAndCounted() throws IOException {
    touch("A/1.jpg", "A/2.jpg", "A/3.jpg", "B/1.jpg", "B/2.jpg", "C/1.jpg");
    FaceManifest manifest = new FolderConfig(root, 3).open(SEEDS);
    assertEquals(List.of("A"), manifest.identities());
    assertEquals(
        List.of(
            new Skipped(
                "*",
                "2 identities with 3 images were left out: fewer than minimumImages (3) each")),
        manifest.skipped());
    DataException e =
        assertThrows(DataException.class, () -> new FolderConfig(root, 4).open(SEEDS));
    assertTrue(e.getMessage().contains("no identity with at least 4 usable images"));
    assertThrows(IllegalArgumentException.class, () -> new FolderConfig(root, 0));
    assertThrows(IllegalArgumentException.class, () -> new LfwConfig(root, 0));
  }

  @Test
  void aLinkThatLeavesTheFolderIsNotFollowed(@TempDir Path elsewhere) throws IOException {
    touch("A/1.jpg");
    Files.write(elsewhere.resolve("2.jpg"), new byte[] {1});
    Files.createSymbolicLink(root.resolve("A/2.jpg"), elsewhere.resolve("2.jpg"));
    Files.createSymbolicLink(root.resolve("B"), elsewhere);
    Files.createSymbolicLink(root.resolve("A/3.jpg"), root.resolve("A/1.jpg"));
    Files.createSymbolicLink(root.resolve("A/4.jpg"), root.resolve("A/none.jpg"));
    FaceManifest manifest = new FolderConfig(root, 1).open(SEEDS);
    assertEquals(List.of("A/1.jpg", "A/3.jpg"), keys(manifest));
    assertEquals(
        List.of("A/2.jpg", "A/4.jpg", "B"), manifest.skipped().stream().map(Skipped::key).toList());
    assertTrue(manifest.skipped().get(0).reason().contains("leaves the data set's folder"));
    assertTrue(manifest.skipped().get(2).reason().contains("leaves the data set's folder"));
  }

  @Test
  void theFolderItselfMayBeALink(@TempDir Path elsewhere) throws IOException {
    touch("A/1.jpg");
    Path link = Files.createSymbolicLink(elsewhere.resolve("set"), root);
    FaceManifest manifest = new FolderConfig(link, 1).open(SEEDS);
    assertEquals(List.of("A/1.jpg"), keys(manifest));
    assertEquals("set", manifest.name());
  }

  @Test
  void aMissingFolderIsNamedWithWhatWasExpected() {
    Path missing = root.resolve("none");
    DataException e =
        assertThrows(DataException.class, () -> new LfwConfig(missing, 1).open(SEEDS));
    assertTrue(e.getMessage().startsWith(missing + ": does not exist"), e.getMessage());
    assertTrue(e.getMessage().contains("MIEN_DATA"), e.getMessage());
    assertEquals(3, e.exitCode());
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws IOException {
    touch("file");
    Path file = root.resolve("file");
    DataException e = assertThrows(DataException.class, () -> new LfwConfig(file, 1).open(SEEDS));
    assertTrue(e.getMessage().startsWith(file + ": is not a folder"), e.getMessage());
  }

  @Test
  void aFolderWithNothingUsableSaysWhatItHolds() throws IOException {
    touch("lfw/Name/Name_0001.jpg", "lfw/notes.txt");
    DataException e = assertThrows(DataException.class, () -> new LfwConfig(root, 1).open(SEEDS));
    assertTrue(
        e.getMessage().contains("holds no identity with a usable image; lfw: holds no usable"),
        e.getMessage());
  }

  @Test
  void theOrderDoesNotDependOnTheLocale() throws IOException {
    touch("i/1.jpg", "I/1.jpg", "z/1.jpg", "ä/1.jpg", "Z/1.jpg");
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertEquals(
          List.of("I/1.jpg", "Z/1.jpg", "i/1.jpg", "z/1.jpg", "ä/1.jpg"),
          keys(new FolderConfig(root, 1).open(SEEDS)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aDamagedFileIsListedAndLosesNothingElse() throws IOException {
    touch("A/A_0001.jpg", "A/A_0002.jpg", "A/A_0003.jpg", "A/A_0004.jpg");
    byte[] good = TestImages.jpeg(40, 40, 3);
    Files.write(root.resolve("A/A_0001.jpg"), good);
    Files.write(root.resolve("A/A_0002.jpg"), Arrays.copyOf(good, 400));
    Files.writeString(root.resolve("A/A_0003.jpg"), "not an image");
    FaceManifest manifest = new LfwConfig(root, 1).open(SEEDS);
    FacePreprocessor faces = new FacePreprocessor(TestImages.plain(8, 8, new Crop.None()));
    try (FaceBatches batches = FaceBatches.of(manifest.samples(), faces, 4, 1)) {
      assertEquals(
          List.of("A/A_0001.jpg"), batches.next().samples().stream().map(FaceSample::key).toList());
      assertEquals(
          List.of("A/A_0002.jpg", "A/A_0003.jpg", "A/A_0004.jpg"),
          batches.skipped().stream().map(Skipped::key).toList());
      assertTrue(batches.skipped().get(0).reason().contains("truncated JPEG"));
    }
  }

  @Test
  @DataTest
  void lfwDeepFunneledHas4324ImagesOf158People() {
    Path folder = DataFolder.path().resolve("data/lfw/lfw-deepfunneled");
    FaceManifest manifest = new LfwConfig(folder, 1).open(SEEDS);
    assertEquals("lfw-deepfunneled", manifest.name());
    assertEquals(4324, manifest.samples().size());
    assertEquals(158, manifest.identities().size());
    assertEquals(List.of(), manifest.skipped());
    assertEquals(manifest, new FolderConfig(folder, 10).open(SEEDS));
    someDecode(manifest, 40);
  }

  @Test
  @DataTest
  void lfwAlignedHas7701ImagesOf4281People() {
    Path folder = DataFolder.path().resolve("data/lfw-aligned-112");
    FaceManifest manifest = new LfwConfig(folder, 1).open(SEEDS);
    assertEquals(7701, manifest.samples().size());
    assertEquals(4281, manifest.identities().size());
    assertEquals(List.of(), manifest.skipped());
    assertEquals(260, new LfwConfig(folder, 5).open(SEEDS).identities().size());
    someDecode(manifest, 40);
  }

  @Test
  @DataTest
  void orlHas400ImagesOf40People() {
    FaceManifest manifest = new FolderConfig(DataFolder.path().resolve("data/orl"), 1).open(SEEDS);
    assertEquals(400, manifest.samples().size());
    assertEquals(40, manifest.identities().size());
    assertEquals(List.of("README"), manifest.skipped().stream().map(Skipped::key).toList());
    someDecode(manifest, 40);
  }

  private static void someDecode(FaceManifest manifest, int count) {
    Random random = new Random(7);
    List<FaceSample> some =
        random.ints(count, 0, manifest.samples().size()).mapToObj(manifest.samples()::get).toList();
    FacePreprocessor faces = new FacePreprocessor(TestImages.plain(32, 32, new Crop.Centre(0.5)));
    int loaded = 0;
    try (FaceBatches batches = FaceBatches.of(some, faces, 16, 2, FaceBatches.Option.STRICT)) {
      while (batches.hasNext()) {
        loaded += batches.next().count();
      }
    }
    assertEquals(count, loaded);
  }

  private static List<String> keys(FaceManifest manifest) {
    return manifest.samples().stream().map(FaceSample::key).toList();
  }

  private void touch(String... files) throws IOException {
    for (String file : files) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[0]);
    }
  }
}
