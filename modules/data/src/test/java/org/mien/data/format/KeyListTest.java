package org.mien.data.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyListTest {
  @Test
  void textsComeBackInTheirOrder() {
    List<String> texts = new ArrayList<>(List.of("", "a/b.jpg", "", "Gerhard_Schröder/1.jpg", "人"));
    for (int i = 0; i < 1000; i++) {
      texts.add("image " + i * i);
    }
    assertEquals(texts, KeyList.of(texts));
    assertEquals(List.of(), KeyList.of(List.of()));
  }
}
