package org.mien.trainer.observe;

import java.util.Map;
import org.mien.core.run.RunDirectory;

/** Is told what one run does, and never steers it. */
public interface RunWatcher extends TrainingLog {

  /**
   * Takes the figures that the run reports, by names such as {@code heldOut.accuracy}.
   *
   * @param step steps of the whole training
   */
  void figures(Map<String, Double> figures, long step);

  /** The run has ended; nothing comes after this. */
  void ended(End end);

  /** How a run ended. */
  enum End {
    FINISHED,
    STOPPED,
    FAILED
  }

  /** Begins to watch a run. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param run where the watcher may keep files of its own
     * @param settings every key of the recipe with its value, defaults filled in
     */
    RunWatcher watch(RunDirectory run, Map<String, String> settings);
  }
}
