package org.mien.data.align;

import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.ImageSource;

/**
 * An image that cannot be aligned because the data set does not say where its face is. Only asking
 * for its pixels is an error, so that it is listed among the others that could not be used.
 *
 * @param original the whole image
 * @param key of the sample
 * @param missing what would be needed
 */
record UnlocatedImageSource(ImageSource original, String key, String missing)
    implements AlignedImageSource {

  @Override
  public AlignedImage align() {
    throw new DataException(
        key
            + ": the data set gives no "
            + missing
            + " for it, which its alignment needs; use alignment type detect to find the face");
  }

  @Override
  public String fingerprintOf(String originalFingerprint) {
    return new Fingerprint().add("unlocated-1").add(originalFingerprint).add(missing).hex();
  }
}
