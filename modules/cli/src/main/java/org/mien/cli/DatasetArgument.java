package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.ConfigException;
import org.mien.core.json.Json;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.source.DatasetFile;
import org.mien.trainer.experiment.ExperimentConfig;

/**
 * The data set a {@code data} command is about: a folder of identity folders, a data set file
 * ({@code configs/data}), or a recipe, whose {@code data} section counts.
 */
final class DatasetArgument {
  /** A key {@code data} at the beginning of a line is what only recipes have. */
  private static final Pattern RECIPE = Pattern.compile("(?m)^data\\s*:");

  @Parameter(
      description =
          "SOURCE (a folder of identity folders, a file such as configs/data/lfw.yaml, or a recipe);"
              + " check takes several, megaface two: the probes, then the distractors")
  private List<Path> sources = new ArrayList<>();

  @Parameter(
      names = "--set",
      description =
          "Change one key of the file, of each file where there are several: source.folder=/faces;"
              + " may be given several times",
      splitter = NoSplitting.class)
  private List<String> set = new ArrayList<>();

  /**
   * A data set that was named.
   *
   * @param seed of its random choices
   * @param recipe the recipe, if it is one
   */
  record Named(DatasetFile dataset, long seed, String name, Optional<ExperimentConfig> recipe) {
    /** Returns the folders that the source names. */
    List<Path> folders() {
      return dataset.source().stream()
          .flatMap(source -> PathComponents.of(source).stream())
          .filter(Files::isDirectory)
          .toList();
    }

    /** Lists the samples as the data set has them. */
    FaceManifest open() {
      return dataset
          .source()
          .orElseThrow(() -> new ConfigException(name + ": names no source of faces"))
          .open(new SeedStreams(seed));
    }

    /** Lists the samples, aligned as the file says. */
    FaceManifest openAligned() {
      return dataset.alignment().apply(open());
    }
  }

  /** Returns what the one source is. */
  Named single() {
    requireNoOption();
    if (sources.size() != 1) {
      throw new ParameterException(
          "expected one SOURCE (a folder, a data set file or a recipe), was " + sources.size());
    }
    return read(sources.get(0));
  }

  /** Returns what the one source is, if there is one. */
  Optional<Named> optional() {
    return sources.isEmpty() ? Optional.empty() : Optional.of(single());
  }

  /** Returns the words of the command line that named it. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    sources.forEach(source -> words.add(source.toString()));
    set.forEach(change -> words.addAll(List.of("--set", change)));
    return words;
  }

  /** Returns what each of the sources is; at least one. */
  List<Named> all() {
    requireNoOption();
    if (sources.isEmpty()) {
      throw new ParameterException("expected a SOURCE (a folder, a data set file or a recipe)");
    }
    return sources.stream().map(this::read).toList();
  }

  /** An option nobody knows would be taken for a source. */
  private void requireNoOption() {
    for (Path source : sources) {
      if (source.toString().startsWith("-")) {
        throw new ParameterException("unknown option " + source);
      }
    }
  }

  private Named read(Path source) {
    if (Files.notExists(source)) {
      throw new ConfigException(
          source + ": does not exist; expected a folder, a data set file or a recipe");
    }
    if (Files.isDirectory(source)) {
      // The same way as a file, so that --set works on a folder, too.
      String yaml =
          "source: {type: folder, folder: "
              + Json.toString(source.toString().replace("${", "$${")).strip()
              + "}";
      return new Named(parse(yaml, source.toString()), 1, name(source), Optional.empty());
    }
    if (isRecipe(source)) {
      ExperimentConfig recipe =
          ConfigLoader.load(source, ExperimentConfig.class, set, DataVariables.values()).value();
      ExperimentConfig.Data data = recipe.data();
      return new Named(
          new DatasetFile(
              Optional.of(data.source()),
              data.alignment(),
              data.augmentation(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()),
          recipe.seed(),
          data.source().name(),
          Optional.of(recipe));
    }
    return new Named(
        ConfigLoader.load(source, DatasetFile.class, set, DataVariables.values()).value(),
        1,
        name(source),
        Optional.empty());
  }

  private DatasetFile parse(String yaml, String nameForMessages) {
    return ConfigLoader.parse(yaml, nameForMessages, DatasetFile.class, set, DataVariables.values())
        .value();
  }

  /** Returns the last part of a path without {@code .yaml}. */
  private static String name(Path source) {
    Path last = source.toAbsolutePath().normalize().getFileName();
    return last == null ? source.toString() : last.toString().replaceFirst("\\.ya?ml$", "");
  }

  private static boolean isRecipe(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) < 1 << 20
          && RECIPE.matcher(Files.readString(file)).find();
    } catch (IOException e) {
      return false; // the loader says what is wrong with it
    }
  }
}
