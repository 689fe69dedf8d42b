package org.mien.eval;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Asserts what an error says. */
public final class Failure {
  private Failure() {}

  public static void says(Class<? extends RuntimeException> type, String part, Executable code) {
    String message = assertThrows(type, code).getMessage();
    assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
  }
}
