package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.run.RunDirectory;
import org.mien.trainer.experiment.Circumstances;
import org.mien.trainer.experiment.Experiment;
import org.mien.trainer.experiment.ExperimentConfig;
import org.mien.trainer.search.Search;
import org.mien.trainer.search.SearchConfig;
import org.mien.trainer.search.Trial;

/** {@code mien search}: better values for a recipe's keys. */
@Parameters(commandDescription = "Better values for keys of a recipe, chosen on validation data")
final class SearchCommand extends HelpOption {
  @Parameter(description = "SEARCH.yaml (not needed with --resume)")
  private List<Path> config = new ArrayList<>();

  @Parameter(
      names = "--set",
      description =
          "Change one key of the search: strategy.candidates=5; may be given several times",
      splitter = NoSplitting.class)
  private List<String> set = new ArrayList<>();

  @Parameter(names = "--resume", description = "Go on with the search of this folder")
  private Path resume;

  @Parameter(
      names = "--no-train",
      description = "Do not train and evaluate the best recipe at the end")
  private boolean noTrain;

  @Parameter(names = "--runs", description = "Folder of run folders")
  private Path runs = DataVariables.home().resolve("experiments/runs");

  @Override
  public int run(Console console) {
    if (resume == null ? config.size() != 1 : !config.isEmpty()) {
      throw new ParameterException("expected one search (SEARCH.yaml), or --resume FOLDER alone");
    }
    RunDirectory folder;
    SearchConfig search;
    if (resume == null) {
      LoadedConfig<SearchConfig> loaded = load(config.get(0), set);
      search = loaded.value();
      folder = Search.begin(loaded, config.get(0), runs, DataVariables.values());
    } else {
      folder = RunDirectory.open(resume);
      if (!Search.isSearch(folder)) {
        throw DataException.in(
            resume, "is the folder of a run, not of a search; mien train --resume goes on with it");
      }
      // More candidates or minutes may be asked for; rows are found by their values.
      search = load(folder.resolvedConfig(), set).value();
      if (!search.isSameSearch(load(folder.resolvedConfig(), List.of()).value())) {
        throw new ConfigException(
            "--set: a search that goes on may change its strategy, maximumMinutes, parallel and"
                + " expect; begin a new one for anything else");
      }
    }
    Logging.toFile(folder.log());
    console.say("mien: " + (resume == null ? "search " : "going on with ") + folder.root());
    Search.Result result = search(search, folder, console);
    table(search, result).forEach(console::result);
    if (result.timeIsUp()) {
      console.say(
          "mien: the time is up (maximumMinutes: "
              + search.maximumMinutes()
              + "); mien search --resume "
              + folder.root()
              + " tries the rest");
    }
    console.result("report: " + result.report());
    if (result.best().isEmpty()) {
      throw DataException.in(folder.root(), "no candidate succeeded; the table says why");
    }
    console.result("best: " + result.bestRecipe());
    result.unmet().forEach(line -> console.say("mien: not as the search expects: " + line));
    int trained = noTrain ? 0 : train(result.bestRecipe(), folder, console);
    return result.unmet().isEmpty() ? trained : 1;
  }

  private Search.Result search(SearchConfig search, RunDirectory folder, Console console) {
    return Interruption.during(
        console,
        "this step is finished; the rows so far are kept",
        "mien search --resume " + folder.root(),
        interruption ->
            Search.run(
                search,
                folder,
                circumstances(folder, console, interruption),
                DataVariables.values()));
  }

  private int train(Path recipe, RunDirectory folder, Console console) {
    LoadedConfig<ExperimentConfig> best =
        ConfigLoader.load(recipe, ExperimentConfig.class, List.of(), DataVariables.values());
    RunDirectory run = Experiment.begin(best, runs);
    console.say("mien: training the best recipe: run " + run.root());
    return Interruption.during(
        console,
        "this step is finished and a checkpoint written",
        "mien train --resume " + run.root(),
        interruption -> {
          Experiment.Result result =
              Experiment.run(best.value(), run, circumstances(folder, console, interruption));
          TrainCommand.summary(result).forEach(console::result);
          result.unmet().forEach(line -> console.say("mien: not as the recipe expects: " + line));
          console.result("report: " + run.report());
          console.result("run: " + run.root());
          return result.unmet().isEmpty() ? 0 : 1;
        });
  }

  private Circumstances circumstances(
      RunDirectory folder, Console console, Interruption interruption) {
    return new Circumstances(
        runs.resolveSibling("cache"),
        List.of("search", config.isEmpty() ? folder.root().toString() : config.get(0).toString()),
        console.progress(),
        interruption::requested);
  }

  private static LoadedConfig<SearchConfig> load(Path file, List<String> overrides) {
    return ConfigLoader.load(file, SearchConfig.class, overrides, DataVariables.values());
  }

  /** The rows, best first; failed ones last. */
  private static List<String> table(SearchConfig search, Search.Result result) {
    double sign = search.measure().isLowerBetter() ? 1 : -1;
    boolean strangers = search.measure() == SearchConfig.Measure.VALIDATION_VERIFICATION;
    Comparator<Trial> order =
        Comparator.<Trial>comparingInt(
                trial -> result.best().equals(Optional.of(trial)) ? 0 : trial.succeeded() ? 1 : 2)
            .thenComparingDouble(trial -> sign * trial.figure(search.measure()))
            .thenComparingInt(Trial::number);
    List<String> lines = new ArrayList<>();
    lines.add(
        "number"
            + (strangers ? "   1 - EER" : "")
            + "  accuracy      loss  epoch  seconds  values ("
            + (strangers ? "people left out of the training chose)" : "validation images chose)"));
    result.trials().stream()
        .sorted(order)
        .forEach(
            trial ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%6d%s  %8.4f  %8.4f  %5d  %7.1f  %s%s",
                        trial.number(),
                        strangers
                            ? String.format(Locale.ROOT, "  %8.4f", trial.validationVerification())
                            : "",
                        trial.validationAccuracy(),
                        trial.validationLoss(),
                        trial.bestEpoch(),
                        trial.seconds(),
                        trial.asItIs() ? "the recipe as it is" : inWords(trial.values()),
                        trial.succeeded() ? "" : "  FAILED: " + trial.problem())));
    return lines;
  }

  private static String inWords(Map<String, String> values) {
    return String.join(
        "  ",
        values.entrySet().stream()
            .map(
                value ->
                    value.getKey().substring(value.getKey().lastIndexOf('.') + 1)
                        + "="
                        + value.getValue())
            .toList());
  }
}
