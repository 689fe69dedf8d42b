package org.mien.data.protocol;

import java.nio.file.Path;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.format.VerificationBin;

/** The pairs of a verification set in one file; see {@link BinPairs}. */
@TypeName("bin-pairs")
public record BinPairsConfig(
    @Setting("Verification set in one file (.bin).") Path file,
    @Setting(
            value = "In how many folds the pairs are divided, in their order.",
            defaultValue = "10",
            min = 1,
            max = 1000)
        int folds)
    implements ProtocolConfig {
  @Override
  public PairList open() {
    String name = file.getFileName().toString();
    return BinPairs.of(
            name.endsWith(".bin") ? name.substring(0, name.length() - 4) : name,
            VerificationBin.read(file),
            folds)
        .pairs();
  }
}
