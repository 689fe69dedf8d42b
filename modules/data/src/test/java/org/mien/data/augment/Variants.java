package org.mien.data.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;

/** Every augmentation as a recipe writes it. */
final class Variants {
  private Variants() {}

  record Recipe(@Setting("Augmentations.") List<AugmentationConfig> augmentation) {}

  /** One of each type, sure to be applied, in an order that a recipe may have. */
  static final String SURE =
      """
      augmentation:
        - {type: crop-jitter, probability: 1, shift: 0.1, minimumZoom: 0.8, maximumZoom: 1.3}
        - {type: rotation, probability: 1, maximumDegrees: 20}
        - {type: flip, probability: 1}
        - {type: color-jitter, probability: 1}
        - {type: low-resolution, probability: 1}
        - {type: blur, probability: 1}
        - {type: cut-out, probability: 1}
        - {type: jpeg, probability: 1}
        - {type: grey, probability: 1}
      """;

  static List<AugmentationConfig> parse(String yaml) {
    return ConfigLoader.parse(yaml, "recipe.yaml", Recipe.class, List.of(), Map.of())
        .value()
        .augmentation();
  }

  static List<AugmentationConfig> sure() {
    return parse(SURE);
  }

  static List<AugmentationConfig> never() {
    return parse(SURE.replace("probability: 1", "probability: 0"));
  }

  /** As often as their defaults say. */
  static List<AugmentationConfig> usual() {
    List<String> lines = new ArrayList<>(List.of("augmentation:"));
    for (String type :
        List.of(
            "crop-jitter",
            "rotation",
            "flip",
            "color-jitter",
            "low-resolution",
            "blur",
            "cut-out",
            "jpeg",
            "grey")) {
      lines.add("  - {type: " + type + "}");
    }
    return parse(String.join("\n", lines) + "\n");
  }
}
