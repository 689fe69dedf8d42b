package org.mien.data.image;

import org.mien.core.preprocessing.Crop;

/** The rectangle of whole pixels that a {@link Crop} takes from an image of a given size. */
record CropRegion(int x, int y, int width, int height) {

  /** Applies the rules that {@link FacePreprocessor} states. */
  static CropRegion of(Crop crop, int imageWidth, int imageHeight) {
    if (crop instanceof Crop.None) {
      return new CropRegion(0, 0, imageWidth, imageHeight);
    }
    if (crop instanceof Crop.Centre centre) {
      int width = side(centre.fraction(), imageWidth);
      int height = side(centre.fraction(), imageHeight);
      return new CropRegion((imageWidth - width) / 2, (imageHeight - height) / 2, width, height);
    }
    throw new IllegalStateException("no rule for the crop " + crop.describe());
  }

  private static int side(double fraction, int imageSide) {
    return Math.max(1, (int) Math.floor(fraction * imageSide + 0.5));
  }
}
