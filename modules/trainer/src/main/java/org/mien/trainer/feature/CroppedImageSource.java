package org.mien.trainer.feature;

import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * What a network is shown of another source, cropped and resized, as an image of its own.
 *
 * @param source of the whole image
 * @param preprocessor crops and resizes; colour order and normalisation are left for later
 */
record CroppedImageSource(ImageSource source, FacePreprocessor preprocessor)
    implements ImageSource {
  @Override
  public RawImage decode() {
    return source.view(preprocessor);
  }

  @Override
  public String fingerprint() {
    return new Fingerprint().add(source.fingerprint()).add(preprocessor.describe()).hex();
  }
}
