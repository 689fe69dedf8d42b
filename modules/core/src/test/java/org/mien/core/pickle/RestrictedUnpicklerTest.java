package org.mien.core.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.PickleException;
import org.junit.jupiter.api.Test;

final class RestrictedUnpicklerTest {
  private static final class Unpickler extends RestrictedUnpickler {
    Unpickler() {
      super(Map.of("allowed.value", "this one"));
    }
  }

  private static Object read(String pickle) throws IOException {
    return new Unpickler()
        .read(new ByteArrayInputStream(pickle.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void listsAndDictionariesKeepTheirContentInOrder() throws IOException {
    assertEquals(List.of(1, 2), List.copyOf((List<?>) read("(lI1\naI2\na.")));
    assertEquals(List.of(1, 2), List.copyOf((List<?>) read("(I1\nI2\nl.")));
    for (String pickle : List.of("}(U\u0001bI1\nU\u0001aI2\nu.", "(S'b'\nI1\nS'a'\nI2\nd.")) {
      Map<?, ?> dictionary = (Map<?, ?>) read(pickle);
      assertEquals(List.of("b", "a"), List.copyOf(dictionary.keySet()));
      assertEquals(2, dictionary.get("a"));
    }
  }

  @Test
  void onlyWhatIsAllowedHasAName() throws IOException {
    assertEquals("this one", read("callowed\nvalue\n."));
    RestrictedUnpickler.ForeignClassException error =
        assertThrows(RestrictedUnpickler.ForeignClassException.class, () -> read("cos\nsystem\n."));
    assertEquals("os.system", error.getMessage());
    assertThrows(PickleException.class, () -> read("\u0080\u0004]]\u0093."));
  }

  @Test
  void aListOfListsOfListsIsCheapToPrintAndToHash() throws IOException {
    // Each list holds the one before twice: printed in full, 2^60 elements.
    StringBuilder pickle = new StringBuilder("\u0080\u0004]\u0094");
    for (int i = 0; i < 60; i++) {
      pickle.append("](h").append((char) i).append('h').append((char) i).append("e\u0094");
    }
    Object list = read(pickle.append('.').toString());
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertEquals("a list of 2", list.toString());
          assertEquals(list.hashCode(), list.hashCode());
        });
  }

  @Test
  void aListThatHoldsItselfIsCheapToPrintAndMayBeAKey() throws IOException {
    Object list = read("]q\u0000h\u0000a.");
    assertEquals("a list of 1", list.toString());
    Map<?, ?> dictionary = (Map<?, ?>) read("}]q\u0000h\u0000aI1\ns.");
    assertEquals(1, dictionary.size());
    assertEquals("a dictionary of 1", dictionary.toString());
  }

  @Test
  void aNumberOfAMillionDigitsIsRefused() {
    for (String instruction : List.of("L", "I", "F", "g", "p")) {
      String pickle = "]" + instruction + "7".repeat(1_000_000) + "\n.";
      PickleException error = assertThrows(PickleException.class, () -> read(pickle));
      assertTrue(error.getMessage().contains("a number without end"), error.getMessage());
    }
  }

  @Test
  void instructionsWithoutEndAreRefused() {
    String pickle = "(".repeat((1 << 23) + 10);
    PickleException error = assertThrows(PickleException.class, () -> read(pickle));
    assertTrue(error.getMessage().contains("instructions"), error.getMessage());
  }

  @Test
  void lengthsBeyondTheEndAreRefusedBeforeTheyAreAllocated() {
    for (String pickle :
        List.of(
            "T\u00ff\u00ff\u00ff\u007fa",
            "X\u00ff\u00ff\u00ff\u00ffa",
            "B\u00ff\u00ff\u00ff\u00ffa",
            "\u008e\u0000\u0000\u0000\u0000\u0000\u0001\u0000\u0000a",
            "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffa",
            "\u0096\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fa",
            "B\u0001")) {
      assertThrows(PickleException.class, () -> read(pickle));
    }
  }
}
