package org.mien.data.augment;

import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * One augmented view of another source; every call gives the same pixels.
 *
 * @param source of the plain image
 * @param pipeline what happens to it
 * @param seeds with key and view, they choose the random stream
 * @param key the sample's key
 * @param view which view: 0, 1, 2, ...
 */
public record AugmentedImageSource(
    ImageSource source, AugmentationPipeline pipeline, SeedStreams seeds, String key, long view)
    implements ImageSource {

  @Override
  public RawImage decode() {
    return augmented(source.decode());
  }

  /** Returns a fingerprint of the plain image, the pipeline and what chooses the stream. */
  @Override
  public String fingerprint() {
    return print(source.fingerprint());
  }

  @Override
  public FingerprintedImage read() {
    FingerprintedImage plain = source.read();
    return new FingerprintedImage(augmented(plain.image()), print(plain.fingerprint()));
  }

  private RawImage augmented(RawImage plain) {
    return pipeline.apply(plain, AugmentationPipeline.stream(seeds, key, view));
  }

  private String print(String plain) {
    return new Fingerprint()
        .add(plain)
        .add(pipeline.describe())
        .add(seeds.seed())
        .add(key)
        .add(view)
        .hex();
  }
}
