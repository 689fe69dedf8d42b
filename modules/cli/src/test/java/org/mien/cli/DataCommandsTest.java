package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/** The commands about data sets, on small drawn pictures and on the real sets. */
final class DataCommandsTest {
  private static final String[] PEOPLE = {"Ann_Lee", "Bob_Ray", "Cid_Mar", "Dan_Fox"};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private int mien(String... arguments) {
    out.reset();
    err.reset();
    return CommandLine.run(out, err, arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String config(String name) {
    return DataFolder.projectRoot().resolve("configs/data/" + name + ".yaml").toString();
  }

  /** Four people of three pictures each: random blocks, so that no two are alike. */
  private Path faces() throws IOException {
    Path faces = folder.resolve("faces");
    SplittableRandom random = new SplittableRandom(7);
    for (int person = 0; person < 4; person++) {
      Path home = Files.createDirectories(faces.resolve(PEOPLE[person]));
      for (int i = 0; i < 3; i++) {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        for (int block = 0; block < 64; block++) {
          pen.setColor(new Color(random.nextInt(1 << 24)));
          pen.fillRect(block % 8 * 8, block / 8 * 8, 8, 8);
        }
        pen.dispose();
        ImageIO.write(image, "png", home.resolve(i + ".png").toFile());
      }
    }
    return faces;
  }

  private void assertSays(String text) {
    assertTrue(out().contains(text), text + " is missing in\n" + out() + err());
  }

  @Test
  void statisticsOfAFolderAreCountedAndWritten() throws IOException {
    Path faces = faces();
    Path page = folder.resolve("page");
    assertEquals(0, mien("data", "stats", faces.toString(), "--out", page.toString()), err());
    assertSays("images               12");
    assertSays("identities           4");
    assertSays("ordered mate pairs   24");
    assertSays("64x64 (12)");
    assertTrue(Files.readString(page.resolve("statistics.html")).contains("<svg"));
    assertEquals(0, mien("data", "stats", faces.toString(), "--json"), err());
    assertTrue(out().startsWith("{"), out());
  }

  @Test
  void aCleanFolderPassesAndACopiedOrCutPictureDoesNot() throws IOException {
    Path faces = faces();
    assertEquals(0, mien("data", "check", faces.toString()), out() + err());
    assertSays("0 errors");
    Files.copy(faces.resolve("Ann_Lee/0.png"), faces.resolve("Bob_Ray/copy.png"));
    byte[] whole = Files.readAllBytes(faces.resolve("Cid_Mar/1.png"));
    Files.write(faces.resolve("Cid_Mar/1.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
    assertEquals(3, mien("data", "check", faces.toString()), out() + err());
    assertSays("error    unreadable-image");
    assertSays("error    same-picture-of-two-identities");
    assertSays("Ann_Lee/0.png");
    assertSays("2 errors");
    assertEquals(3, mien("data", "check", faces.toString(), "--json"));
    assertTrue(out().startsWith("{"), out());
  }

  @Test
  void peopleOfTwoSetsAreALeak() throws IOException {
    Path faces = faces();
    Path others = Files.createDirectories(folder.resolve("others/ann_lee"));
    Files.copy(faces.resolve("Bob_Ray/1.png"), others.resolve("1.png"));
    assertEquals(
        3, mien("data", "check", faces.toString(), others.getParent().toString()), out() + err());
    assertSays("error    identity-trained-and-evaluated");
    assertSays("error    same-picture-in-two-splits");
  }

  @Test
  void aPreparedCopyIsADataSet() throws IOException {
    Path copy = folder.resolve("copy");
    String faces = faces().toString();
    assertEquals(0, mien("data", "prepare", faces, "--out", copy.toString()), err());
    assertSays("12 images: 12 written");
    assertEquals(0, mien("data", "prepare", faces, "--out", copy.toString()), err());
    assertSays("12 there from an earlier run");
    String list = "source.file=" + copy.resolve("manifest.csv");
    assertEquals(0, mien("data", "stats", config("prepared"), "--set", list), err());
    assertSays("images               12");
    assertSays("identities           4");
  }

  @Test
  void packedSetsAreReadBack() throws IOException {
    String faces = faces().toString();
    Path rec = folder.resolve("packed");
    assertEquals(
        0, mien("data", "pack", faces, "--format", "recordio", "--out", rec.toString()), err());
    String file = "source.file=" + rec.resolve("train.rec");
    assertEquals(0, mien("data", "stats", config("recordio"), "--set", file), err());
    assertSays("images               12");
    assertSays("identities           4");

    Path pairs = folder.resolve("pairs.txt");
    Files.writeString(pairs, "Ann_Lee/0.png Ann_Lee/1.png 1\nAnn_Lee/0.png Bob_Ray/2.png 0\n");
    Path bin = folder.resolve("own.bin");
    assertEquals(
        0,
        mien(
            "data",
            "pack",
            config("own-pairs"),
            "--set",
            "source.folder=" + faces,
            "--set",
            "protocol.file=" + pairs,
            "--format",
            "bin",
            "--out",
            bin.toString()),
        err());
    assertEquals(
        0,
        mien(
            "data",
            "stats",
            config("bin"),
            "--set",
            "source.file=" + bin,
            "--set",
            "protocol.file=" + bin,
            "--set",
            "protocol.folds=1"),
        err());
    assertSays("pairs 2, genuine 1, impostor 1");
  }

  @Test
  void thePreviewIsAPicture() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    assertEquals(
        0,
        mien("data", "preview", faces().toString(), "--out", sheet.toString(), "--images", "2"),
        err());
    assertTrue(ImageIO.read(sheet.toFile()).getWidth() > 600);
  }

  @Test
  void ownListsOfTheMegafaceKitCanBeMade() throws IOException {
    Path faces = faces();
    Path others = folder.resolve("others");
    for (int i = 0; i < 12; i++) {
      Path home = Files.createDirectories(others.resolve("stranger" + i));
      Files.copy(faces.resolve(PEOPLE[i / 3] + "/" + i % 3 + ".png"), home.resolve("1.png"));
    }
    Path lists = folder.resolve("lists");
    assertEquals(
        0,
        mien(
            "data",
            "megaface",
            faces.toString(),
            others.toString(),
            "--sizes",
            "5,10",
            "--sets",
            "2",
            "--out",
            lists.toString()),
        err());
    assertSays("12 probes, 4 lists of distractors");
    String probes = "protocol.probes=" + lists.resolve("facescrub_features_list.json");
    String list = "protocol.distractors=" + lists.resolve("megaface_features_list.json_10_2");
    assertEquals(
        0, mien("data", "stats", config("megaface"), "--set", probes, "--set", list), err());
    assertSays("probes 12, probeIdentities 4, matePairs 24, distractors 10");
    assertEquals(
        2,
        mien(
            "data",
            "megaface",
            faces.toString(),
            others.toString(),
            "--out",
            "x",
            "--sizes",
            "99"));
    assertTrue(err().contains("--sizes"), err());
  }

  @Test
  void whatCannotBeDoneIsRefusedAndNotPassedOver() throws IOException {
    String faces = faces().toString();
    String boxes = "alignment={type: box, margin: 0.2}";
    String out = folder.resolve("out").toString();
    assertEquals(3, mien("data", "prepare", faces, "--out", out, "--set", boxes), err());
    assertTrue(err().contains("no image could be used"), err());
    assertEquals(
        3,
        mien("data", "pack", faces, "--format", "recordio", "--out", out + "2", "--set", boxes),
        err());
    assertEquals(2, mien("data", "prepare", faces, "--out", faces + "/copy"), err());
    assertTrue(err().contains("lies inside the data set"), err());
    assertEquals(2, mien("data", "stats", faces, "--nope"), err());
    assertTrue(err().contains("unknown option --nope"), err());
    assertEquals(2, mien("data", "check", folder.resolve("nothere").toString()), err());
    assertTrue(err().contains("expected a folder, a data set file or a recipe"), err());
    assertEquals(2, mien("data", "check", faces, "--roles", "bogus"), err());
    assertEquals(2, mien("data", "stats"), err());
  }

  @Test
  void theSplitOfARecipeIsCheckedUnderOneName() {
    String recipe = DataFolder.projectRoot().resolve("configs/quickstart.yaml").toString();
    String few = "data.source.identities=10";
    assertEquals(0, mien("data", "check", recipe, "--set", few), out() + err());
    assertFalse(out().contains("identities-not-comparable"), out());
    assertSays("synthetic held out (evaluation)");
    assertEquals(2, mien("data", "check", recipe, "--set", few, "--roles", "train"), err());
  }

  @DataTest
  void theRealSetsAreCountedThroughTheCommandLine() throws IOException {
    assertEquals(0, mien("data", "stats", config("lfw-aligned")), err());
    assertSays("images               7701");
    assertSays("identities           4281");
    assertSays("pairs 6000, genuine 3000, impostor 3000, folds 10");
    assertSays("identitiesSharedByFolds 0");
    assertEquals(0, mien("data", "stats", config("orl")), err());
    assertSays("images               400");
    assertSays("identities           40");
    assertEquals(0, mien("data", "stats", config("caltech-faces")), err());
    assertSays("images               410");
    assertSays("identities           25");
    assertEquals(0, mien("data", "stats", config("congress")), err());
    assertSays("images               1557");
    assertEquals(0, mien("data", "stats", config("megaface")), err());
    assertSays("probes 3530, probeIdentities 80, matePairs 153634, distractors 10000");
  }

  @DataTest
  void theMatricesOfTheMegafaceKitComeBackByteForByte() throws IOException {
    for (String name : new String[] {"jb_LBP.bin", "jb_identity.bin"}) {
      Path file = DataFolder.path().resolve("data/megaface/models").resolve(name);
      Path copy = folder.resolve(name);
      assertEquals(0, mien("data", "matrices", file.toString(), "--out", copy.toString()), err());
      assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(copy));
    }
  }
}
