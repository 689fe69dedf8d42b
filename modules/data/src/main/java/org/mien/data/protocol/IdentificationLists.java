package org.mien.data.protocol;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Identification among distractors, as MegaFace has it: each probe is looked for by each other
 * image of its person, hidden among people who are nobody's mates.
 *
 * @param name for reports
 * @param probes keys of the probes
 * @param identities who each probe shows, in the same order
 * @param distractors keys of the distractors, none of whom is a probe's person
 */
public record IdentificationLists(
    String name, List<String> probes, List<String> identities, List<String> distractors)
    implements Protocol {
  public IdentificationLists {
    probes = List.copyOf(probes);
    identities = List.copyOf(identities);
    distractors = List.copyOf(distractors);
    if (probes.size() != identities.size()) {
      throw new IllegalArgumentException(
          probes.size() + " probes and " + identities.size() + " identities");
    }
  }

  @Override
  public List<String> keys() {
    return Stream.concat(probes.stream(), distractors.stream()).distinct().toList();
  }

  /** Returns the number of ordered pairs of two images of one person: the sum of {@code m(m-1)}. */
  public long matePairs() {
    Map<String, Long> images = new HashMap<>();
    identities.forEach(identity -> images.merge(identity, 1L, Long::sum));
    return images.values().stream().mapToLong(m -> m * (m - 1)).sum();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("probes", (long) probes.size());
    counts.put("probeIdentities", identities.stream().distinct().count());
    counts.put("matePairs", matePairs());
    counts.put("distractors", (long) distractors.size());
    return counts;
  }
}
