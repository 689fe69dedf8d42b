package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mien.core.config.Recipe.MINIMAL;
import static org.mien.core.config.Recipe.parse;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;

class VariablesTest {

  @Test
  void replacesEveryReferenceOnce() {
    Variables variables = new Variables(Map.of("A", "1", "B", "${A}$x\\"));
    assertEquals("1-${A}$x\\-1", variables.expand("${A}-${B}-${A}", Assertions::fail));
  }

  @Test
  void listsTheKnownOnesWhereOneIsUnknown() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                parse(
                    MINIMAL.replace("faces", "${MIEN_DAT}/faces"),
                    Map.of("MIEN_DATA", "/d", "HOME", "/h")));
    assertEquals(
        "recipe.yaml:4:11 data.folder: unknown variable ${MIEN_DAT}; known: HOME, MIEN_DATA",
        e.getMessage());
  }

  @Test
  void saysWhereNoneIsKnownOrABraceIsMissing() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> parse(MINIMAL.replace("first", "${A} ${B"), Map.of()));
    assertEquals(
        """
        recipe.yaml:1:7 name: unknown variable ${A}; none is known
        recipe.yaml:1:7 name: ${ without its }; write $${ for the characters themselves""",
        e.getMessage());
  }

  @Property(tries = 300)
  void escapedTextComesBack(
      @ForAll @CharRange(from = '#', to = '$') @CharRange(from = '{', to = '}') String text) {
    assertEquals(text, new Variables(Map.of()).expand(Variables.escape(text), Assertions::fail));
  }
}
