package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class LfwPeopleTest {
  private static final String SETS = "2\n1\nAnn\t3\n2\nBob\t1\nCid\t20\n";

  @TempDir Path folder;

  @Test
  void viewTwoHasSets() throws IOException {
    LfwPeople people = read(SETS);
    assertEquals("people", people.name());
    assertEquals(2, people.folds());
    assertEquals(
        List.of(
            new LfwPeople.Person("Ann", 3, 0),
            new LfwPeople.Person("Bob", 1, 1),
            new LfwPeople.Person("Cid", 20, 1)),
        people.people());
    assertEquals(24, people.images());
    assertEquals(2, people.inFold(1).size());
    assertThrows(IllegalArgumentException.class, () -> people.inFold(2));
  }

  @Test
  void viewOneIsOneSet() throws IOException {
    LfwPeople people = read("2\r\nAnn\t3\r\nBob\t1\r\n\r\n");
    assertEquals(1, people.folds());
    assertEquals(2, people.inFold(0).size());
  }

  @Test
  void damageIsReportedWithItsLine() throws IOException {
    assertProblem("", 1, "found ''");
    assertProblem("x\n", 1, "number of people or of sets");
    assertProblem("0\n", 1, "found '0'");
    assertProblem("3\nAnn\t3\n", 2, "the list ends after 1 people of this set; it promises 3");
    assertProblem(SETS + "Eve\t1\n", 7, "expected the end after 3 people");
    assertProblem(SETS.replace("Cid\t20", "Cid 20"), 6, "found 'Cid 20'");
    assertProblem(SETS.replace("Cid\t20", "Cid\t0"), 6, "1 to 9999 images, found 0");
    assertProblem(SETS.replace("Cid\t20", "Cid\t10000"), 6, "1 to 9999");
    assertProblem(SETS.replace("Cid\t20", "../x\t2"), 6, "slashes, found '../x'");
    assertProblem(SETS.replace("Cid\t20", "..\t2"), 6, "found '..'");
    assertProblem(SETS.replace("Cid", "Ann"), 6, "Ann is named a second time");
    assertProblem(SETS.replace("2\n1", "3\n1"), 6, "number of people of set 3");
    assertProblem("9999\n2\nAnn\t1\n", 2, "expected '<name><TAB><images>', found '2'");
  }

  @Test
  void aMissingFileSaysWhatWasExpected() {
    DataException error =
        assertThrows(DataException.class, () -> LfwPeople.read(folder.resolve("none.txt")));
    assertTrue(error.getMessage().contains("does not exist; expected a list of people"));
  }

  @Test
  @DataTest
  void theOfficialListsHaveTheirOfficialCounts() {
    Path lfw = DataFolder.path().resolve("data/lfw");
    LfwPeople all = LfwPeople.read(lfw.resolve("people.txt"));
    LfwPeople train = LfwPeople.read(lfw.resolve("peopleDevTrain.txt"));
    LfwPeople test = LfwPeople.read(lfw.resolve("peopleDevTest.txt"));
    assertEquals(10, all.folds());
    assertEquals(5749, all.people().size());
    assertEquals(13233, all.images());
    assertEquals(601, all.inFold(0).size());
    assertEquals(4038, train.people().size());
    assertEquals(9525, train.images());
    assertEquals(1711, test.people().size());
    assertEquals(3708, test.images());
    Set<String> both = new HashSet<>(names(train));
    both.retainAll(names(test));
    assertEquals(Set.of(), both, "View 1 trains and tests on different people");
    Set<String> union = new HashSet<>(names(train));
    union.addAll(names(test));
    assertEquals(names(all), union);
  }

  private static Set<String> names(LfwPeople people) {
    return people.people().stream().map(LfwPeople.Person::name).collect(Collectors.toSet());
  }

  private LfwPeople read(String text) throws IOException {
    return LfwPeople.read(Files.writeString(folder.resolve("people.txt"), text));
  }

  private void assertProblem(String text, int line, String problem) {
    DataException error = assertThrows(DataException.class, () -> read(text));
    assertTrue(
        error.getMessage().contains("people.txt:" + line + ": ")
            && error.getMessage().contains(problem),
        error.getMessage());
  }
}
