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
import org.mien.data.image.EncodedImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.BinPairs;

/**
 * A verification set of InsightFace in one file ({@code .bin}): its images as samples, and its
 * pairs. The images' bytes are kept in memory, about as many as the file has.
 *
 * <p>Keys and identities are those of {@link BinPairs}, which says what identities that are made
 * from pairs are worth.
 *
 * @param file the {@code .bin} file
 */
@TypeName("bin")
public record BinConfig(@Setting("The .bin file.") Path file) implements DatasetConfig {

  /**
   * A set that was read once.
   *
   * @param manifest its images; contradictory pairs are among what was skipped
   * @param pairs its pairs, with the manifest's keys and identities
   */
  public record Opened(FaceManifest manifest, BinPairs pairs) {}

  /** One image, which knows the file it came from. */
  private record BinImage(Path file, VerificationBin bin, int number)
      implements EncodedImageSource {
    @Override
    public String where() {
      return file + " image " + number;
    }

    @Override
    public byte[] bytes() {
      return bin.image(number);
    }
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    return openWithPairs(1).manifest();
  }

  /**
   * Reads images and pairs.
   *
   * @param folds how many parts the pairs are split into, in their order
   * @throws DataException if the file is missing, damaged, or holds fewer pairs than folds
   */
  public Opened openWithPairs(int folds) {
    VerificationBin bin = VerificationBin.read(file);
    if (bin.pairs() < folds) {
      throw DataException.in(file, "has " + bin.pairs() + " pairs for " + folds + " folds");
    }
    BinPairs pairs = BinPairs.of(name(), bin, folds);
    List<FaceSample> samples = new ArrayList<>(2 * bin.pairs());
    for (int i = 0; i < 2 * bin.pairs(); i++) {
      samples.add(
          new FaceSample(
              BinPairs.key(i), pairs.identities().get(i), new BinImage(file, bin, i), Map.of()));
    }
    return new Opened(new FaceManifest(name(), samples, pairs.contradictions()), pairs);
  }

  @Override
  public String name() {
    String name = FolderListing.nameOf(file);
    return name.endsWith(".bin") ? name.substring(0, name.length() - 4) : name;
  }
}
