package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.core.config.Recipe.MINIMAL;
import static org.mien.core.config.Recipe.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;

class ConfigLoaderTest {

  @Test
  void fillsInEveryDefault() {
    assertEquals(
        new Recipe(
            "first",
            1,
            new Recipe.Data(
                Path.of("faces"),
                ColorOrder.RGB,
                new Crop.None(),
                List.of(0.8, 0.2),
                List.of(),
                Optional.empty()),
            new Recipe.Training(10, 64, 1e-3, true, Optional.empty(), Optional.of(5e-4)),
            new Recipe.Softmax(),
            Map.of()),
        parse(MINIMAL));
  }

  @Test
  void bindsEveryKindOfValue() {
    Recipe recipe =
        parse(
            """
            name: "2024"
            seed: -9007199254740993
            data:
              folder: ${MIEN_DATA}/lfw
              colorOrder: bgr
              crop: {type: centre, fraction: .5}
              fractions: [1, 0]
              sources:
                - folder: a
                - {folder: b, weight: 2e0}
              keep: [x, "y"]
            training:
              epochs: 1e2
              batchSize: 0x10
              learningRate: 1e-3
              cache: False
              maxSeconds: 60
              decay: null
            loss: {marginRadians: 0, type: arcface, scale: 30}
            expect:
              lfw.accuracy: {atLeast: 0.99}
              tar@far=1e-3: {atLeast: 0.9}
            """);
    assertEquals("2024", recipe.name());
    assertEquals(-9007199254740993L, recipe.seed());
    assertEquals(Path.of("/data/lfw"), recipe.data().folder());
    assertEquals(ColorOrder.BGR, recipe.data().colorOrder());
    assertEquals(new Crop.Centre(0.5), recipe.data().crop());
    assertEquals(List.of(1.0, 0.0), recipe.data().fractions());
    assertEquals(
        List.of(new Recipe.Source(Path.of("a"), 1), new Recipe.Source(Path.of("b"), 2)),
        recipe.data().sources());
    assertEquals(Optional.of(List.of("x", "y")), recipe.data().keep());
    assertEquals(
        new Recipe.Training(100, 16, 1e-3, false, Optional.of(60), Optional.empty()),
        recipe.training());
    assertEquals(new Recipe.ArcFace(0, 30), recipe.loss());
    assertEquals(List.of("lfw.accuracy", "tar@far=1e-3"), List.copyOf(recipe.expect().keySet()));
  }

  @Test
  void tellsEveryProblemAtOnceInTheOrderOfTheFile() {
    String yaml =
        """
        name: 5
        sed: 1
        data:
          colorOrder: RGB
          crop:
            type: center
          fractions: [0.5, 2]
          sources: {}
          wholly_different: 1
        training:
          epochs: 3.5
          batchSize: 3000000000
          learnigRate: 1e-3
          cache: yes
          epochs: 4
        loss:
          type: arcface
          marginRadians: 28.6
        expect: [1]
        """;
    assertProblems(
        yaml,
        List.of("training.decay=-1"),
        "recipe.yaml:1:1 seed: required, missing (The one seed.)",
        "recipe.yaml:1:7 name: expected text, was 5; put it in quotes",
        "recipe.yaml:2:1 sed: unknown key; did you mean seed?",
        "recipe.yaml:4:3 data.folder: required, missing (Folder of images, one folder a person.)",
        "recipe.yaml:4:15 data.colorOrder: expected one of rgb, bgr, was \"RGB\"; did you mean rgb?",
        "recipe.yaml:6:11 data.crop.type: expected one of none, centre, was \"center\"; did you mean"
            + " centre?",
        "recipe.yaml:7:20 data.fractions.1: expected a number in [0, 1], was 2",
        "recipe.yaml:8:12 data.sources: expected a list, was a mapping",
        "recipe.yaml:9:3 data.wholly_different: unknown key; known: folder, colorOrder, crop,"
            + " fractions, sources, keep",
        "recipe.yaml:11:11 training.epochs: expected a whole number of at least 1, was 3.5",
        "recipe.yaml:12:14 training.batchSize: expected a whole number in [-2147483648,"
            + " 2147483647], was 3000000000",
        "recipe.yaml:13:3 training.learnigRate: unknown key; did you mean learningRate?",
        "recipe.yaml:14:10 training.cache: expected true or false, was \"yes\"",
        "recipe.yaml:15:3 training.epochs: given twice; the first is on line 11",
        "recipe.yaml:18:18 loss.marginRadians: expected a number in [0, 1.57), was 28.6",
        "recipe.yaml:19:9 expect: expected a mapping, was a list",
        "--set training.decay: expected a number of at least 0, was -1");
  }

  @Test
  void tellsWhatAConstructorRefusesAtTheRecord() {
    assertProblems(
        MINIMAL + "training:\n  epochs: 2\n  batchSize: 7\n",
        List.of(),
        "recipe.yaml:8:3 training: expected an even batchSize, was 7");
  }

  @Test
  void asksNoConstructorBeforeAllItsComponentsFit() {
    assertProblems(
        MINIMAL + "training:\n  epochs: 0\n  batchSize: 7\n",
        List.of(),
        "recipe.yaml:8:11 training.epochs: expected a whole number of at least 1, was 0");
  }

  @Test
  void wantsTheTypeOfAVariant() {
    assertProblems(
        MINIMAL.replace("type: softmax", "scale: 3"),
        List.of(),
        "recipe.yaml:6:3 loss.type: required, missing (one of softmax, arcface)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "epochs: 1_000     | epochs: expected a whole number of at least 1, was \"1_000\"",
        "epochs: '5'       | epochs: expected a whole number of at least 1, was \"5\"",
        "epochs:           | epochs: expected a whole number of at least 1, was empty",
        "epochs: 1e999999999 | epochs: expected a whole number in [-2147483648, 2147483647], was"
            + " 1e999999999",
        "epochs: 1e-999999999 | epochs: expected a whole number of at least 1, was 1e-999999999",
        "learningRate: 0   | learningRate: expected a number greater than 0, was 0",
        "learningRate: .nan | learningRate: expected a number greater than 0, was .nan",
        "learningRate: .inf | learningRate: expected a number greater than 0, was .inf",
        "learningRate: 1e999 | learningRate: expected a number greater than 0, was 1e999",
        "learningRate: ~   | learningRate: expected a number greater than 0, was ~",
        "learningRate: [1] | learningRate: expected a number greater than 0, was a list",
        "learningRate: !!str 1 | learningRate: expected a number greater than 0, was \"1\"",
        "cache: 1          | cache: expected true or false, was 1",
      })
  void refusesWhatIsNoSuchNumberOrTruth(String line, String problem) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(MINIMAL + "training: {" + line + "}"));
    assertTrue(e.getMessage().endsWith(" training." + problem), e.getMessage());
  }

  @Test
  void refusesForeignTagsWithoutLoadingTheirClass() {
    assertProblems(
        MINIMAL + "training: !!java.net.URL [\"http://localhost\"]\n",
        List.of(),
        "recipe.yaml:7:11 training: the tag tag:yaml.org,2002:java.net.URL is not allowed");
  }

  @Test
  void refusesAnchorsAndAliases() {
    assertProblems(
        MINIMAL + "training: &a {}\nexpect: *a\n",
        List.of(),
        "recipe.yaml:7:11: anchors (&) and aliases (*) are not allowed; repeat the value",
        "recipe.yaml:8:9: anchors (&) and aliases (*) are not allowed; repeat the value");
  }

  @Test
  void refusesDeepNestingRatherThanOverflowingTheStack() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse("a: " + "[".repeat(100_000)));
    assertEquals("recipe.yaml:1:67: nested deeper than 64 levels", e.getMessage());
  }

  @Test
  void keepsAMessageOnOneLineWhateverTheKey() {
    assertProblems(
        MINIMAL + "\"a\\nb\": 1\n",
        List.of(),
        "recipe.yaml:7:1 a\\u000ab: unknown key; known: name, seed, data, training, loss, expect");
  }

  @Test
  void tellsWhereTheYamlIsBroken() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse("name: first\nseed: [1, 2\ndata: {}\n"));
    assertTrue(e.getMessage().startsWith("recipe.yaml:3:5: not YAML: "), e.getMessage());
  }

  @Test
  void tellsWhereACharacterIsNotAllowed() {
    ConfigException e = assertThrows(ConfigException.class, () -> parse("name: first\nx: \0"));
    assertEquals("recipe.yaml:2:4: not YAML: the character U+0000 is not allowed", e.getMessage());
  }

  @Test
  void refusesASecondDocument() {
    ConfigException e = assertThrows(ConfigException.class, () -> parse("a: 1\n---\nb: 2\n"));
    assertTrue(e.getMessage().startsWith("recipe.yaml:2:1: not YAML: "), e.getMessage());
  }

  @Test
  void refusesAnEmptyFile() {
    for (String yaml : List.of("", "# nothing\n", "~")) {
      ConfigException e = assertThrows(ConfigException.class, () -> parse(yaml));
      assertEquals("recipe.yaml: is empty; expected a configuration", e.getMessage());
    }
  }

  @Test
  void readsAFileAndKeepsItsText(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my.yaml"), "# mine\n" + MINIMAL);
    LoadedConfig<Recipe> loaded =
        ConfigLoader.load(file, Recipe.class, List.of("seed=7"), Map.of());
    assertEquals(7, loaded.value().seed());
    assertEquals("# mine\n" + MINIMAL, loaded.source());
  }

  @Test
  void readsAFileWithAByteOrderMark(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my.yaml"), "\uFEFF" + MINIMAL);
    assertEquals(
        "first", ConfigLoader.load(file, Recipe.class, List.of(), Map.of()).value().name());
  }

  @Test
  void tellsWhichFileCannotBeRead(@TempDir Path folder) throws IOException {
    Path latin1 =
        Files.write(folder.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    Map<Path, String> expected =
        Map.of(
            folder.resolve("none.yaml"),
            "does not exist; expected a YAML file",
            folder,
            "is a folder; expected a YAML file",
            latin1,
            "is not UTF-8 text; expected a YAML file",
            large,
            "is larger than a configuration may be (1048576 bytes)");
    expected.forEach(
        (file, problem) -> {
          ConfigException e =
              assertThrows(
                  ConfigException.class,
                  () -> ConfigLoader.load(file, Recipe.class, List.of(), Map.of()));
          assertEquals(file + ": " + problem, e.getMessage());
          assertEquals(2, e.exitCode());
        });
  }

  @Test
  void loadsASealedInterfaceAndItsRecordsByThemselves() {
    String yaml = "{type: centre, fraction: 0.5}";
    Crop.Centre half = new Crop.Centre(0.5);
    assertEquals(half, load(yaml, Crop.class));
    assertEquals(half, load(yaml, Crop.Centre.class));
    assertEquals(half, load("fraction: 0.5", Crop.Centre.class));
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> load("{type: none, fraction: 1}", Crop.Centre.class));
    assertEquals("x.yaml:1:8 type: expected one of centre, was \"none\"", e.getMessage());
  }

  @Test
  void boundCollectionsCannotBeChanged() {
    Recipe recipe = parse(MINIMAL);
    assertThrows(UnsupportedOperationException.class, () -> recipe.data().fractions().add(1.0));
    assertThrows(UnsupportedOperationException.class, () -> recipe.expect().clear());
  }

  private static <T> T load(String yaml, Class<T> type) {
    return ConfigLoader.parse(yaml, "x.yaml", type, List.of(), Map.of()).value();
  }

  private static void assertProblems(String yaml, List<String> overrides, String... problems) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> parse(yaml, overrides.toArray(String[]::new)));
    assertEquals(String.join("\n", problems), e.getMessage());
  }
}
