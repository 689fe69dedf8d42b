package org.mien.core.preprocessing;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** Which part of a source image becomes the network's input, before it is resized. */
public sealed interface Crop {

  /** A short name for reports and fingerprints, such as {@code centre(0.5)}. */
  String describe();

  /** The whole image: for sets that are already cropped or aligned. */
  @TypeName("none")
  record None() implements Crop {
    @Override
    public String describe() {
      return "none";
    }
  }

  /**
   * A square (or, for a non-square image, a rectangle of the same aspect) around the centre.
   *
   * @param fraction its side as a fraction of the image's side
   */
  @TypeName("centre")
  record Centre(
      @Setting(
              value = "Side of the crop as a fraction of the image's side.",
              min = 0,
              exclusiveMin = true,
              max = 1)
          double fraction)
      implements Crop {
    public Centre {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException("expected a fraction in (0, 1], was " + fraction);
      }
    }

    @Override
    public String describe() {
      return "centre(" + fraction + ")";
    }
  }
}
