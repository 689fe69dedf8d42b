package org.mien.data.protocol;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * Racial Faces in the Wild: 6,000 pairs of each of four groups in LFW's format, {@code
 * txts/African/African_pairs.txt} (M. Wang et al.: Racial Faces in the Wild, ICCV 2019). Both
 * images of a pair are of one group, so rates between groups cannot be had from it.
 *
 * @param folder holds {@code txts} and {@code data}
 * @param ethnicity which group
 */
@TypeName("rfw")
public record RfwConfig(
    @Setting("Folder that holds txts and data.") Path folder,
    @Setting("Which of the four groups.") Ethnicity ethnicity)
    implements ProtocolConfig {

  /** The set's groups, as it names them. */
  public enum Ethnicity {
    AFRICAN("African"),
    ASIAN("Asian"),
    CAUCASIAN("Caucasian"),
    INDIAN("Indian");

    private final String folder;

    Ethnicity(String folder) {
      this.folder = folder;
    }

    /** Returns the name of the group's folders. */
    public String folder() {
      return folder;
    }
  }

  @Override
  public PairList open() {
    String group = ethnicity.folder();
    return LfwPairs.read(folder.resolve("txts").resolve(group).resolve(group + "_pairs.txt"));
  }
}
