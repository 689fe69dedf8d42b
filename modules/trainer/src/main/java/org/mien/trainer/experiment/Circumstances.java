package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.List;
import org.mien.core.progress.Progress;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.observe.RunWatcher;

/**
 * What a run is told besides its recipe; none of it changes the result.
 *
 * @param cacheFolder where features are kept unless the recipe says otherwise
 * @param commandLine for the provenance
 * @param progress shows how far the work is
 * @param stop asked after each training step
 * @param watchers told what the training does
 */
public record Circumstances(
    Path cacheFolder,
    List<String> commandLine,
    Progress.Factory progress,
    StopSignal stop,
    List<RunWatcher.Factory> watchers) {
  public Circumstances {
    commandLine = List.copyOf(commandLine);
    watchers = List.copyOf(watchers);
  }

  /** Nobody but the run's own files is told what the training does. */
  public Circumstances(
      Path cacheFolder, List<String> commandLine, Progress.Factory progress, StopSignal stop) {
    this(cacheFolder, commandLine, progress, stop, List.of());
  }
}
