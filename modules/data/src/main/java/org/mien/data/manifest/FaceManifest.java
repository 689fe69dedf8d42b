package org.mien.data.manifest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The samples of a data set in a fixed order, and what was left out.
 *
 * @param name for reports, for example {@code lfw-deepfunneled}
 * @param samples ordered by key, keys unique
 * @param skipped what could not be used, and why
 */
public record FaceManifest(String name, List<FaceSample> samples, List<Skipped> skipped) {
  public FaceManifest {
    samples = List.copyOf(samples);
    skipped = List.copyOf(skipped);
    Map<String, FaceSample> seen = new HashMap<>();
    for (FaceSample sample : samples) {
      if (seen.put(sample.key(), sample) != null) {
        throw new IllegalArgumentException(name + " holds the key " + sample.key() + " twice");
      }
    }
  }

  /** Returns the identities in alphabetical order. */
  public List<String> identities() {
    TreeSet<String> names = new TreeSet<>();
    samples.forEach(sample -> names.add(sample.identity()));
    return List.copyOf(names);
  }
}
