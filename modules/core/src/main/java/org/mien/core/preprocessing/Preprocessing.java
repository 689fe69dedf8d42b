package org.mien.core.preprocessing;

import java.util.List;
import org.mien.core.config.Setting;

/**
 * A network's input contract: {@code (pixel - mean[c]) / std[c]} with pixels in 0 to 255, planes in
 * {@code colorOrder}, layout NCHW, the image resized to {@code widthPixels x heightPixels}.
 *
 * @param widthPixels input width
 * @param heightPixels input height
 * @param colorOrder order of the planes
 * @param mean one mean a plane, in plane order, in pixel units (0 to 255)
 * @param std one divisor a plane, in plane order, in pixel units
 * @param crop the part of the source image that is resized to the input
 * @param alignment what the crop must hold, for people: for example {@code arcface} (five points on
 *     the ArcFace template), {@code lfw-deepfunneled}, {@code synthetic}; {@code any} if unknown
 */
public record Preprocessing(
    @Setting(value = "Input width in pixels.", min = 8, max = 4096) int widthPixels,
    @Setting(value = "Input height in pixels.", min = 8, max = 4096) int heightPixels,
    @Setting(value = "Order of the colour planes.", defaultValue = "rgb") ColorOrder colorOrder,
    @Setting(
            value = "Subtracted from each plane, in pixel units 0 to 255; three numbers.",
            defaultValue = "[127.5, 127.5, 127.5]")
        List<Double> mean,
    @Setting(
            value = "Divides each plane after the mean is subtracted; three numbers.",
            defaultValue = "[127.5, 127.5, 127.5]")
        List<Double> std,
    @Setting(
            value = "The part of the source image that is resized to the input.",
            defaultValue = "{type: none}")
        Crop crop,
    @Setting(
            value = "What the crop must hold, for people, such as arcface or lfw-deepfunneled.",
            defaultValue = "any")
        String alignment) {

  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "expected three means and three divisors, was mean " + mean + ", std " + std);
    }
    if (std.stream().anyMatch(s -> !(s > 0) || s.isInfinite())) {
      throw new IllegalArgumentException("expected positive divisors, was std " + std);
    }
    if (mean.stream().anyMatch(m -> m.isNaN() || m.isInfinite())) {
      throw new IllegalArgumentException("expected finite means, was mean " + mean);
    }
  }

  /**
   * Returns whether size, colour order, mean and divisor are the same: all but crop and alignment.
   */
  public boolean samePixels(Preprocessing other) {
    return widthPixels == other.widthPixels
        && heightPixels == other.heightPixels
        && colorOrder == other.colorOrder
        && mean.equals(other.mean)
        && std.equals(other.std);
  }

  /** Returns the same contract for images that show the face in another part. */
  public Preprocessing withCrop(Crop newCrop) {
    return new Preprocessing(widthPixels, heightPixels, colorOrder, mean, std, newCrop, alignment);
  }

  /** Number of floats of one image: 3 x height x width. */
  public int imageLength() {
    return 3 * heightPixels * widthPixels;
  }

  /** One line for reports, errors and cache keys; it names every field that changes pixels. */
  public String describe() {
    return widthPixels
        + "x"
        + heightPixels
        + " "
        + colorOrder
        + " mean "
        + mean
        + " std "
        + std
        + " crop "
        + crop.describe()
        + " alignment "
        + alignment;
  }
}
