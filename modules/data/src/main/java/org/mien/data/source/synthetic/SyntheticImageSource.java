package org.mien.data.source.synthetic;

import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * One picture of one synthetic person, drawn when it is asked for.
 *
 * @param seeds where all parameters come from
 * @param identity index of the person
 * @param image index of the picture of this person
 * @param sizePixels side of the square picture
 * @param nuisance strength of the circumstances, in [0, 2]; see {@link NuisanceParameters#of}
 */
public record SyntheticImageSource(
    SeedStreams seeds, long identity, long image, int sizePixels, double nuisance)
    implements ImageSource {
  public SyntheticImageSource {
    FaceRenderer.checkSize(sizePixels);
    IdentityParameters.inRange("nuisance", nuisance, 0, 2);
  }

  /** Returns who is shown. */
  public IdentityParameters identityParameters() {
    return IdentityParameters.of(seeds, identity);
  }

  /** Returns the circumstances. */
  public NuisanceParameters nuisanceParameters() {
    return NuisanceParameters.of(seeds, identity, image, nuisance);
  }

  /** Returns where eyes, nose and mouth lie in the picture. */
  public FaceLandmarks landmarks() {
    return FaceRenderer.landmarks(identityParameters(), nuisanceParameters(), sizePixels);
  }

  @Override
  public RawImage decode() {
    return FaceRenderer.render(identityParameters(), nuisanceParameters(), sizePixels);
  }

  /**
   * {@inheritDoc} All parameters follow from the seed and the two indices, so these and the
   * renderer's version stand for them.
   */
  @Override
  public String fingerprint() {
    return new Fingerprint()
        .add("synthetic-face")
        .add(FaceRenderer.RENDERER_VERSION)
        .add(seeds.seed())
        .add(identity)
        .add(image)
        .add(sizePixels)
        .add(Double.doubleToLongBits(nuisance))
        .hex();
  }
}
