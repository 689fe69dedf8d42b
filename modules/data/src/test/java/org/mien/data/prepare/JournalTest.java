package org.mien.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve(".journal");
  }

  @Test
  void whatWasNotedIsFoundAgain() {
    try (Journal journal = Journal.open(file(), 4)) {
      journal.append(2, List.of("c", "", "3"));
      journal.append(0, List.of("ä".repeat(900)));
      journal.append(2, List.of("later"));
      assertEquals(Optional.of(List.of("later")), journal.cells(2));
    }
    try (Journal journal = Journal.open(file(), 4)) {
      assertEquals(Optional.of(List.of("later")), journal.cells(2));
      assertEquals(Optional.of(List.of("ä".repeat(900))), journal.cells(0));
      assertEquals(Optional.empty(), journal.cells(1));
      journal.append(1, List.of("b"));
      assertEquals(Optional.of(List.of("b")), journal.cells(1));
    }
  }

  @Test
  void cutAnywhereItKeepsTheWholeLines() throws IOException {
    try (Journal journal = Journal.open(file(), 3)) {
      journal.append(1, List.of("one", "1"));
      journal.append(0, List.of("zero", "0"));
      journal.append(2, List.of("two", "2"));
    }
    byte[] whole = Files.readAllBytes(file());
    int first = 1 + new String(whole, StandardCharsets.UTF_8).indexOf('\n');
    int second = 1 + new String(whole, StandardCharsets.UTF_8).indexOf('\n', first);
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      try (Journal journal = Journal.open(file(), 3)) {
        assertEquals(length >= first, journal.cells(1).isPresent(), "at " + length);
        assertEquals(length >= second, journal.cells(0).isPresent(), "at " + length);
        assertEquals(length == whole.length, journal.cells(2).isPresent(), "at " + length);
        journal.append(2, List.of("again", "2"));
      }
      try (Journal journal = Journal.open(file(), 3)) {
        assertEquals(Optional.of(List.of("again", "2")), journal.cells(2), "at " + length);
      }
    }
  }

  @Test
  void aDamagedLineEndsIt() throws IOException {
    for (int damaged = 0; damaged < 8; damaged++) {
      Files.deleteIfExists(file());
      try (Journal journal = Journal.open(file(), 3)) {
        journal.append(0, List.of("zero"));
        journal.append(1, List.of("one"));
      }
      byte[] bytes = Files.readAllBytes(file());
      bytes[damaged] ^= 1;
      Files.write(file(), bytes);
      try (Journal journal = Journal.open(file(), 3)) {
        assertEquals(Optional.empty(), journal.cells(0));
        assertEquals(Optional.empty(), journal.cells(1));
      }
      assertEquals(0, Files.size(file()));
    }
  }

  @Test
  void settledItIsInTheOrderOfTheSamples() throws IOException {
    Path other = folder.resolve("other");
    for (Path path : List.of(file(), other)) {
      Journal journal = Journal.open(path, 4);
      List<Integer> order = path.equals(other) ? List.of(3, 0, 1) : List.of(1, 3, 0);
      order.forEach(index -> journal.append(index, List.of("n" + index, "x")));
      journal.append(2, List.of("unwanted"));
      journal.settle(cells -> cells.size() == 2);
    }
    assertEquals(Files.readString(file()), Files.readString(other));
    try (Journal journal = Journal.open(file(), 4)) {
      assertTrue(journal.cells(3).isPresent());
      assertFalse(journal.cells(2).isPresent());
    }
  }
}
