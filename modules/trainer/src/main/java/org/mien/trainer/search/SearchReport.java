package org.mien.trainer.search;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.eval.report.SearchData;
import org.mien.eval.report.SearchPage;

/** Hands the rows of a search to its page. */
final class SearchReport {
  private SearchReport() {}

  static void write(SearchConfig config, List<Trial> trials, Optional<Trial> best, Path file) {
    SearchPage.write(data(config, trials, best), file);
  }

  static SearchData data(SearchConfig config, List<Trial> trials, Optional<Trial> best) {
    List<SearchData.Axis> axes = new ArrayList<>();
    config.space().forEach((key, dimension) -> axes.add(axis(key, dimension)));
    return new SearchData(
        config.name(),
        config.recipe().getFileName().toString(),
        config.measure().inWords(),
        !config.measure().isLowerBetter(),
        axes,
        trials.stream().map(trial -> row(config, trial)).toList(),
        best.map(Trial::number).orElse(null));
  }

  private static SearchData.Axis axis(String key, DimensionConfig dimension) {
    boolean choice = dimension instanceof DimensionConfig.Choice;
    boolean logarithmic = dimension instanceof DimensionConfig.LogUniform;
    return new SearchData.Axis(key, logarithmic, choice ? dimension.samples() : List.of());
  }

  private static SearchData.Row row(SearchConfig config, Trial trial) {
    Map<String, String> values = trial.values();
    return new SearchData.Row(
        trial.number(),
        trial.asItIs() ? List.of() : config.space().keySet().stream().map(values::get).toList(),
        trial.succeeded() ? trial.figure(config.measure()) : null,
        trial.bestEpoch(),
        trial.seconds(),
        trial.problem());
  }
}
