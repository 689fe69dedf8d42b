package org.mien.data.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.augment.AugmentationConfig;
import org.mien.data.protocol.ProtocolConfig;

/**
 * A data set described in a file of its own ({@code configs/data/*.yaml}), for commands that need
 * no experiment.
 *
 * @param source where the faces come from
 * @param alignment how faces are brought to where a network expects them
 * @param augmentation random changes that training would make, for the preview
 * @param protocol which of them are compared
 * @param descriptor what is known of the data set: counts, checksums, terms
 * @param subset which of the descriptor's subsets this is
 */
public record DatasetFile(
    @Setting("Where the faces come from.") Optional<DatasetConfig> source,
    @Setting(
            value = "How faces are brought to where a network expects them.",
            defaultValue = "{type: none}")
        AlignmentConfig alignment,
    @Setting(
            value = "Random changes that training would make, for mien data preview.",
            defaultValue = "[]")
        List<AugmentationConfig> augmentation,
    @Setting("Which faces are compared.") Optional<ProtocolConfig> protocol,
    @Setting("Descriptor under datasets/ that the data set is compared with.")
        Optional<Path> descriptor,
    @Setting("Which of the descriptor's subsets this is; the complete set by default.")
        Optional<String> subset) {

  public DatasetFile {
    augmentation = List.copyOf(augmentation);
    if (source.isEmpty() && protocol.isEmpty()) {
      throw new IllegalArgumentException("expected a source, a protocol, or both");
    }
    if (subset.isPresent() && descriptor.isEmpty()) {
      throw new IllegalArgumentException(
          "subset: names a subset of a descriptor that is not given");
    }
  }
}
