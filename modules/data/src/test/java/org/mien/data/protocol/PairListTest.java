package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PairListTest {
  private static final Pair GENUINE = new Pair("a/1", "José_Á", "a/2", "José_Á", true, 0);
  private static final Pair IMPOSTOR = new Pair("a/1", "José_Á", "b/1", "Bob", false, 1);
  private static final Pair OTHER = new Pair("b/1", "Bob", "c/1", "Cid", false, 1);
  private static final PairList LIST = new PairList("list", List.of(GENUINE, IMPOSTOR, OTHER), 2);

  @Test
  void pairsOfUnwantedPeopleAreLeftOutHoweverSpelt() {
    PairList.Filtered filtered = LIST.without(Set.of("jose-a", "Nobody"));
    assertEquals(List.of(OTHER), filtered.kept().pairs());
    assertEquals(2, filtered.kept().folds());
    assertEquals(2, filtered.leftOut());
    assertEquals(List.of("José_Á"), filtered.identitiesFound());
    assertEquals(LIST, LIST.without(Set.of()).kept());
  }

  @Test
  void keysAndIdentitiesAreListedOnce() {
    assertEquals(List.of("a/1", "a/2", "b/1", "c/1"), LIST.keys());
    assertEquals(List.of("Bob", "Cid", "José_Á"), LIST.identities());
    assertEquals(1, LIST.genuineCount());
    assertEquals(2, LIST.impostorCount());
  }

  @Test
  void contradictionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Pair("a", "A", "b", "B", true, 0));
    assertThrows(IllegalArgumentException.class, () -> new Pair("a", "A", "b", "A", false, 0));
    assertThrows(IllegalArgumentException.class, () -> new Pair("a", "A", "a", "A", true, 0));
    assertThrows(IllegalArgumentException.class, () -> new Pair("a", "A", "b", "A", true, -1));
    assertThrows(IllegalArgumentException.class, () -> new PairList("x", List.of(OTHER), 1));
    assertThrows(IllegalArgumentException.class, () -> new PairList("x", List.of(), 0));
  }
}
