package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;

class DefaultsTest {
  record Wrong(
      @Setting(value = "a", defaultValue = "many") int count,
      @Setting(value = "b", defaultValue = "2", max = 1) double fraction,
      @Setting("d") Inner inner) {}

  record Unreadable(@Setting(value = "c", defaultValue = "[") List<String> names) {}

  record Inner(@Setting(value = "e", defaultValue = "{type: oval}") Crop crop) {}

  record FromVariable(@Setting(value = "Folder.", defaultValue = "${MIEN_DATA}/lfw") Path folder) {}

  record NoSetting(String text) {}

  record WrongType(@Setting("a") Object anything) {}

  @Test
  void thoseOfTheProjectFit() {
    assertDoesNotThrow(() -> ConfigLoader.checkDefaults(Recipe.class));
    assertDoesNotThrow(() -> ConfigLoader.checkDefaults(Preprocessing.class));
  }

  @Test
  void oneThatDoesNotFitIsAProgrammersErrorEvenWhereTheFileGivesAValue() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> ConfigLoader.checkDefaults(Wrong.class));
    assertEquals(
        """
        default of Wrong.count count: expected a whole number, was "many"
        default of Wrong.fraction fraction: expected a number of at most 1, was 2
        default of Inner.crop crop.type: expected one of none, centre, was "oval\"""",
        e.getMessage());
  }

  @Test
  void oneThatIsNoYamlIsAProgrammersError() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> ConfigLoader.checkDefaults(Unreadable.class));
    assertTrue(
        e.getMessage().startsWith("default of Unreadable.names: not YAML: "), e.getMessage());
  }

  @Test
  void mayHoldVariables() {
    assertEquals(
        new FromVariable(Path.of("/d/lfw")),
        ConfigLoader.parse("{}", "x", FromVariable.class, List.of(), Map.of("MIEN_DATA", "/d"))
            .value());
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> ConfigLoader.parse("{}", "x", FromVariable.class, List.of(), Map.of()));
    assertEquals(
        "default of FromVariable.folder folder: unknown variable ${MIEN_DATA}; none is known",
        e.getMessage());
  }

  @Test
  void typesThatCannotBeConfiguredAreAProgrammersError() {
    IllegalArgumentException bare =
        assertThrows(
            IllegalArgumentException.class, () -> ConfigLoader.checkDefaults(NoSetting.class));
    assertEquals(NoSetting.class.getName() + ".text lacks @Setting", bare.getMessage());
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class, () -> ConfigLoader.checkDefaults(WrongType.class));
    assertEquals(
        WrongType.class.getName()
            + ".anything: expected a String, int, long, double, boolean, Path, enum, record, sealed"
            + " interface, or a List, Map<String, ...> or Optional of these, was java.lang.Object",
        wrong.getMessage());
  }
}
