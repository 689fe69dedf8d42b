package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

/** Small files made from the definition: no IJB was at hand. */
final class IjbConfigTest {
  private static final String MEMBERS =
      "1.jpg 20 7\n2.jpg 10 5\n3.jpg 20 7\n4.jpg 30 8\n5.jpg 20 9\n";
  private static final String PAIRS = "20 10 0\n30 20 1\n10 30 0\n";
  private static final String POINT = " 46.06 62.026 87.8 60.3 68.9 77.7 52.2 99.9 86.5 98.6 ";

  @TempDir private Path folder;
  private Path members;
  private Path pairs;
  private Path points;
  private Path gallery1;
  private Path gallery2;
  private Path probes;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String pointsOf(int images) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= images; i++) {
      text.append(i).append(".jpg").append(POINT).append("0.").append(i).append('\n');
    }
    return text.toString();
  }

  @BeforeEach
  void writeFiles() throws IOException {
    members = write("ijbc_face_tid_mid.txt", MEMBERS);
    pairs = write("ijbc_template_pair_label.txt", PAIRS);
    points = write("ijbc_name_5pts_score.txt", pointsOf(5));
    gallery1 =
        write(
            "ijbc_1N_gallery_G1.csv",
            "TEMPLATE_ID,SUBJECT_ID,FILENAME,SIGHTING_ID\n20,2,img/1.png,1\n20,2,img/2.png,2\n");
    gallery2 = write("ijbc_1N_gallery_G2.csv", "TEMPLATE_ID,SUBJECT_ID,FILENAME\n10,4,a.png\n");
    probes = write("ijbc_1N_probe_mixed.csv", "TEMPLATE_ID,SUBJECT_ID\n30,2\n");
  }

  private TemplateProtocol open() {
    return new IjbConfig(
            members, pairs, List.of(gallery1, gallery2), Optional.of(probes), Optional.of(points))
        .open();
  }

  private void assertProblem(String place, String problem) {
    DataException e = assertThrows(DataException.class, this::open);
    assertTrue(
        e.getMessage().startsWith(place) && e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void templatesHaveTheirImagesInTheListsOrder() {
    TemplateProtocol ijb = open();
    assertEquals("ijb-c", ijb.name());
    assertEquals(3, ijb.templates());
    assertEquals(20, ijb.templateId(1));
    assertEquals(1, ijb.firstMember(1));
    assertEquals(4, ijb.firstMember(2));
    assertEquals(5, ijb.firstMember(3));
    assertEquals(
        List.of("1.jpg", "3.jpg", "5.jpg"),
        List.of(1, 2, 3).stream().map(m -> ijb.images().get(ijb.memberImage(m))).toList());
    assertEquals(List.of(7, 7, 9), List.of(1, 2, 3).stream().map(ijb::memberMedia).toList());
    assertEquals(0.5f, ijb.points().orElseThrow().score(ijb.memberImage(3)));
    assertEquals(62.026f, (float) ijb.points().orElseThrow().points(0).leftEye().y());
  }

  @Test
  void pairsAndGalleriesStayAsTheFilesHaveThem() {
    TemplateProtocol ijb = open();
    assertEquals(3, ijb.pairs());
    assertEquals(30, ijb.templateId(ijb.pairA(1)));
    assertEquals(20, ijb.templateId(ijb.pairB(1)));
    assertTrue(ijb.genuine(1));
    assertFalse(ijb.genuine(2));
    assertEquals(
        List.of("ijbc_1N_gallery_G1", "ijbc_1N_gallery_G2"),
        ijb.galleries().stream().map(TemplateProtocol.Gallery::name).toList());
    assertEquals(Map.of(20, 2), ijb.galleries().get(0).subjectOf());
    assertEquals(Map.of(30, 2), ijb.probes().orElseThrow().subjectOf());
    assertEquals(
        "{images=5, media=4, templates=3, pairs=3, genuine=1, impostor=2, gallery"
            + " ijbc_1N_gallery_G1=1, gallery ijbc_1N_gallery_G2=1, probes=1}",
        ijb.counts().toString());
  }

  @Test
  void damageIsReportedWithItsLine() throws IOException {
    write("ijbc_template_pair_label.txt", PAIRS + "20 30\n");
    assertProblem(pairs + ":4: ", "expected 'template template 0|1'");
    write("ijbc_template_pair_label.txt", PAIRS + "20 30 2\n");
    assertProblem(pairs + ":4: ", "expected 'template template 0|1'");
    write("ijbc_template_pair_label.txt", PAIRS + "20 30 -1\n");
    assertProblem(pairs + ":4: ", "expected 'template template 0|1'");
    write("ijbc_template_pair_label.txt", PAIRS + "20 99999999999 1\n");
    assertProblem(pairs + ":4: ", "expected 'template template 0|1'");
    write("ijbc_template_pair_label.txt", PAIRS + "20 31 1\n");
    assertProblem(pairs + ":4: ", "the template 31, which has no image");
    write("ijbc_template_pair_label.txt", "");
    assertProblem(pairs + ": ", "holds no pair");
    write("ijbc_template_pair_label.txt", PAIRS.replace("30 20 1", "30 20 0"));
    assertProblem(pairs + ":2: ", "says 0 of templates 30 and 20, whose subjects");
    writeFiles();
    write("ijbc_face_tid_mid.txt", MEMBERS + "6.jpg 20\n");
    assertProblem(members + ":6: ", "expected 'image template medium'");
    write("ijbc_face_tid_mid.txt", MEMBERS.replace("2.jpg", "../2.jpg"));
    assertProblem(members + ":2: ", "inside the folder");
    writeFiles();
    write("ijbc_name_5pts_score.txt", pointsOf(4));
    assertProblem(points + ": ", "has points of 4 images");
    write("ijbc_name_5pts_score.txt", pointsOf(5).replace("3.jpg", "7.jpg"));
    assertProblem(points + ": ", "image 3 is '7.jpg'");
    write("ijbc_name_5pts_score.txt", pointsOf(5).replace("0.4\n", "NaN\n"));
    assertProblem(points + ":4: ", "expected 'image x1 y1");
    writeFiles();
    write("ijbc_1N_gallery_G1.csv", "TEMPLATE_ID,SUBJECT_ID\n20,2\n20,3\n");
    assertProblem(gallery1 + ":3: ", "shows two people");
    write("ijbc_1N_gallery_G1.csv", "TEMPLATE_ID,SUBJECT_ID\n21,2\n");
    assertProblem(gallery1 + ": ", "the template 21, which has no image");
    write("ijbc_1N_gallery_G1.csv", "TEMPLATE,SUBJECT\n20,2\n");
    assertProblem(gallery1 + ":1: ", "template_id and subject_id");
    write("ijbc_1N_gallery_G1.csv", "TEMPLATE_ID,SUBJECT_ID\n10,3\n");
    assertProblem(gallery2 + ": ", "an earlier table says 3");
  }

  @Test
  void cutFilesOfImagesAndPointsAreRefused() throws IOException {
    String whole = pointsOf(5);
    // The last characters may be a shorter number, which nobody can see.
    for (int length = 0; length < whole.length() - 4; length++) {
      write("ijbc_name_5pts_score.txt", whole.substring(0, length));
      assertProblem(points.toString(), "");
    }
  }

  @Test
  void pairsThatLieInTwoBuffersAreReadWhole() throws IOException {
    int templates = 20_000;
    StringBuilder images = new StringBuilder();
    for (int i = 0; i < templates; i++) {
      images.append(i).append(".jpg ").append(i + 1).append(" 1\n");
    }
    Files.writeString(members, images);
    SplittableRandom random = new SplittableRandom(1);
    int[][] expected = new int[200_000][];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < expected.length; i++) {
      expected[i] =
          new int[] {random.nextInt(templates), random.nextInt(templates), random.nextInt(2)};
      text.append(expected[i][0] + 1).append(' ').append(expected[i][1] + 1).append('\t');
      text.append(expected[i][2]).append(i % 3 == 0 ? "\r\n" : "\n");
    }
    Files.writeString(pairs, text);
    TemplateProtocol ijb =
        new IjbConfig(members, pairs, List.of(), Optional.empty(), Optional.empty()).open();
    assertTrue(text.length() > 2 << 20, "fits into one or two buffers");
    assertEquals(expected.length, ijb.pairs());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i][0], ijb.pairA(i));
      assertEquals(expected[i][1], ijb.pairB(i));
      assertEquals(expected[i][2] == 1, ijb.genuine(i));
    }
  }
}
