package org.mien.trainer.evaluation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mien.core.error.DataException;
import org.mien.data.manifest.FaceSamples;

/** The images of a data set that a protocol names. */
final class NamedFaces {
  private NamedFaces() {}

  /**
   * Returns the samples of some keys, in their order.
   *
   * @param keys each once
   * @param protocol who names them, for the message
   * @throws DataException if there is no sample of a key, with how many are missing
   */
  static FaceSamples select(FaceSamples samples, List<String> keys, String protocol) {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    keys.forEach(key -> wanted.put(key, -1));
    for (int row = 0; row < samples.size(); row++) {
      int found = row;
      wanted.computeIfPresent(samples.key(row), (key, none) -> found);
    }
    Set<String> missing = new HashSet<>();
    wanted.forEach(
        (key, row) -> {
          if (row < 0) {
            missing.add(key);
          }
        });
    if (!missing.isEmpty()) {
      throw new DataException(
          String.format(
              "%d of the %d images that %s names are missing, the first is %s",
              missing.size(),
              keys.size(),
              protocol,
              keys.stream().filter(missing::contains).findFirst().orElseThrow()));
    }
    return samples.select(wanted.values().stream().mapToInt(Integer::intValue).toArray());
  }
}
