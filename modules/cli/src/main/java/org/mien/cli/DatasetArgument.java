package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.ConfigException;
import org.mien.data.source.DatasetFile;
import org.mien.data.source.FolderConfig;
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
          "SOURCE (a folder of identity folders, a file such as configs/data/lfw.yaml, or a recipe)")
  private List<Path> sources = new ArrayList<>();

  @Parameter(
      names = "--set",
      description = "Change one key of the file: source.folder=/faces; may be given several times",
      splitter = NoSplitting.class)
  private List<String> set = new ArrayList<>();

  /** The data set that was named, and the seed that its random choices come from. */
  record Named(DatasetFile dataset, long seed, String name) {}

  /** Returns what the one source is. */
  Named single() {
    if (sources.size() != 1) {
      throw new ParameterException(
          "expected one SOURCE (a folder, a data set file or a recipe), was " + sources.size());
    }
    return read(sources.get(0));
  }

  /** Returns what each of the sources is; at least one. */
  List<Named> all() {
    if (sources.isEmpty()) {
      throw new ParameterException("expected a SOURCE (a folder, a data set file or a recipe)");
    }
    return sources.stream().map(this::read).toList();
  }

  List<Path> sources() {
    return sources;
  }

  private Named read(Path source) {
    if (Files.isDirectory(source)) {
      if (!set.isEmpty()) {
        throw new ConfigException("--set: " + source + " is a folder and has no keys");
      }
      return new Named(
          DatasetFile.of(new FolderConfig(source, 1)), 1, new FolderConfig(source, 1).name());
    }
    if (isRecipe(source)) {
      ExperimentConfig recipe =
          ConfigLoader.load(source, ExperimentConfig.class, set, DataVariables.values()).value();
      return new Named(
          DatasetFile.of(recipe.data().source()), recipe.seed(), recipe.data().source().name());
    }
    DatasetFile file =
        ConfigLoader.load(source, DatasetFile.class, set, DataVariables.values()).value();
    String name = source.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return new Named(file, 1, dot > 0 ? name.substring(0, dot) : name);
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
