package org.mien.data.image;

import java.util.Optional;
import org.mien.core.error.DataException;

/**
 * Finds damage inside encoded images that decoders answer with grey or shifted blocks instead of an
 * error: a JPEG whose markers are intact, but not what lies between them.
 *
 * <p>All of a JPEG's compressed data is decoded to its coefficients: codes that its tables do not
 * have, coefficients beyond a block's end, brightness out of range, data that ends before the
 * picture or goes on after it, restart markers missing or out of order. A code is rarely changed
 * without the codes after it being read at wrong places, so most damage is found; a changed bit
 * that leaves all lengths as they are cannot be, for a JPEG has no checksum.
 */
public final class JpegDamage {
  private JpegDamage() {}

  /**
   * Decodes an encoded image thoroughly, whatever its format.
   *
   * @param where what it is, for messages
   * @param bytes an encoded image
   * @return what is wrong with it, beginning with {@code where}; empty if nothing is
   */
  public static Optional<String> problemWith(String where, byte[] bytes) {
    try {
      if (EncodedImage.check(where, bytes).format() == EncodedImage.Format.JPEG) {
        new JpegCoefficients(where, bytes).check();
      }
      ImageBytes.decode(where, bytes);
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
  }
}
