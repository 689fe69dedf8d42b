package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.protocol.CfpConfig;
import org.mien.data.protocol.LfwPairsConfig;
import org.mien.data.protocol.PairsConfig;
import org.mien.data.protocol.RfwConfig;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class ProtocolSourcesTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void image(String name) throws IOException {
    Path file = folder.resolve("images").resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage pixels = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB);
    assertTrue(ImageIO.write(pixels, "png", file.toFile()));
  }

  private static List<String> keys(FaceManifest manifest) {
    return manifest.samples().stream().map(FaceSample::key).toList();
  }

  @Test
  void imagesOfPairsAreListedOnceWithTheirGroup() throws IOException {
    Path pairs =
        write("pairs.csv", "p,q,same,group\nAnn/1.png,Ann/2.png,1,x\nAnn/1.png,Bob/1.png,0,\n");
    image("Ann/1.png");
    image("Bob/1.png");
    FaceManifest manifest =
        new PairImagesConfig(
                new PairsConfig(pairs, PairsConfig.Identities.FOLDERS), folder.resolve("images"))
            .open(SEEDS);
    assertEquals(List.of("Ann/1.png", "Bob/1.png"), keys(manifest));
    assertEquals(List.of(new Skipped("Ann/2.png", "is missing")), manifest.skipped());
    assertEquals(Map.of("group", "x"), manifest.samples().get(0).attributes());
    assertEquals("Bob", manifest.samples().identity(1));
    assertEquals(8, manifest.samples().get(1).image().decode().width());
  }

  @Test
  void linksThatLeaveTheFolderAreNotFollowed() throws IOException {
    Path pairs = write("pairs.txt", "Ann/a/1.png Ann/a/2.png 1\nAnn/a/1.png Bob/a/1.png 0\n");
    image("Ann/a/1.png");
    image("Ann/a/2.png");
    Path outside = Files.createDirectories(folder.resolve("outside/a"));
    Files.copy(folder.resolve("images/Ann/a/1.png"), outside.resolve("1.png"));
    Files.createSymbolicLink(folder.resolve("images/Bob"), folder.resolve("outside"));
    FaceManifest manifest =
        new PairImagesConfig(
                new PairsConfig(pairs, PairsConfig.Identities.FOLDERS), folder.resolve("images"))
            .open(SEEDS);
    assertEquals(2, manifest.samples().size());
    assertEquals("Bob/a/1.png", manifest.skipped().get(0).key());
    assertTrue(manifest.skipped().get(0).reason().contains("leaves"), manifest.toString());
  }

  @Test
  void probesHaveIdsAndBoxesAndDistractorsAreTheirOwnIdentity() throws IOException {
    Path probes =
        write(
            "probes.json",
            "{\"path\": [\"Ann B/Ann B_1.png\", \"Ann B/Ann B_2.png\", \"Ann B/Ann B_3.png\"],"
                + " \"id\": [\"Ann_B\", \"Ann_B\", \"Ann_B\"]}");
    Path noises = write("noises.txt", "Ann_B_3.png\n");
    Path boxes =
        write(
            "actors.txt",
            "name\timage_id\tface_id\turl\tbbox\tsha256\nAnn B\t1\t2\thttp://x\t1,2,4,6\tab\n");
    for (int i = 1; i <= 3; i++) {
      image("Ann B/Ann B_" + i + ".png");
    }
    FaceManifest manifest =
        new MegafaceImagesConfig(
                probes, folder.resolve("images"), Optional.of(noises), List.of(boxes))
            .open(SEEDS);
    assertEquals(List.of("Ann B/Ann B_1.png", "Ann B/Ann B_2.png"), keys(manifest));
    assertSame(manifest.samples().identity(0), manifest.samples().identity(1));
    assertEquals(FaceLocation.UNKNOWN, manifest.samples().get(0).location());
    assertEquals(FaceLocation.of(new FaceBox(1, 2, 3, 4)), manifest.samples().get(1).location());

    Path distractors = write("megaface_features_list.json_1_1", "{\"path\": [\"1/2@N0/3.png\"]}");
    MegafaceImagesConfig config =
        new MegafaceImagesConfig(
            distractors, folder.resolve("images"), Optional.empty(), List.of());
    DataException e = assertThrows(DataException.class, () -> config.open(SEEDS));
    assertTrue(e.getMessage().contains("holds none of the 1 images"), e.getMessage());
    image("1/2@N0/3.png");
    assertEquals(List.of("1/2@N0/3.png"), config.open(SEEDS).identities());
  }

  @Test
  void ijbsImagesHavePointsTemplateMediaAndScore() throws IOException {
    Path members = write("ijbc_face_tid_mid.txt", "1.png 10 5\n2.png 11 6\n3.png 12 7\n");
    String points = " 1 2 3 4 5 6 7 8 9 10 0.";
    Path list =
        write(
            "ijbc_name_5pts_score.txt",
            "1.png" + points + "25\n2.png" + points + "5\n3.png" + points + "75\n");
    Path table = write("G1.csv", "template_id,subject_id\n10,3\n11,3\n");
    image("1.png");
    image("3.png");
    FaceManifest manifest =
        new IjbImagesConfig(folder.resolve("images"), members, list, List.of(table)).open(SEEDS);
    assertEquals(List.of("1.png", "3.png"), keys(manifest));
    assertEquals(List.of("subject 3", "template 12"), manifest.identities());
    FaceSample last = manifest.samples().get(1);
    assertEquals(Map.of("template", "12", "media", "7", "score", "0.75"), last.attributes());
    assertEquals(FaceLocation.of(FacePoints.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), last.location());
    Files.writeString(members, "1.png 10 5\n1.png 11 6\n");
    assertThrows(
        DataException.class,
        () -> new IjbImagesConfig(folder.resolve("images"), members, list, List.of()).open(SEEDS));
  }

  @Test
  void ageDbsFilesNamePersonAgeAndGender() throws IOException {
    image("0_MariaCallas_35_f.jpg");
    image("1_GeneHackman_05_m.jpg");
    image("other.jpg");
    FaceManifest manifest = new AgeDbConfig(folder.resolve("images")).open(SEEDS);
    assertEquals(List.of("GeneHackman", "MariaCallas"), manifest.identities());
    assertEquals(Map.of("age", "5", "gender", "male"), manifest.samples().get(1).attributes());
    assertEquals("other.jpg", manifest.skipped().get(0).key());
  }

  @Test
  void cfpAndRfwFitTheFoldersOfTheirSets() throws IOException {
    write("txts/Asian/Asian_pairs.txt", "m.1\t1\t2\nm.1\t1\tm.2\t1\n");
    image("Asian/m.1/m.1_0001.jpg");
    image("Asian/m.2/m.2_0001.jpg");
    FaceManifest asian =
        new PairImagesConfig(
                new RfwConfig(folder, Optional.of(RfwConfig.Ethnicity.ASIAN)),
                folder.resolve("images"))
            .open(SEEDS);
    assertEquals(2, asian.samples().size());
    assertEquals(Map.of("group", "Asian"), asian.samples().get(0).attributes());

    write(
        "Pair_list_F.txt",
        "1 ../Data/Images/001/frontal/01.jpg\n2 ../Data/Images/002/frontal/01.jpg\n");
    write("Pair_list_P.txt", "1 ../Data/Images/001/profile/01.jpg\n");
    for (int fold = 1; fold <= 10; fold++) {
      String split = String.format(Locale.ROOT, "Split/FP/%02d/", fold);
      write(split + "same.txt", "1,1\n");
      write(split + "diff.txt", "2,1\n");
    }
    image("001/frontal/01.jpg");
    image("001/profile/01.jpg");
    image("002/frontal/01.jpg");
    FaceManifest cfp =
        new PairImagesConfig(new CfpConfig(folder, CfpConfig.Kind.FP), folder.resolve("images"))
            .open(SEEDS);
    assertEquals(List.of("001", "002"), cfp.identities());
    assertEquals(3, cfp.samples().size());
  }

  @Test
  @DataTest
  void orlHas400ImagesOf40People() {
    FaceManifest orl = new FolderConfig(DataFolder.path().resolve("data/orl"), 1).open(SEEDS);
    assertEquals(400, orl.samples().size());
    assertEquals(40, orl.identities().size());
  }

  @Test
  @DataTest
  void theImagesOfLfwsPairsAreAllThere() {
    Path data = DataFolder.path().resolve("data");
    FaceManifest lfw =
        new PairImagesConfig(
                new LfwPairsConfig(data.resolve("lfw/pairs.txt")), data.resolve("lfw-aligned-112"))
            .open(SEEDS);
    assertEquals(7701, lfw.samples().size());
    assertEquals(4281, lfw.identities().size());
    assertEquals(List.of(), lfw.skipped());
  }
}
