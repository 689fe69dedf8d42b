package org.mien.data.source;

import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.config.Setting;

/**
 * A data set described in a file of its own ({@code configs/data/*.yaml}), for commands that need
 * no experiment.
 *
 * @param source where the faces come from
 * @param descriptor what is known of the data set: counts, checksums, terms
 */
public record DatasetFile(
    @Setting("Where the faces come from.") DatasetConfig source,
    @Setting("Descriptor under datasets/ that the data set is compared with.")
        Optional<Path> descriptor) {

  /** A data set of which nothing else is known. */
  public static DatasetFile of(DatasetConfig source) {
    return new DatasetFile(source, Optional.empty());
  }
}
