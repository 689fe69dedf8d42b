package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.VerificationBin;
import org.mien.data.image.ContainedImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.BinPairs;

/**
 * The images of a verification set in one file, InsightFace's {@code .bin}; {@link BinPairs} says
 * who they show and which are compared. The file is held in memory.
 *
 * @param file the {@code .bin}
 */
@TypeName("bin")
public record BinConfig(@Setting("Verification set in one file (.bin).") Path file)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    VerificationBin bin = VerificationBin.read(file);
    if (bin.pairs() == 0) {
      throw DataException.in(file, "holds no pair");
    }
    BinPairs pairs = BinPairs.of(name(), bin, 1);
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < 2 * bin.pairs(); i++) {
      byte[] image = bin.image(i);
      samples.add(
          new FaceSample(
              BinPairs.key(i),
              pairs.identities().get(i),
              new ContainedImageSource(file + " image " + i, () -> image),
              Map.of()));
    }
    return new FaceManifest(name(), samples, pairs.contradictions());
  }

  @Override
  public String name() {
    String last = IdentityFolders.nameOf(file);
    return last.endsWith(".bin") ? last.substring(0, last.length() - 4) : last;
  }
}
