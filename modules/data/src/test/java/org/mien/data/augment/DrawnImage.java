package org.mien.data.augment;

import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/** An image made by a test. */
record DrawnImage(RawImage image, String fingerprint) implements ImageSource {
  @Override
  public RawImage decode() {
    return image;
  }
}
