package org.mien.trainer.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mien.core.run.RunDirectory;
import org.mien.eval.metrics.MetricsFile;
import org.mien.trainer.loop.StoppedException;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.RunWatcher;
import org.mien.trainer.observe.TrainingLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All watchers of a run. One that fails is warned of and told nothing more; the run goes on. */
final class RunWatchers implements TrainingLog {
  private static final Logger LOG = LoggerFactory.getLogger(RunWatchers.class);

  private final List<RunWatcher> watchers = new ArrayList<>();
  private long steps;

  private RunWatchers() {}

  static RunWatchers of(
      List<RunWatcher.Factory> factories, RunDirectory run, Map<String, String> settings) {
    RunWatchers all = new RunWatchers();
    for (RunWatcher.Factory factory : factories) {
      try {
        all.watchers.add(factory.watch(run, settings));
      } catch (RuntimeException e) {
        warn(e);
      }
    }
    return all;
  }

  /** Does the work and tells how it ended. */
  <T> T watch(Supplier<T> work) {
    RunWatcher.End end = RunWatcher.End.FAILED;
    try {
      T result = work.get();
      end = RunWatcher.End.FINISHED;
      return result;
    } catch (StoppedException e) {
      end = RunWatcher.End.STOPPED;
      throw e;
    } finally {
      RunWatcher.End how = end;
      tell(watcher -> watcher.ended(how));
    }
  }

  @Override
  public void epoch(EpochRecord epoch) {
    steps = epoch.steps();
    tell(watcher -> watcher.epoch(epoch));
  }

  void figures(MetricsFile metrics) {
    Map<String, Double> figures = new LinkedHashMap<>();
    metrics
        .results()
        .forEach(
            (protocol, values) ->
                values.forEach(
                    (name, metric) -> figures.put(protocol + "." + name, metric.value())));
    tell(watcher -> watcher.figures(figures, steps));
  }

  private void tell(Consumer<RunWatcher> message) {
    List<RunWatcher> failed = new ArrayList<>();
    for (RunWatcher watcher : watchers) {
      try {
        message.accept(watcher);
      } catch (RuntimeException e) {
        warn(e);
        failed.add(watcher);
      }
    }
    watchers.removeAll(failed);
  }

  private static void warn(RuntimeException e) {
    LOG.warn("{}; the training goes on without it", e.getMessage());
    LOG.debug("a watcher failed", e);
  }
}
