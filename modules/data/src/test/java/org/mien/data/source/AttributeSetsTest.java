package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/** Sets that label images and not people. */
final class AttributeSetsTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir Path root;

  private void touch(String... files) throws IOException {
    for (String file : files) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[0]);
    }
  }

  private static List<String> keys(FaceManifest manifest) {
    return manifest.samples().stream().map(FaceSample::key).toList();
  }

  private static List<String> skippedKeys(FaceManifest manifest) {
    return manifest.skipped().stream().map(Skipped::key).toList();
  }

  @Test
  void utkFacesNamesSayAgeGenderAndEthnicity() throws IOException {
    touch(
        "26_1_2_20170116174525125.jpg.chip.jpg",
        "part1/116_0_4_20170109150557335.jpg",
        "part1/1_0_0_20161219140623097.jpg");
    FaceManifest manifest = new UtkFaceConfig(root).open(SEEDS);
    assertEquals(
        List.of(
            "26_1_2_20170116174525125.jpg.chip.jpg",
            "part1/116_0_4_20170109150557335.jpg",
            "part1/1_0_0_20161219140623097.jpg"),
        keys(manifest));
    FaceSample first = manifest.samples().get(0);
    assertEquals(Map.of("age", "26", "gender", "female", "ethnicity", "asian"), first.attributes());
    assertEquals(first.key(), first.identity());
    assertEquals(
        Map.of("age", "116", "gender", "male", "ethnicity", "other"),
        manifest.samples().get(1).attributes());
    assertEquals(3, manifest.identities().size());
  }

  @Test
  void utkFacesIncompleteNamesAreListed() throws IOException {
    touch(
        "26_1_2_20170116174525125.jpg",
        "61_1_20170109142408075.jpg.chip.jpg", // of the published set
        "117_0_0_20170109142408075.jpg",
        "26_2_0_20170109142408075.jpg",
        "26_0_5_20170109142408075.jpg",
        "notes.txt",
        "part1/inner/notes.txt");
    FaceManifest manifest = new UtkFaceConfig(root).open(SEEDS);
    assertEquals(1, manifest.samples().size());
    assertEquals(
        List.of(
            "117_0_0_20170109142408075.jpg",
            "26_0_5_20170109142408075.jpg",
            "26_2_0_20170109142408075.jpg",
            "61_1_20170109142408075.jpg.chip.jpg",
            "notes.txt",
            "part1/inner"),
        skippedKeys(manifest));
    DataException error =
        assertThrows(
            DataException.class, () -> new UtkFaceConfig(root.resolve("part1")).open(SEEDS));
    assertTrue(error.getMessage().contains("holds no image with a name such as"));
  }

  @Test
  void foldersOfExpressionsMayHaveALevelOfParts() throws IOException {
    touch("test/Happy/2.png", "train/happy/1.png", "train/sad/1.jpg", "train/x.txt", "y.txt");
    touch("train/sad/notes.md");
    FaceManifest all = new ExpressionFoldersConfig(root, Optional.empty()).open(SEEDS);
    assertEquals(List.of("test/Happy/2.png", "train/happy/1.png", "train/sad/1.jpg"), keys(all));
    assertEquals(Map.of("expression", "happy", "part", "test"), all.samples().get(0).attributes());
    assertEquals("test/Happy/2.png", all.samples().identity(0));
    assertEquals(List.of("train/sad/notes.md", "train/x.txt", "y.txt"), skippedKeys(all));
    FaceManifest train = new ExpressionFoldersConfig(root, Optional.of("train")).open(SEEDS);
    assertEquals(List.of("train/happy/1.png", "train/sad/1.jpg"), keys(train));
    FaceManifest flat =
        new ExpressionFoldersConfig(root.resolve("train"), Optional.empty()).open(SEEDS);
    assertEquals(Map.of("expression", "sad"), flat.samples().get(1).attributes());
    DataException error =
        assertThrows(
            DataException.class,
            () -> new ExpressionFoldersConfig(root, Optional.of("dev")).open(SEEDS));
    assertTrue(error.getMessage().contains("its parts are [test, train]"), error.getMessage());
  }

  private static String pixels(byte[] grey) {
    List<String> numbers = new ArrayList<>();
    for (byte value : grey) {
      numbers.add(String.valueOf(value & 0xFF));
    }
    return String.join(" ", numbers);
  }

  private static byte[] grey(int seed) {
    byte[] grey = new byte[48 * 48];
    new Random(seed).nextBytes(grey);
    return grey;
  }

  private FaceManifest ferCsv(String text, Optional<String> usage) throws IOException {
    Path file = Files.writeString(root.resolve("fer2013.csv"), text);
    return new FerCsvConfig(file, usage).open(SEEDS);
  }

  @Test
  void fersTableIsDecodedWhereItLies() throws IOException {
    byte[] first = grey(1);
    byte[] second = grey(2);
    String text =
        "emotion,pixels,Usage\r\n3,"
            + pixels(first)
            + ",Training\r\n0,\""
            + pixels(second)
            + "\",PublicTest\r\n";
    FaceManifest manifest = ferCsv(text, Optional.empty());
    assertEquals("fer2013", manifest.name());
    assertEquals(List.of("Training/line-000002", "PublicTest/line-000003"), keys(manifest));
    assertEquals(
        Map.of("expression", "angry", "part", "PublicTest"),
        manifest.samples().get(1).attributes());
    FingerprintedImage read = manifest.samples().get(1).image().read();
    RawImage image = read.image();
    byte[] red = new byte[second.length];
    byte[] blue = new byte[second.length];
    for (int i = 0; i < second.length; i++) {
      red[i] = image.rgb()[3 * i];
      blue[i] = image.rgb()[3 * i + 2];
    }
    assertArrayEquals(second, red);
    assertArrayEquals(second, blue);
    assertEquals(48, image.width());
    assertEquals(manifest.samples().get(1).image().fingerprint(), read.fingerprint());
    assertEquals(List.of("Training/line-000002"), keys(ferCsv(text, Optional.of("Training"))));
    DataException error =
        assertThrows(DataException.class, () -> ferCsv(text, Optional.of("training")));
    assertTrue(error.getMessage().contains("[Training, PublicTest]"), error.getMessage());
  }

  @Test
  void fersColumnsMayBeInAnyOrderAndUsageMayLack() throws IOException {
    FaceManifest manifest = ferCsv("Usage, pixels,emotion\n,1 2,6\n", Optional.empty());
    assertEquals(List.of("line-000002"), keys(manifest));
    assertEquals(Map.of("expression", "neutral"), manifest.samples().get(0).attributes());
    FaceManifest two = ferCsv("pixels,emotion\n" + pixels(grey(3)) + ",1", Optional.empty());
    assertEquals(48, two.samples().get(0).image().decode().height());
  }

  @Test
  void fersDamageIsNamedWithItsLine() throws IOException {
    for (Map.Entry<String, String> damage :
        Map.of(
                "emotion,pixels\n7,1 2\n",
                "csv:2: expected an emotion of 0 to 6",
                "emotion,pixels\n1,1,2\n",
                "csv:2: expected 2 fields, found 3",
                "a,b\n1,2\n",
                "csv:1: expected the header",
                "",
                "is empty",
                "emotion,pixels\n\n1," + "1 ".repeat(20_000),
                "csv:3: is longer than",
                "emotion,pixels\n",
                "holds no image")
            .entrySet()) {
      DataException error =
          assertThrows(DataException.class, () -> ferCsv(damage.getKey(), Optional.empty()));
      assertTrue(error.getMessage().contains(damage.getValue()), error.getMessage());
    }
    String good = pixels(grey(4));
    for (String wrong :
        List.of(
            good + " 1",
            good.substring(good.indexOf(' ')),
            good.replaceFirst(" ", " 256 "),
            "x",
            "1 -2")) {
      FaceManifest manifest = ferCsv("emotion,pixels\n0," + wrong + "\n", Optional.empty());
      DataException error =
          assertThrows(DataException.class, () -> manifest.samples().get(0).image().decode());
      assertTrue(error.getMessage().contains("fer2013.csv:2: expected"), error.getMessage());
    }
  }

  @Test
  void fersTableOfManyChunksKeepsItsPlaces() throws IOException {
    StringBuilder text = new StringBuilder("emotion,pixels,Usage\n");
    for (int i = 0; i < 300; i++) {
      text.append(i % 7).append(',').append(pixels(grey(i))).append(",Training\n");
    }
    assertTrue(text.length() > 2 << 20, "more than two chunks");
    FaceManifest manifest = ferCsv(text.toString(), Optional.empty());
    assertEquals(300, manifest.samples().size());
    for (int i : new int[] {0, 128, 129, 130, 299}) {
      RawImage image = manifest.samples().get(i).image().decode();
      byte[] expected = grey(i);
      for (int p = 0; p < expected.length; p++) {
        assertEquals(expected[p], image.rgb()[3 * p]);
      }
    }
    assertEquals(
        7,
        manifest.samples().stream()
            .map(s -> s.attributes().get("expression"))
            .collect(Collectors.toSet())
            .size());
  }
}
