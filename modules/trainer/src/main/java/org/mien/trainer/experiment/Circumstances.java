package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.List;
import org.mien.core.progress.Progress;
import org.mien.trainer.loop.StopSignal;

/**
 * What a run is told besides its recipe; none of it changes the result.
 *
 * @param cacheFolder where features are kept unless the recipe says otherwise
 * @param commandLine for the provenance
 * @param progress shows how far the work is
 * @param stop asked after each training step
 */
public record Circumstances(
    Path cacheFolder, List<String> commandLine, Progress.Factory progress, StopSignal stop) {
  public Circumstances {
    commandLine = List.copyOf(commandLine);
  }
}
