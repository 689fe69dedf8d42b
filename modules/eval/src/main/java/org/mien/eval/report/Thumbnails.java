package org.mien.eval.report;

import java.util.Optional;

/**
 * Small pictures for the report. Faces are personal data: without an explicit wish the report shows
 * none, see {@link #none}.
 */
@FunctionalInterface
public interface Thumbnails {
  /**
   * Returns the picture of an image as the bytes of a JPEG or PNG file, or nothing.
   *
   * @param key name of the image
   */
  Optional<byte[]> of(String key);

  /** No pictures. */
  static Thumbnails none() {
    return key -> Optional.empty();
  }
}
