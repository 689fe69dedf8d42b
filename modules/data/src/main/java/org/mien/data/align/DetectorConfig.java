package org.mien.data.align;

import java.nio.file.Path;
import org.mien.core.config.Setting;

/**
 * A YuNet face detector: the model's file and how its findings are taken.
 *
 * @param model the ONNX file, of the 2023 layout or later with inputs of any size
 * @param scoreThreshold faces of a lower score are dropped
 * @param overlapThreshold of two boxes that overlap by more than this intersection over union, the
 *     one of lower score is dropped
 * @param candidates at most this many of the highest scores are compared with each other
 * @param longerSidePixels larger images are scaled down to this for the detector
 * @param enlargement smaller images are enlarged by this factor for the detector, but not beyond
 *     that side: its points are finer then, for four times the time at a factor of 2
 */
public record DetectorConfig(
    @Setting("YuNet model, an ONNX file such as face_detection_yunet_2023mar.onnx.") Path model,
    @Setting(
            value = "Faces of a lower score are dropped.",
            defaultValue = "0.6",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double scoreThreshold,
    @Setting(
            value =
                "Of two boxes with more intersection over union than this, the one of lower score is"
                    + " dropped.",
            defaultValue = "0.3",
            min = 0,
            max = 1)
        double overlapThreshold,
    @Setting(
            value = "At most this many candidates of the highest scores are compared.",
            defaultValue = "5000",
            min = 1,
            max = 100000)
        int candidates,
    @Setting(
            value = "Images whose longer side has more pixels are scaled down for the detector.",
            defaultValue = "640",
            min = 32,
            max = 2048)
        int longerSidePixels,
    @Setting(
            value =
                "Smaller images are enlarged by this factor for the detector, but not beyond"
                    + " longerSidePixels; 1 never enlarges. Finer points for more time.",
            defaultValue = "2",
            min = 1,
            max = 8)
        double enlargement) {
  public DetectorConfig {
    if (!(scoreThreshold > 0 && scoreThreshold <= 1)
        || !(overlapThreshold >= 0 && overlapThreshold <= 1)) {
      throw new IllegalArgumentException(
          "expected thresholds in (0, 1] and [0, 1], was score "
              + scoreThreshold
              + ", overlap "
              + overlapThreshold);
    }
    if (!(enlargement >= 1 && enlargement <= 8)) {
      throw new IllegalArgumentException("expected an enlargement of 1 to 8, was " + enlargement);
    }
    if (candidates < 1 || longerSidePixels < 32 || longerSidePixels > 2048) {
      throw new IllegalArgumentException(
          "expected at least one candidate and a longer side of 32 to 2048, was "
              + candidates
              + " and "
              + longerSidePixels);
    }
  }

  /** The usual thresholds. */
  public static DetectorConfig of(Path model) {
    return new DetectorConfig(model, 0.6, 0.3, 5000, 640, 2);
  }
}
