package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Moves the window through which the face is seen and changes its size, as an imprecise detector
 * does.
 *
 * <p>The face is enlarged by a factor {@code z} uniform between {@code minimumZoom} and {@code
 * maximumZoom}, about the image's centre, and moved by shares of the image's width and of its
 * height uniform in {@code +- shift}; bilinear. What comes from beyond the image is mirrored at its
 * edge (the edge pixel once). The image is usually a crop already, so that its surroundings are not
 * known any more: where they matter, crop wider and zoom in ({@code minimumZoom} above 1).
 *
 * @param probability share of the images
 * @param shift largest move, as a share of the side
 * @param minimumZoom smallest factor of the face's size
 * @param maximumZoom largest factor of the face's size
 */
@TypeName("crop-jitter")
public record CropJitterConfig(
    @Setting(value = "Share of the images.", defaultValue = "1.0", min = 0, max = 1)
        double probability,
    @Setting(
            value = "Largest move in each direction, as a share of the image's side.",
            defaultValue = "0.04",
            min = 0,
            max = 0.5)
        double shift,
    @Setting(
            value = "Smallest factor of the face's size.",
            defaultValue = "0.95",
            min = 0.25,
            max = 4)
        double minimumZoom,
    @Setting(
            value = "Largest factor of the face's size.",
            defaultValue = "1.1",
            min = 0.25,
            max = 4)
        double maximumZoom)
    implements AugmentationConfig {
  public CropJitterConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("shift", shift, 0, 0.5);
    Draw.requireWithin("minimumZoom", minimumZoom, 0.25, 4);
    Draw.requireWithin("maximumZoom", maximumZoom, 0.25, 4);
    Draw.requireOrder("minimumZoom", minimumZoom, "maximumZoom", maximumZoom);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    double zoom = Draw.between(random, minimumZoom, maximumZoom);
    double right = Draw.around(random, shift) * image.width();
    double down = Draw.around(random, shift) * image.height();
    return changed(image, zoom, right, down);
  }

  /** Enlarges about the centre, then moves by pixels. */
  static RawImage changed(RawImage image, double zoom, double right, double down) {
    double scale = 1 / zoom;
    double centreX = (image.width() - 1) / 2.0;
    double centreY = (image.height() - 1) / 2.0;
    return NativeImages.ofThread()
        .warp(
            image,
            new double[] {
              scale,
              0,
              centreX - scale * (centreX + right),
              0,
              scale,
              centreY - scale * (centreY + down)
            });
  }
}
