package org.mien.data.manifest;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The samples of a data set in a fixed order, and what was left out.
 *
 * @param name for reports, for example {@code lfw-deepfunneled}
 * @param samples in an order that does not depend on the machine, keys unique
 * @param skipped what could not be used, and why
 */
public record FaceManifest(String name, FaceSamples samples, List<Skipped> skipped) {
  public FaceManifest {
    skipped = List.copyOf(skipped);
  }

  /**
   * A manifest of samples that are objects in memory.
   *
   * @throws IllegalArgumentException if a key occurs twice
   */
  public FaceManifest(String name, List<FaceSample> samples, List<Skipped> skipped) {
    this(name, FaceSamples.copyOf(samples), skipped);
  }

  /** Returns the identities in alphabetical order. */
  public List<String> identities() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < samples.size(); i++) {
      names.add(samples.identity(i));
    }
    return List.copyOf(new TreeSet<>(names));
  }

  /** Returns the same manifest with each sample changed when it is asked for. */
  public FaceManifest map(UnaryOperator<FaceSample> change) {
    return new FaceManifest(name, samples.map(change), skipped);
  }
}
