package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.config.LoadedConfig;
import org.mien.core.config.SchemaGenerator;
import org.mien.core.error.ConfigException;
import org.mien.core.run.RunDirectory;
import org.mien.data.augment.AugmentationConfig;
import org.mien.data.protocol.ProtocolConfig;
import org.mien.data.source.DatasetConfig;
import org.mien.data.source.DatasetFile;
import org.mien.model.file.ModelDescriptor;
import org.mien.testing.DataFolder;
import org.mien.trainer.experiment.ExperimentConfig;
import org.mien.trainer.search.Search;
import org.mien.trainer.search.SearchConfig;

/** The committed recipes and their schema. */
final class RecipesTest {
  private static final Path CONFIGS = DataFolder.projectRoot().resolve("configs");
  private static final Map<String, String> VARIABLES =
      Map.of("MIEN_DATA", "/data", "MIEN_HOME", "/mien");

  static List<Path> recipes() throws IOException {
    return yamlIn(CONFIGS);
  }

  static List<Path> descriptors() throws IOException {
    return yamlIn(CONFIGS.resolve("models"));
  }

  private static List<Path> yamlIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyRecipeLoadsAndItsResolvedFormIsTheSame(Path recipe) {
    ExperimentConfig loaded =
        ConfigLoader.load(recipe, ExperimentConfig.class, List.of(), VARIABLES).value();
    String resolved = ConfigWriter.toYaml(loaded);
    assertEquals(
        loaded,
        ConfigLoader.parse(resolved, "resolved", ExperimentConfig.class, List.of(), Map.of())
            .value());
    assertEquals(recipe.getFileName().toString(), loaded.name() + ".yaml");
    // The order of a recipe's maps, too: the fingerprint of the run depends on it.
    assertEquals(
        List.copyOf(loaded.expect().keySet()),
        loaded.expect().keySet().stream().sorted().toList(),
        "the committed recipes list their expectations in alphabetical order");
  }

  @ParameterizedTest
  @MethodSource("descriptors")
  void everyDescriptorLoads(Path descriptor) {
    ModelDescriptor loaded =
        ConfigLoader.load(descriptor, ModelDescriptor.class, List.of(), VARIABLES).value();
    assertEquals(descriptor.getFileName().toString(), loaded.name() + ".yaml");
  }

  static Stream<Arguments> schemas() {
    return Stream.of(
        Arguments.of("experiment.schema.json", ExperimentConfig.class),
        Arguments.of("dataset.schema.json", DatasetFile.class),
        Arguments.of("search.schema.json", SearchConfig.class));
  }

  static List<Path> searches() throws IOException {
    return yamlIn(CONFIGS.resolve("search"));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void everySearchFitsItsRecipe(Path file, @TempDir Path runs) {
    LoadedConfig<SearchConfig> loaded =
        ConfigLoader.load(file, SearchConfig.class, List.of(), VARIABLES);
    assertEquals(file.getFileName().toString(), loaded.value().name() + ".yaml");
    RunDirectory folder = Search.begin(loaded, file, runs, VARIABLES);
    assertEquals(
        loaded.value(),
        ConfigLoader.load(folder.resolvedConfig(), SearchConfig.class, List.of(), Map.of())
            .value());
  }

  static List<Path> datasetFiles() throws IOException {
    return yamlIn(CONFIGS.resolve("data"));
  }

  @ParameterizedTest
  @MethodSource("datasetFiles")
  void everyDatasetFileLoads(Path file) {
    ConfigLoader.load(file, DatasetFile.class, List.of(), VARIABLES);
  }

  @Test
  void everySourceAndEveryProtocolHasASample() throws IOException {
    Set<Class<?>> shown = new HashSet<>();
    for (Path file : datasetFiles()) {
      DatasetFile loaded = ConfigLoader.load(file, DatasetFile.class, List.of(), VARIABLES).value();
      loaded.source().ifPresent(source -> shown.add(source.getClass()));
      loaded.protocol().ifPresent(protocol -> shown.add(protocol.getClass()));
    }
    Set<Class<?>> all = new HashSet<>();
    addVariants(DatasetConfig.class, all);
    addVariants(ProtocolConfig.class, all);
    assertEquals(all, shown);
  }

  private static void addVariants(Class<?> type, Set<Class<?>> all) {
    for (Class<?> variant : type.getPermittedSubclasses()) {
      if (variant.isInterface()) {
        addVariants(variant, all);
      } else {
        all.add(variant);
      }
    }
  }

  @Test
  void thePreviewShowsEveryAugmentation() {
    Set<Class<?>> shown = new HashSet<>();
    DataPreviewCommand.everything().forEach(augmentation -> shown.add(augmentation.getClass()));
    assertEquals(Set.of(AugmentationConfig.class.getPermittedSubclasses()), shown);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void theCommittedSchemaIsTheOneOfTheRecords(String name, Class<?> type) throws IOException {
    Path file = CONFIGS.resolve("schema").resolve(name);
    String generated = SchemaGenerator.toJsonSchema(type);
    if (Boolean.getBoolean("mien.updateSchema")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertEquals(
        generated,
        Files.readString(file),
        "run: mvn -pl modules/cli -am test -Dtest=RecipesTest -Dtest.jvm.args=-Dmien.updateSchema=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceWithItsPlace() {
    String recipe =
        """
        name: wrong
        data:
          source: {type: lfw, folder: /faces, minimumImage: 3}
        model:
          backbone: {type: resnet, depth: 51}
        training:
          epochs: 0
          optimizer: {type: adam, learningRate: -1}
        training: {epochs: 3}
        """;
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigLoader.parse(
                    recipe, "wrong.yaml", ExperimentConfig.class, List.of(), VARIABLES));
    for (String part :
        List.of(
            "seed: required",
            "wrong.yaml:3:39 data.source.minimumImage: unknown key; did you mean minimumImages?",
            "wrong.yaml:7:11 training.epochs",
            "training.optimizer.learningRate",
            "wrong.yaml:5:13 model.backbone",
            "wrong.yaml:9:1 training")) {
      assertTrue(error.getMessage().contains(part), part + " is missing in\n" + error.getMessage());
    }
  }

  @Test
  void aKeyThatWouldDoNothingIsRefused() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    CONFIGS.resolve("quickstart.yaml"),
                    ExperimentConfig.class,
                    List.of("training.sampledIdentities=0.5", "model.freeze=none"),
                    VARIABLES));
    assertTrue(error.getMessage().contains("training.sampledIdentities"), error.getMessage());
  }
}
