package org.mien.model.backbone;

import java.util.List;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;

/** What networks made for faces have in common at both ends. */
final class FaceNetworkInput {
  /** Longest feature vector that may be asked for. */
  static final int LONGEST = 8192;

  /** 112x112 RGB in [-1, 1], on the ArcFace template. */
  static final Preprocessing ARCFACE =
      new Preprocessing(
          112,
          112,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(127.5, 127.5, 127.5),
          new Crop.None(),
          "arcface");

  private FaceNetworkInput() {}

  static void requireDimension(int dimension) {
    if (dimension < 1 || dimension > LONGEST) {
      throw new IllegalArgumentException(
          "expected a dimension of 1 to " + LONGEST + ", was " + dimension);
    }
  }

  /**
   * @param least shortest side at which every layer still has something to see
   */
  static void requireSides(Preprocessing input, int least) {
    if (Math.min(input.widthPixels(), input.heightPixels()) < least) {
      throw new IllegalArgumentException(
          String.format(
              "expected an input of at least %1$dx%1$d pixels, was %2$dx%3$d",
              least, input.widthPixels(), input.heightPixels()));
    }
  }

  /** A side after four convolutions of stride 2 with half their kernel as padding. */
  static int sixteenth(int side) {
    return (side + 15) / 16;
  }
}
