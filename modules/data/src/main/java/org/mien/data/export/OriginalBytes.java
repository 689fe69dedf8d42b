package org.mien.data.export;

import org.mien.core.error.DataException;
import org.mien.data.format.PositionalFile;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.manifest.FaceSample;

/** The encoded bytes of a sample as its data set has them. */
final class OriginalBytes {
  /** As long as an image file may be that is decoded. */
  private static final long MAXIMUM_BYTES = 256L << 20;

  private OriginalBytes() {}

  /**
   * Returns a sample's bytes.
   *
   * @throws DataException if it has none, being drawn or changed, or they cannot be read
   */
  static byte[] of(FaceSample sample) {
    ImageSource image = sample.image();
    if (image instanceof EncodedImageSource encoded) {
      return encoded.bytes();
    }
    if (image instanceof FileImageSource source) {
      try (PositionalFile file = PositionalFile.open(source.file(), "an image")) {
        if (file.size() > MAXIMUM_BYTES) {
          throw DataException.in(
              source.file(), "has " + file.size() + " bytes; images above 256 MiB are refused");
        }
        return file.read(0, (int) file.size()).array();
      }
    }
    throw new DataException(
        sample.key()
            + ": is drawn or changed when it is decoded, and has no bytes to write; prepare the data"
            + " set first, which makes files");
  }
}
