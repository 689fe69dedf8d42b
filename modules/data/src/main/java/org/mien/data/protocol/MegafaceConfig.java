package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;

/**
 * MegaFace, challenge 1 (I. Kemelmacher-Shlizerman et al.: The MegaFace Benchmark, CVPR 2016): a
 * list of probes with ids and a list of 10 to 1,000,000 distractors.
 *
 * @param probes {@code facescrub_features_list.json} or {@code
 *     facescrub_uncropped_features_list.json}
 * @param distractors {@code megaface_features_list.json_SIZE_SET}
 * @param probeNoises probes to leave out, one a line
 * @param distractorNoises distractors to leave out, one a line
 */
@TypeName("megaface")
public record MegafaceConfig(
    @Setting("List of probes with ids, such as facescrub_features_list.json.") Path probes,
    @Setting("List of distractors, such as megaface_features_list.json_10000_1.") Path distractors,
    @Setting("Probes to leave out for their labels are wrong, one a line.")
        Optional<Path> probeNoises,
    @Setting("Distractors to leave out for they show a probe's person, one a line.")
        Optional<Path> distractorNoises)
    implements ProtocolConfig {
  @Override
  public IdentificationLists open() {
    MegafaceList known = cleaned(probes, probeNoises);
    MegafaceList others = cleaned(distractors, distractorNoises);
    return new IdentificationLists(
        "megaface-" + others.paths().size(),
        known.paths(),
        known
            .ids()
            .orElseThrow(() -> DataException.in(probes, "has no ids; expected a list of probes")),
        others.paths());
  }

  private static MegafaceList cleaned(Path list, Optional<Path> noises) {
    MegafaceList all = MegafaceList.read(list);
    return noises.map(file -> all.without(MegafaceList.readNoises(file))).orElse(all);
  }
}
