package org.mien.model.loss;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** A recipe's words for every loss, with settings that suit tiny sets. */
public final class LossSamples {
  private static final List<String> YAML =
      List.of(
          "{type: softmax, labelSmoothing: 0.1}",
          "{type: focal, gamma: 2}",
          "{type: focal, gamma: 0.5}",
          "{type: mse}",
          "{type: sphereface, margin: 3, lambda: 1, scale: 8}",
          "{type: cosface, margin: 0.35, scale: 10}",
          "{type: arcface, marginRadians: 0.5, scale: 10}",
          "{type: combined-margin, factor: 1.1, marginRadians: 0.3, offset: 0.2, scale: 10}",
          "{type: adaface, margin: 0.4, scale: 10}",
          "{type: curricularface, marginRadians: 0.5, scale: 10, momentum: 0.2}",
          "{type: centre, lambda: 0.1, rate: 0.5}",
          "{type: triplet, margin: 0.6}",
          "{type: triplet, margin: 0.6, mining: semi-hard}",
          "{type: contrastive, margin: 1.2}");

  private LossSamples() {}

  /** A recipe with a loss. */
  public record Recipe(@Setting("The loss.") LossConfig loss) {}

  public static LossConfig parse(String yaml) {
    return ConfigLoader.parse("loss: " + yaml, "sample.yaml", Recipe.class, List.of(), Map.of())
        .value()
        .loss();
  }

  /** Every sample by its words. */
  public static Map<String, LossConfig> all() {
    Map<String, LossConfig> samples = new LinkedHashMap<>();
    YAML.forEach(yaml -> samples.put(yaml, parse(yaml)));
    return samples;
  }

  public static List<String> words() {
    return YAML;
  }

  static String typeOf(Class<?> loss) {
    return loss.getAnnotation(TypeName.class).value();
  }
}
