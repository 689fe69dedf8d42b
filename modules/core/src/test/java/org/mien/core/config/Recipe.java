package org.mien.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;

/** A configuration with every kind of component, for tests. */
record Recipe(
    @Setting("Name of the experiment.") String name,
    @Setting("The one seed.") long seed,
    @Setting("What is read.") Data data,
    @Setting(value = "How it is trained.", defaultValue = "{}") Training training,
    @Setting("The loss.") Loss loss,
    @Setting(value = "Figures that must be reached, by metric.", defaultValue = "{}")
        Map<String, Expectation> expect) {

  record Data(
      @Setting("Folder of images, one folder a person.") Path folder,
      @Setting(value = "Order of the planes.", defaultValue = "rgb") ColorOrder colorOrder,
      @Setting(value = "What is cut out.", defaultValue = "{type: none}") Crop crop,
      @Setting(value = "Fractions of the parts.", defaultValue = "[0.8, 0.2]", min = 0, max = 1)
          List<Double> fractions,
      @Setting(value = "More folders.", defaultValue = "[]") List<Source> sources,
      @Setting("Names to keep; all if empty.") Optional<List<String>> keep) {}

  record Source(
      @Setting("Folder.") Path folder,
      @Setting(value = "Weight.", defaultValue = "1", min = 0, exclusiveMin = true)
          double weight) {}

  record Training(
      @Setting(value = "Passes over the data.", defaultValue = "10", min = 1) int epochs,
      @Setting(value = "Images a step.", defaultValue = "64", min = 1, max = 4096) int batchSize,
      @Setting(value = "Step size.", defaultValue = "1e-3", min = 0, exclusiveMin = true)
          double learningRate,
      @Setting(value = "Whether features are kept.", defaultValue = "true") boolean cache,
      @Setting(value = "Stop after this many seconds.", min = 1) Optional<Integer> maxSeconds,
      @Setting(value = "Weight decay; null for none.", defaultValue = "5e-4", min = 0)
          Optional<Double> decay) {
    Training {
      if (batchSize % 2 == 1) {
        throw new IllegalArgumentException("expected an even batchSize, was " + batchSize);
      }
    }
  }

  sealed interface Loss {}

  @TypeName("softmax")
  record Softmax() implements Loss {}

  @TypeName("arcface")
  record ArcFace(
      @Setting(
              value = "Angular margin in radians.",
              defaultValue = "0.5",
              min = 0,
              max = 1.57,
              exclusiveMax = true)
          double marginRadians,
      @Setting(value = "Scale of the logits.", defaultValue = "64", min = 0, exclusiveMin = true)
          double scale)
      implements Loss {}

  record Expectation(@Setting("Smallest value.") double atLeast) {}

  /** The least a recipe must say. */
  static final String MINIMAL =
      """
      name: first
      seed: 1
      data:
        folder: faces
      loss:
        type: softmax
      """;

  static Recipe parse(String yaml, String... overrides) {
    return parse(yaml, Map.of("MIEN_DATA", "/data"), overrides);
  }

  static Recipe parse(String yaml, Map<String, String> variables, String... overrides) {
    return ConfigLoader.parse(yaml, "recipe.yaml", Recipe.class, List.of(overrides), variables)
        .value();
  }
}
