package org.mien.model.export;

import java.util.List;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;

/** What goes into a network that preprocesses pixels itself. */
final class PixelInput {
  private PixelInput() {}

  /** The input contract of such a network: plain pixels of the same size, crop and alignment. */
  static Preprocessing contract(Preprocessing network) {
    return new Preprocessing(
        network.widthPixels(),
        network.heightPixels(),
        ColorOrder.RGB,
        List.of(0.0, 0.0, 0.0),
        List.of(1.0, 1.0, 1.0),
        network.crop(),
        network.alignment());
  }

  /**
   * Undoes the preprocessing and rounds.
   *
   * @param images {@code (count, 3, height, width)} preprocessed, planes in the network's order
   * @return {@code (count, 3, height, width)} whole numbers from 0 to 255, planes red green blue
   * @throws DataException if a number is not finite
   */
  static float[] pixels(float[] images, int count, Preprocessing network) {
    int plane = network.heightPixels() * network.widthPixels();
    float[] pixels = new float[count * 3 * plane];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / plane % 3;
      int from = i + (planeOf(channel, network) - channel) * plane;
      double value =
          images[from] * network.std().get(planeOf(channel, network))
              + network.mean().get(planeOf(channel, network));
      if (!Double.isFinite(value)) {
        throw new DataException("a pixel of the images to compare on is not a finite number");
      }
      pixels[i] = Math.max(0, Math.min(255, Math.round(value)));
    }
    return pixels;
  }

  /** Preprocesses pixels: the inverse of {@link #pixels}. */
  static float[] preprocessed(float[] pixels, int count, Preprocessing network) {
    int plane = network.heightPixels() * network.widthPixels();
    float[] images = new float[count * 3 * plane];
    for (int i = 0; i < images.length; i++) {
      int position = i / plane % 3;
      // The order is its own inverse.
      int from = i + (planeOf(position, network) - position) * plane;
      images[i] =
          (float) ((pixels[from] - network.mean().get(position)) / network.std().get(position));
    }
    return images;
  }

  /** Where the network has a colour that is at {@code channel} in red green blue. */
  private static int planeOf(int channel, Preprocessing network) {
    return network.colorOrder() == ColorOrder.BGR ? 2 - channel : channel;
  }
}
