package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/** Small files made from each format's definition; none of these sets was at hand but LFW's. */
final class PairFilesTest {
  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void assertProblem(PairFilesConfig config, String place, String problem) {
    DataException e = assertThrows(DataException.class, config::open);
    assertTrue(e.getMessage().contains(place) && e.getMessage().contains(problem), e.getMessage());
  }

  private PairList pairs(String text, PairsConfig.Identities identities) throws IOException {
    return new PairsConfig(write("pairs_label.txt", text), identities).open();
  }

  private void assertPairsProblem(String text, int line, String problem) throws IOException {
    Path file = write("pairs_label.txt", text);
    assertProblem(
        new PairsConfig(file, PairsConfig.Identities.FOLDERS), file + ":" + line + ": ", problem);
  }

  @Test
  void ownPairsAreReadWithTabsCommasOrSpaces() throws IOException {
    List<Pair> expected =
        List.of(
            new Pair("Ann/1.jpg", "Ann", "Ann/2.jpg", "Ann", true, 0, 1),
            new Pair("Ann/1.jpg", "Ann", "Bob/1.jpg", "Bob", false, 1, 2));
    PairList list =
        pairs(
            "Ann/1.jpg Ann/2.jpg 1 0\n./Ann/1.jpg Bob/1.jpg 0 1\n", PairsConfig.Identities.FOLDERS);
    assertEquals(expected, list.pairs());
    assertEquals(2, list.folds());
    assertEquals("pairs_label", list.name());
    assertEquals(Optional.of(folder.resolve("pairs_label.txt")), list.file());
    assertEquals(list.file(), list.without(Set.of("Bob")).kept().file());
    assertEquals(
        expected.stream().map(pair -> atLine(pair, pair.line() + 1)).toList(),
        pairs(
                "a\tb\tsame\tfold\r\nAnn/1.jpg\tAnn/2.jpg\t1\t0\r\nAnn//1.jpg\tBob/./1.jpg\t0\t1",
                PairsConfig.Identities.FOLDERS)
            .pairs());
    assertEquals(
        expected,
        pairs(
                "\"Ann/1.jpg\",Ann/2.jpg,1,0\nAnn/1.jpg,\"Bob/1.jpg\",0,1\n",
                PairsConfig.Identities.FOLDERS)
            .pairs());
  }

  private static Pair atLine(Pair pair, long line) {
    return new Pair(
        pair.keyA(),
        pair.identityA(),
        pair.keyB(),
        pair.identityB(),
        pair.genuine(),
        pair.fold(),
        line);
  }

  @Test
  void columnsMayNamePeopleAndGroups() throws IOException {
    PairList list =
        pairs(
            "p,q,same,identity1,identity2,group\n1.jpg,2.jpg,1,Ann,Ann,f\n1.jpg,3.jpg,0,Ann,Bob,\n",
            PairsConfig.Identities.COLUMNS);
    assertEquals(List.of("Ann", "Bob"), list.identities());
    assertEquals(Map.of("1.jpg", "f", "2.jpg", "f"), list.groups());
    assertEquals(Optional.of("f"), list.group(list.pairs().get(0)));
    assertEquals(Optional.empty(), list.group(list.pairs().get(1)));
    assertEquals(1, list.counts().get("groups"));
    Path contradiction =
        write("c.csv", "p,q,s,identity1,identity2\n1.jpg,2.jpg,0,A,B\n2.jpg,3.jpg,0,C,D\n");
    assertProblem(
        new PairsConfig(contradiction, PairsConfig.Identities.COLUMNS), ":3: ", "before it was B");
    Path without = write("d.csv", "1.jpg,2.jpg,0\n");
    assertProblem(new PairsConfig(without, PairsConfig.Identities.COLUMNS), ":1: ", "identity1");
  }

  @Test
  void genuinePairsMayNamePeople() throws IOException {
    PairList list =
        pairs("1.jpg 2.jpg 1\n2.jpg 3.jpg 1\n3.jpg 4.jpg 0\n", PairsConfig.Identities.PAIRS);
    assertEquals(2, list.identities().size());
    Path impossible = write("e.txt", "1.jpg 2.jpg 1\n1.jpg 2.jpg 0\n");
    assertProblem(new PairsConfig(impossible, PairsConfig.Identities.PAIRS), ":2: ", "impostor");
  }

  @Test
  void damageOfOwnPairsIsReportedWithItsLine() throws IOException {
    String good = "Ann/1.jpg Ann/2.jpg 1\n";
    assertPairsProblem(good + "Ann/1.jpg Bob/1.jpg\n", 2, "expected 'path path 0|1'");
    assertPairsProblem(good + "Ann/1.jpg Bob/1.jpg 2\n", 2, "expected 'path path 0|1'");
    assertPairsProblem(good + "Ann/1.jpg Bob/1.jpg 1\n", 2, "a genuine pair of Ann and Bob");
    assertPairsProblem(good + "Ann/1.jpg Ann/3.jpg 0\n", 2, "an impostor pair of Ann and Ann");
    assertPairsProblem(good + "Ann/1.jpg ../Bob/1.jpg 0\n", 2, "inside the folder");
    assertPairsProblem(good + "Ann/1.jpg Bob/../../1.jpg 0\n", 2, "inside the folder");
    assertPairsProblem(good + "Ann/1.jpg /Bob/1.jpg 0\n", 2, "inside the folder");
    assertPairsProblem(good + "Ann/1.jpg C:\\Bob\\1.jpg 0\n", 2, "inside the folder");
    assertPairsProblem(good + "Ann/1.jpg Bob/ 0\n", 2, "inside the folder");
    assertPairsProblem(good + "Ann/1.jpg 1.jpg 0\n", 2, "lies in no folder");
    assertPairsProblem(good + "x".repeat(70_000), 2, "is longer than");
    Path gap = write("gap.txt", "Ann/1.jpg Ann/2.jpg 1 0\nAnn/1.jpg Ann/3.jpg 1 900\n");
    assertProblem(
        new PairsConfig(gap, PairsConfig.Identities.FOLDERS), gap.toString(), "no pair of fold 1");
  }

  /** Ten folds of {@code n + n} pairs of images 1 to 10 of 20 people. */
  private Path cfp(int n) throws IOException {
    StringBuilder frontal = new StringBuilder();
    StringBuilder profile = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 10; j++) {
        frontal.append(
            String.format(
                Locale.ROOT,
                "%d ../Data/Images/%03d/frontal/%02d.jpg\n",
                10 * i + j + 1,
                i + 1,
                j + 1));
      }
      for (int j = 0; j < 4; j++) {
        profile.append(
            String.format(
                Locale.ROOT,
                "%d ../Data/Images/%03d/profile/%02d.jpg\n",
                4 * i + j + 1,
                i + 1,
                j + 1));
      }
    }
    write("Protocol/Pair_list_F.txt", frontal.toString());
    write("Protocol/Pair_list_P.txt", profile.toString());
    for (int fold = 0; fold < 10; fold++) {
      for (String kind : List.of("FF", "FP")) {
        int images = kind.equals("FF") ? 10 : 4;
        StringBuilder same = new StringBuilder();
        StringBuilder diff = new StringBuilder();
        for (int i = 0; i < n; i++) {
          int a = 2 * fold;
          same.append(10 * a + 1).append(',').append(images * a + 2 + i).append('\n');
          diff.append(10 * a + 1).append(',').append(images * (a + 1) + 1 + i).append('\n');
        }
        String split = String.format(Locale.ROOT, "Protocol/Split/%s/%02d/", kind, fold + 1);
        write(split + "same.txt", same.toString());
        write(split + "diff.txt", diff.toString());
      }
    }
    return folder.resolve("Protocol");
  }

  @Test
  void cfpComparesFrontalWithFrontalOrProfile() throws IOException {
    Path protocol = cfp(2);
    PairList ff = new CfpConfig(protocol, CfpConfig.Kind.FF).open();
    assertEquals(40, ff.pairs().size());
    assertEquals(10, ff.folds());
    assertEquals(List.of(), ff.identitiesSharedByFolds());
    assertEquals(
        new Pair("003/frontal/01.jpg", "003", "003/frontal/02.jpg", "003", true, 1),
        ff.pairs().get(4));
    PairList fp = new CfpConfig(protocol, CfpConfig.Kind.FP).open();
    assertEquals(20, fp.genuineCount());
    assertEquals(
        new Pair("001/frontal/01.jpg", "001", "002/profile/01.jpg", "002", false, 0),
        fp.pairs().get(2));
  }

  @Test
  void damageOfCfpIsReported() throws IOException {
    CfpConfig fp = new CfpConfig(cfp(2), CfpConfig.Kind.FP);
    write("Protocol/Split/FP/03/diff.txt", "41,21\n");
    assertProblem(fp, "03/diff.txt", "holds 1 pairs");
    write("Protocol/Split/FP/03/diff.txt", "41,21\n41,81\n");
    assertProblem(fp, "diff.txt:2: ", "lists of images lack");
    write("Protocol/Split/FP/03/diff.txt", "41,21\n41,18\n");
    assertProblem(fp, "diff.txt:2: ", "an impostor pair of 005 and 005");
    write("Protocol/Split/FP/03/diff.txt", "41,21\n41");
    assertProblem(fp, "diff.txt:2: ", "");
    write("Protocol/Pair_list_P.txt", "1 ../Data/Images/../../etc/01.jpg\n");
    assertProblem(fp, "Pair_list_P.txt:1: ", "expected '<number>");
  }

  private static String twoLines(int genuine, int impostor) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < genuine; i++) {
      text.append("Ann_Bee_0001.jpg ").append(1 + i % 5).append('\n');
      text.append(String.format(Locale.ROOT, "Ann_Bee_%04d.jpg %d\n", i + 2, 1 + i % 5));
    }
    for (int i = 0; i < impostor; i++) {
      text.append(String.format(Locale.ROOT, "Ann_Bee_0001.jpg 0\nCid_%d.jpg 0\n", i + 1));
    }
    return text.toString();
  }

  @Test
  void calfwAndCplfwAreRegroupedIntoTenFolds() throws IOException {
    PairList list = new CalfwConfig(write("pairs_CALFW.txt", twoLines(3000, 3000))).open();
    assertEquals(6000, list.pairs().size());
    assertEquals(10, list.folds());
    for (int i = 0; i < 6000; i++) {
      assertEquals(i / 600, list.pairs().get(i).fold());
      assertEquals(i % 600 < 300, list.pairs().get(i).genuine());
    }
    assertEquals("Ann_Bee_0302.jpg", list.pairs().get(600).keyB());
    assertEquals("Cid_301.jpg", list.pairs().get(900).keyB());
    assertEquals("Ann_Bee", list.pairs().get(900).identityA());
    PairList small = new CplfwConfig(write("pairs_CPLFW.txt", twoLines(10, 10))).open();
    assertEquals(1, small.pairs().stream().filter(p -> p.fold() == 9 && p.genuine()).count());
  }

  @Test
  void twoLinePairsThatWereCutAreRefused() throws IOException {
    String good = twoLines(10, 10);
    Path file = write("pairs_CPLFW.txt", good);
    for (int length = 0; length < good.length() - 1; length++) {
      Files.writeString(file, good.substring(0, length));
      DataException e = assertThrows(DataException.class, new CplfwConfig(file)::open);
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
    write("pairs_CPLFW.txt", twoLines(11, 11));
    assertProblem(new CplfwConfig(file), file.toString(), "ten equal folds");
    write("pairs_CPLFW.txt", good.replaceFirst("Ann_Bee_0002", "Eve_0002"));
    assertProblem(new CplfwConfig(file), ":2: ", "a genuine pair of Ann_Bee and Eve");
  }

  private Path resource(String name) throws IOException {
    try (InputStream in = PairFilesTest.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @Test
  void agedbIsReadFromMatlabsFileAsScipyWritesIt() throws IOException {
    PairList plain = new AgeDb30Config(resource("agedb-splits.mat")).open();
    assertEquals(40, plain.pairs().size());
    assertEquals(10, plain.folds());
    assertEquals(20, plain.genuineCount());
    assertEquals(List.of(), plain.identitiesSharedByFolds());
    assertEquals(
        new Pair(
            "304_Person32_20_f.jpg", "Person32", "305_Person39_50_f.jpg", "Person39", false, 3),
        plain.pairs().get(14));
    assertEquals(plain, new AgeDb30Config(resource("agedb-splits-compressed.mat")).open());
  }

  @Test
  void aMatlabFileThatWasCutIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(resource("agedb-splits-compressed.mat"));
    Path file = folder.resolve("cut.mat");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      DataException e = assertThrows(DataException.class, new AgeDb30Config(file)::open);
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
    byte[] plain = Files.readAllBytes(resource("agedb-splits.mat"));
    String text = new String(plain, StandardCharsets.ISO_8859_1);
    Files.write(
        file,
        text.replaceFirst("0_Person00_20_f", "0/Person00_20_f")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertProblem(new AgeDb30Config(file), "splits{1} pair 1", "a name without a folder");
  }

  @Test
  void agedbIsReadFromText() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int fold = 0; fold < 10; fold++) {
      text.append("0_MariaCallas_35_f.jpg 1_MariaCallas_5_f.jpg 1\n");
      text.append("0_MariaCallas_35_f.jpg ").append(fold + 2).append("_Person_X_5_m.jpg 0\n");
    }
    Path file = write("agedb_30_pair.txt", text.toString());
    PairList list = new AgeDb30Config(file).open();
    assertEquals(10, list.folds());
    assertEquals("Person_X", list.pairs().get(3).identityB());
    assertEquals(1, list.pairs().get(3).fold());
    write("agedb_30_pair.txt", text.append("a.jpg b.jpg 1\n").toString());
    assertProblem(new AgeDb30Config(file), file.toString(), "ten equal folds");
  }

  /** Two folds of two and two pairs. */
  private static String rfw(String person) {
    return """
        P1,1,2
        P1,1,3
        P1,1,P2,1
        P1,2,P2,1
        P3,1,2
        P3,1,3
        P3,1,P4,1
        P3,2,P4,1
        """
        .replace(',', '\t')
        .replace("P", person);
  }

  @Test
  void rfwHasAGroupForEveryImage() throws IOException {
    write("txts/African/African_pairs.txt", rfw("m.0a"));
    write("txts/Asian/Asian_pairs.txt", "2\t2\n" + rfw("m.0b"));
    write("txts/Caucasian/Caucasian_pairs.txt", rfw("m.0a"));
    write("txts/Indian/Indian_pairs.txt", rfw("m.0d"));
    PairList all = new RfwConfig(folder, Optional.empty()).open();
    assertEquals(32, all.pairs().size());
    assertEquals(2, all.folds());
    assertEquals(4L, all.counts().get("groups"));
    Pair asian = all.pairs().get(4);
    assertEquals(
        new Pair(
            "Asian/m.0b1/m.0b1_0001.jpg", "m.0b1", "Asian/m.0b1/m.0b1_0002.jpg", "m.0b1", true, 0),
        asian);
    assertEquals(Optional.of("Asian"), all.group(asian));
    // One identity in two groups stays one.
    assertEquals(12, all.identities().size());
    PairList one = new RfwConfig(folder, Optional.of(RfwConfig.Ethnicity.INDIAN)).open();
    assertEquals("rfw-indian", one.name());
    assertEquals(8, one.pairs().size());
  }

  @Test
  void damageOfRfwIsReportedWithItsLine() throws IOException {
    RfwConfig config = new RfwConfig(folder, Optional.of(RfwConfig.Ethnicity.ASIAN));
    String good = rfw("m.0a");
    Path file = write("txts/Asian/Asian_pairs.txt", good + "\n");
    assertEquals(8, config.open().pairs().size());
    for (int length = 0; length < good.length() - 1; length++) {
      Files.writeString(file, good.substring(0, length));
      // A number that was cut, or whole folds that are missing, cannot be seen.
      String end = good.substring(0, length);
      boolean whole = end.endsWith("m.0a2\t1") || end.endsWith("m.0a2\t1\n");
      if (!whole || end.lines().count() != 4) {
        DataException e = assertThrows(DataException.class, config::open, end);
        assertTrue(e.getMessage().startsWith(file + ":"), e.getMessage());
      }
    }
    Files.writeString(file, good);
    Path people = write("txts/Asian/Asian_people.txt", "m.0a1\t3\nm.0a2\t1\nm.0a3\t2\nm.0a4\t1\n");
    assertProblem(config, file + ":6: ", "image 3 of m.0a3, who has 2");
    Files.writeString(people, "m.0a1\n");
    assertProblem(config, people + ":1: ", "expected 'person images'");
  }

  @Test
  @DataTest
  void lfwsListsHaveTheKnownCounts() {
    Path lfw = DataFolder.path().resolve("data/lfw");
    PairList view2 = new LfwPairsConfig(lfw.resolve("pairs.txt")).open();
    assertEquals(
        "{pairs=6000, genuine=3000, impostor=3000, folds=10, images=7701, identities=4281,"
            + " identitiesSharedByFolds=0}",
        view2.counts().toString());
    assertEquals(
        2200L, new LfwPairsConfig(lfw.resolve("pairsDevTrain.txt")).open().counts().get("pairs"));
    assertEquals(
        1000L, new LfwPairsConfig(lfw.resolve("pairsDevTest.txt")).open().counts().get("pairs"));
  }
}
