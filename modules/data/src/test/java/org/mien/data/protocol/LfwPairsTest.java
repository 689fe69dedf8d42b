package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.data.manifest.IdentityName;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class LfwPairsTest {
  private static final String GOOD =
      "2\t1\nAnn\t1\t3\nAnn\t2\tBob\t10\nCid\t4\t1\nCid\t1\tDan\t9999\n";

  @TempDir Path folder;

  @Test
  void viewTwoHasFolds() throws IOException {
    PairList list = read(GOOD);
    assertEquals("pairs", list.name());
    assertEquals(2, list.folds());
    assertEquals(
        List.of(
            new Pair("Ann/Ann_0001.jpg", "Ann", "Ann/Ann_0003.jpg", "Ann", true, 0, 2),
            new Pair("Ann/Ann_0002.jpg", "Ann", "Bob/Bob_0010.jpg", "Bob", false, 0, 3),
            new Pair("Cid/Cid_0004.jpg", "Cid", "Cid/Cid_0001.jpg", "Cid", true, 1, 4),
            new Pair("Cid/Cid_0001.jpg", "Cid", "Dan/Dan_9999.jpg", "Dan", false, 1, 5)),
        list.pairs());
  }

  @Test
  void viewOneIsOneFold() throws IOException {
    PairList list = read("1\nAnn\t1\t3\nAnn\t2\tBob\t10\n\n");
    assertEquals(1, list.folds());
    assertEquals(1, list.genuineCount());
    assertEquals(1, list.impostorCount());
  }

  @Test
  void windowsLineEndsDoNotMatter() throws IOException {
    assertEquals(read(GOOD), read(GOOD.replace("\n", "\r\n")));
  }

  @Test
  void damageIsReportedWithItsLine() throws IOException {
    assertProblem("", 1, "found nothing");
    assertProblem("hello\n", 1, "expected the number of pairs of each kind");
    assertProblem("10\t300\t4\n", 1, "expected '<folds><TAB><pairs>'");
    assertProblem("0\t300\n", 1, "number of folds, 1 to 1000, found '0'");
    assertProblem("10 300\n", 1, "found '10 300'");
    assertProblem("-1\n", 1, "found '-1'");
    assertProblem("9999999\n", 1, "1 to 1000000");
    assertProblem(GOOD.replace("Ann\t1\t3", "Ann\t1 3"), 2, "'Ann<TAB>1 3'");
    assertProblem(GOOD.replace("Ann\t1\t3", "Ann\t1\t3\t"), 2, "expected a genuine pair");
    assertProblem(GOOD.replace("Ann\t1\t3", "Ann\t1\tx"), 2, "image number, 1 to 9999, found 'x'");
    assertProblem(GOOD.replace("Ann\t1\t3", "Ann\t1\t1"), 2, "paired with itself");
    assertProblem(GOOD.replace("Ann\t1\t3", "Ann\t0\t1"), 2, "found '0'");
    assertProblem(GOOD.replace("Bob\t10", "Ann\t10"), 3, "found Ann twice");
    assertProblem(GOOD.replace("Bob\t10", "../x\t10"), 3, "slashes, found '../x'");
    assertProblem(GOOD.replace("Bob\t10", "..\t10"), 3, "found '..'");
    assertProblem(GOOD.replace("Bob\t10", "B ob\t10"), 3, "without spaces");
    assertProblem(GOOD.replace("9999", "10000"), 5, "found '10000'");
    assertProblem(GOOD + "Eve\t1\t2\n", 6, "expected the end after the 4 pairs");
    assertProblem(GOOD + "\n#\n", 7, "found '#'");
    assertProblem(GOOD.replace("2\t1", "3\t1"), 5, "ends after 4 pairs; its first line promises 6");
    assertProblem(GOOD.replace("2\t1", "1\t1"), 4, "expected the end after the 2 pairs");
    assertProblem(GOOD.replace("2\t1", "1\t2"), 3, "expected a genuine pair");
  }

  @Test
  void aFileThatIsNotTextOrNotThereIsNamed() throws IOException {
    Path missing = folder.resolve("none.txt");
    DataException e = assertThrows(DataException.class, () -> LfwPairs.read(missing));
    assertTrue(e.getMessage().startsWith(missing + ": does not exist"), e.getMessage());
    Path binary = folder.resolve("pairs.txt");
    Files.write(binary, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
    e = assertThrows(DataException.class, () -> LfwPairs.read(binary));
    assertTrue(e.getMessage().contains("not a text file in UTF-8"), e.getMessage());
    assertThrows(DataException.class, () -> LfwPairs.read(folder));
  }

  @Property(tries = 200)
  void aChangedByteGivesADataExceptionOrAValidList(
      @ForAll @IntRange(min = 0, max = 57) int position, @ForAll byte value) throws IOException {
    byte[] bytes = GOOD.getBytes(StandardCharsets.US_ASCII);
    bytes[position % bytes.length] = value;
    Path file = Files.createTempFile("pairs", ".txt");
    try {
      Files.write(file, bytes);
      assertEquals(4, LfwPairs.read(file).pairs().size());
    } catch (DataException expected) {
      assertTrue(expected.getMessage().startsWith(file.toString()), expected.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 50)
  void whatIsWrittenIsReadBack(
      @ForAll @IntRange(min = 1, max = 5) int folds,
      @ForAll @IntRange(min = 1, max = 6) int perFold) {
    StringBuilder text = new StringBuilder(folds + "\t" + perFold + "\n");
    List<Pair> expected = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      for (int i = 0; i < 2 * perFold; i++) {
        String a = "P" + fold + i;
        String b = i < perFold ? a : "Q" + fold;
        text.append(a).append("\t7\t").append(i < perFold ? "" : b + "\t").append("8\n");
        expected.add(
            new Pair(
                a + "/" + a + "_0007.jpg",
                a,
                b + "/" + b + "_0008.jpg",
                b,
                a.equals(b),
                fold,
                2 + expected.size()));
      }
    }
    try {
      Path file = Files.createTempFile("pairs", ".txt");
      Files.writeString(file, text);
      assertEquals(expected, LfwPairs.read(file).pairs());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DataTest
  void theOfficialListHasTheKnownCounts() {
    PairList list = LfwPairs.read(DataFolder.path().resolve("data/lfw/pairs.txt"));
    assertEquals(6000, list.pairs().size());
    assertEquals(10, list.folds());
    assertEquals(7701, list.keys().size());
    assertEquals(4281, list.identities().size());
    List<Set<String>> identities = new ArrayList<>();
    for (int fold = 0; fold < 10; fold++) {
      Set<String> here = new TreeSet<>();
      int genuine = 0;
      int impostor = 0;
      for (Pair pair : list.pairs()) {
        if (pair.fold() == fold) {
          here.add(pair.identityA());
          here.add(pair.identityB());
          genuine += pair.genuine() ? 1 : 0;
          impostor += pair.genuine() ? 0 : 1;
        }
      }
      assertEquals(300, genuine);
      assertEquals(300, impostor);
      identities.add(here);
    }
    Set<String> all = new HashSet<>();
    int sum = 0;
    for (Set<String> here : identities) {
      all.addAll(here);
      sum += here.size();
    }
    assertEquals(all.size(), sum, "an identity is in two folds");
  }

  @Test
  @DataTest
  void viewOneHas1100And500OfEachKindAndSharesNoIdentity() {
    Path lfw = DataFolder.path().resolve("data/lfw");
    PairList train = LfwPairs.read(lfw.resolve("pairsDevTrain.txt"));
    PairList test = LfwPairs.read(lfw.resolve("pairsDevTest.txt"));
    assertEquals(1100, train.genuineCount());
    assertEquals(1100, train.impostorCount());
    assertEquals(500, test.genuineCount());
    assertEquals(500, test.impostorCount());
    Set<String> shared = new HashSet<>(train.identities());
    shared.retainAll(test.identities());
    assertEquals(Set.of(), shared);
    PairList.Filtered filtered = test.without(Set.copyOf(train.identities()));
    assertEquals(0, filtered.leftOut());
  }

  @Test
  @DataTest
  void noTwoPeopleOfLfwAreTakenForOne() {
    PairList list = LfwPairs.read(DataFolder.path().resolve("data/lfw/pairs.txt"));
    PairList.Filtered filtered = list.without(Set.of("george w bush"));
    assertEquals(List.of("George_W_Bush"), filtered.identitiesFound());
    assertFalse(filtered.kept().identities().contains("George_W_Bush"));
    long distinct = list.identities().stream().map(IdentityName::of).distinct().count();
    assertEquals(4281, distinct);
  }

  private PairList read(String text) throws IOException {
    Path file = folder.resolve("pairs.txt");
    Files.writeString(file, text);
    return LfwPairs.read(file);
  }

  private void assertProblem(String text, int line, String problem) {
    DataException e = assertThrows(DataException.class, () -> read(text));
    String start = folder.resolve("pairs.txt") + ":" + line + ": ";
    assertTrue(
        e.getMessage().startsWith(start) && e.getMessage().contains(problem), e.getMessage());
  }
}
