package org.mien.data.source;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.source.synthetic.FaceRenderer;
import org.mien.data.source.synthetic.SyntheticFaces;

/** Faces drawn by Mien's own renderer; nothing to download. */
@TypeName("synthetic")
public record SyntheticConfig(
    @Setting(
            value =
                "Index of the first person. Person 12 of a seed is the same in every data set, so"
                    + " disjoint ranges are disjoint people.",
            defaultValue = "0",
            min = 0,
            max = SyntheticFaces.MAX_INDEX)
        int firstIdentity,
    @Setting(value = "Number of people.", min = 1, max = SyntheticFaces.MAX_INDEX + 1)
        int identities,
    @Setting(value = "Pictures of each person.", min = 1, max = SyntheticFaces.MAX_INDEX + 1)
        int imagesPerIdentity,
    @Setting(
            value = "Side of the square pictures in pixels.",
            min = FaceRenderer.MIN_SIZE_PIXELS,
            max = FaceRenderer.MAX_SIZE_PIXELS)
        int sizePixels,
    @Setting(
            value =
                "Strength of pose, light, expression, background and camera: 0 gives passport"
                    + " pictures, 1 snapshots, 2 a hard set.",
            defaultValue = "1.0",
            min = 0,
            max = 2)
        double nuisance)
    implements DatasetConfig {

  @Override
  public String name() {
    return "synthetic";
  }

  /** Lists the samples; pictures are drawn when they are decoded. */
  @Override
  public FaceManifest open(SeedStreams seeds) {
    return SyntheticFaces.manifest(
        seeds, firstIdentity, identities, imagesPerIdentity, sizePixels, nuisance);
  }
}
