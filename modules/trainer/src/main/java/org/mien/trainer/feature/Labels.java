package org.mien.trainer.feature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mien.data.manifest.FaceSample;

/** From identities to the classifier's output numbers. */
public final class Labels {
  private Labels() {}

  /**
   * Returns the output number of each sample's identity.
   *
   * @throws IllegalArgumentException if an identity is not among those given
   */
  public static int[] of(List<FaceSample> samples, List<String> identities) {
    Map<String, Integer> numberOf = new HashMap<>();
    for (int i = 0; i < identities.size(); i++) {
      numberOf.put(identities.get(i), i);
    }
    int[] labels = new int[samples.size()];
    for (int i = 0; i < labels.length; i++) {
      Integer number = numberOf.get(samples.get(i).identity());
      if (number == null) {
        throw new IllegalArgumentException(
            "the classifier has no output for " + samples.get(i).identity());
      }
      labels[i] = number;
    }
    return labels;
  }
}
