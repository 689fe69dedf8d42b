package org.mien.model.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.ConfigException;

/**
 * How fast layers learn compared with the others (discriminative fine-tuning, Howard and Ruder
 * 2018, section 3.2): layers near the images often need smaller steps than the head.
 *
 * @param byName factor of the learning rate by a layer's name, or by what the names of a stage's
 *     layers begin with, such as {@code layer3}; the longest that fits counts, and 1 where none
 *     does
 */
public record LearningRateFactors(Map<String, Double> byName) {
  /** All learn alike. */
  public static final LearningRateFactors NONE = new LearningRateFactors(Map.of());

  public LearningRateFactors {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    byName.forEach(
        (name, factor) -> {
          if (!(factor > 0 && factor <= 1000)) {
            throw new IllegalArgumentException(
                "learningRateFactors."
                    + name
                    + ": expected a factor above 0, at most 1000, was "
                    + factor
                    + "; freeze: up-to keeps layers as they are");
          }
        });
  }

  /** Returns the factor of a layer. */
  public double of(String layer) {
    String longest = null;
    for (String name : byName.keySet()) {
      boolean fits = layer.equals(name) || layer.startsWith(name + ".");
      if (fits && (longest == null || name.length() > longest.length())) {
        longest = name;
      }
    }
    return longest == null ? 1 : byName.get(longest);
  }

  /** A name that fits no layer would do nothing. */
  void requireLayers(List<String> layers) {
    for (String name : byName.keySet()) {
      if (layers.stream().noneMatch(layer -> layer.equals(name) || layer.startsWith(name + "."))) {
        throw new ConfigException(
            "model.learningRateFactors."
                + name
                + ": no layer that is trained has that name or begins with it; there are "
                + String.join(
                    ", ",
                    layers.stream().map(l -> l.replaceFirst("\\..*", "")).distinct().toList()));
      }
    }
  }
}
