package org.mien.model.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OneDnnTest {
  @Test
  void convolutionsRunOnOneDnn() {
    OneDnn.Status status = Nd4jRuntime.start().oneDnn();
    assertTrue(status.active(), status.explanation());
  }

  @Test
  void statusNamesThePropertyThatKeepsItOff() {
    Nd4jRuntime.start();
    String before = System.setProperty(OneDnn.DISABLE_PROPERTY, "true");
    try {
      OneDnn.Status status = OneDnn.status();
      assertFalse(status.active());
      assertTrue(status.explanation().contains(OneDnn.DISABLE_PROPERTY), status.explanation());
    } finally {
      System.setProperty(OneDnn.DISABLE_PROPERTY, before);
    }
  }

  @Test
  void backendNamesVersionAndThreads() {
    String backend = Nd4jRuntime.start().backend();
    assertTrue(backend.matches("nd4j-native 1\\.0\\.0-M2\\.1, oneDNN on, \\d+ threads"), backend);
    assertEquals(backend, Nd4jRuntime.start().backend());
  }
}
