package org.mien.trainer.evaluation;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.IdentityName;

/**
 * The faces of people who were not trained on. Names are compared as {@link IdentityName}s, so
 * spelling with case, accents or hyphens does not matter.
 *
 * @param faces those that are kept
 * @param images how many were left out
 * @param people of how many
 */
record Strangers(FaceSamples faces, int images, int people) {

  /** Leaves out the faces of people who were trained on, or none where that is not wanted. */
  static Strangers of(FaceSamples samples, Set<String> trainedOn, boolean wanted) {
    if (!wanted || trainedOn.isEmpty()) {
      return new Strangers(samples, 0, 0);
    }
    Set<IdentityName> known = trainedOn.stream().map(IdentityName::of).collect(Collectors.toSet());
    Set<String> kept = new HashSet<>();
    Set<String> found = new TreeSet<>();
    for (int row = 0; row < samples.size(); row++) {
      String name = samples.identity(row);
      if (!kept.contains(name) && !found.contains(name)) {
        (known.contains(IdentityName.of(name)) ? found : kept).add(name);
      }
    }
    int[] rows =
        IntStream.range(0, samples.size())
            .filter(row -> kept.contains(samples.identity(row)))
            .toArray();
    return new Strangers(samples.select(rows), samples.size() - rows.length, found.size());
  }

  /** Returns what was left out, as a sentence. */
  Optional<String> inWords(String what) {
    return images == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d images of %d people among %s were left out: the model was trained on them.",
                images,
                people,
                what));
  }
}
