package org.mien.data.prepare;

import java.nio.file.Path;

/**
 * What a run of {@link DatasetPreparation} did.
 *
 * @param folder that holds the copy
 * @param samples the data set has
 * @param written pictures written by this run
 * @param reused pictures that an earlier run had written
 * @param skipped samples that this run could not use; those the data set itself left out are not
 *     counted
 * @param complete false if the run was stopped; run it again to go on
 */
public record PreparationResult(
    Path folder, int samples, int written, int reused, int skipped, boolean complete) {

  /** The table of the pictures; there once the copy is complete. */
  public Path manifest() {
    return folder.resolve(PreparedFolder.MANIFEST);
  }

  /** What could not be used and why; there once the copy is complete. */
  public Path skippedList() {
    return folder.resolve(PreparedFolder.SKIPPED);
  }
}
