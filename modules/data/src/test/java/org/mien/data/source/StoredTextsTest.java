package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class StoredTextsTest {
  @Property(tries = 100)
  void textsComeBackInTheirOrder(@ForAll List<String> any) {
    List<String> texts = any.stream().filter(StoredTexts::canStore).toList();
    StoredTexts stored = new StoredTexts();
    texts.forEach(stored::add);
    stored.trimmed();
    assertEquals(texts.size(), stored.size());
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(texts.get(i), stored.get(i));
    }
  }

  @Property(tries = 100)
  void equalTextsShareAnIndex(@ForAll List<String> any) {
    List<String> distinct =
        new ArrayList<>(new LinkedHashSet<>(any.stream().filter(StoredTexts::canStore).toList()));
    StoredTexts stored = new StoredTexts();
    any.stream().filter(StoredTexts::canStore).forEach(stored::indexOf);
    for (int i = 0; i < distinct.size(); i++) {
      assertEquals(i, stored.indexOf(distinct.get(i)));
    }
    assertEquals(distinct.size(), stored.size());
  }

  @Test
  void manyTextsCrossTheBordersOfTheirChunks() {
    StoredTexts stored = new StoredTexts();
    String tail = "x".repeat(700);
    for (int i = 0; i < 20_000; i++) {
      assertEquals(i, stored.indexOf(i + tail));
    }
    for (int i = 0; i < 20_000; i += 7) {
      assertEquals(i, stored.indexOf(i + tail));
      assertEquals(i + tail, stored.get(i));
    }
    assertEquals("19999" + tail, stored.trimmed().get(19_999));
  }

  @Test
  void halfASurrogatePairCannotBeStored() {
    assertFalse(StoredTexts.canStore("a\ud800b"));
    assertTrue(StoredTexts.canStore("a\ud83d\ude00b"));
  }
}
