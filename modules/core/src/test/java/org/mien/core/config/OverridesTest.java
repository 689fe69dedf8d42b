package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.core.config.Recipe.MINIMAL;
import static org.mien.core.config.Recipe.parse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.error.ConfigException;

class OverridesTest {

  @Test
  void replacesAValue() {
    assertEquals(7, parse(MINIMAL, "seed=3", "seed=7").seed());
  }

  @Test
  void createsTheMappingsOnTheWay() {
    assertEquals(3, parse(MINIMAL, "training.epochs=3").training().epochs());
    assertEquals(3, parse(MINIMAL + "training:\n", "training.epochs=3").training().epochs());
    assertEquals(3, parse(MINIMAL + "training: {}\n", "training.epochs=3").training().epochs());
  }

  @Test
  void parsesItsValueAsYaml() {
    Recipe recipe =
        parse(
            MINIMAL,
            "loss={type: arcface, scale: 30}",
            "data.fractions=[0.5, 0.5]",
            "training.decay=null",
            "name='a=b'");
    assertEquals(new Recipe.ArcFace(0.5, 30), recipe.loss());
    assertEquals(List.of(0.5, 0.5), recipe.data().fractions());
    assertEquals(Optional.empty(), recipe.training().decay());
    assertEquals("a=b", recipe.name());
  }

  @Test
  void goesIntoListsAndAppends() {
    String yaml = MINIMAL.replace("folder: faces", "{folder: faces, sources: [{folder: a}]}");
    List<Recipe.Source> sources =
        parse(yaml, "data.sources.0.weight=2", "data.sources.1.folder=b").data().sources();
    assertEquals(
        List.of(new Recipe.Source(Path.of("a"), 2), new Recipe.Source(Path.of("b"), 1)), sources);
  }

  @Test
  void findsKeysThatHoldDotsAndTakesNewOnesInQuotes() {
    Map<String, Recipe.Expectation> expect =
        parse(
                MINIMAL + "expect: {lfw.accuracy: {atLeast: 0.9}}\n",
                "expect.lfw.accuracy.atLeast=0.95",
                "expect.\"tar@far=1e-3\".atLeast=0.8")
            .expect();
    assertEquals(
        Map.of(
            "lfw.accuracy", new Recipe.Expectation(0.95),
            "tar@far=1e-3", new Recipe.Expectation(0.8)),
        expect);
  }

  @Test
  void changingTheTypeKeepsTheOtherKeys() {
    String yaml = MINIMAL.replace("type: softmax", "{type: arcface, scale: 30}");
    assertEquals(new Recipe.ArcFace(0.5, 30), parse(yaml, "loss.type=arcface").loss());
    assertProblem(
        "recipe.yaml:6:19 loss.scale: unknown key; known: type", yaml, "loss.type=softmax");
  }

  @Test
  void replacesVariables() {
    assertEquals(Path.of("/data/x"), parse(MINIMAL, "data.folder=${MIEN_DATA}/x").data().folder());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "seed                | --set seed: expected key=value, such as training.epochs=3",
        "=3                  | --set : expected key=value, such as training.epochs=3",
        "training..epochs=3  | --set training..epochs: expected key=value, such as training.epochs=3",
        "name.x=3 | --set name.x: expected name to be a mapping or a list, was \"first\"",
        "training.epoch=3    | --set training.epoch: unknown key; did you mean epochs?",
        "training={epoch: 3} | --set training training.epoch: unknown key; did you mean epochs?",
        "training.epochs=    | --set training.epochs: expected a whole number of at least 1, was empty",
        "data.fractions.3=1  | --set data.fractions.3: expected an index from 0 to 2 into"
            + " data.fractions, was 3",
        "data.fractions.x=1  | --set data.fractions.x: expected an index from 0 to 2 into"
            + " data.fractions, was x",
        "data.sources.0.weight=2 | --set data.sources.0.weight data.sources.0.folder: required,"
            + " missing (Folder.)",
      })
  void tellsWhatCannotBeApplied(String override, String problem) {
    String yaml =
        MINIMAL.replace("folder: faces", "{folder: faces, fractions: [0.5, 0.5], sources: []}");
    assertProblem(problem, yaml, override);
  }

  @Test
  void tellsWhereItsYamlIsBroken() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(MINIMAL, "data.fractions=[1"));
    assertTrue(e.getMessage().startsWith("--set data.fractions: not YAML: "), e.getMessage());
  }

  private static void assertProblem(String problem, String yaml, String override) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse(yaml, override));
    assertEquals(problem, e.getMessage());
  }
}
