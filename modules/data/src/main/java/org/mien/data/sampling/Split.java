package org.mien.data.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSamples;

/**
 * A data set divided by purpose. Every sample is in exactly one of the four lists, each in the
 * manifest's order; no identity of {@code verification} is in another list.
 *
 * <p>Of {@code n} identities, {@code max(2, round(fraction * n))} are drawn for verification from
 * the stream {@code split/identities}: two at least, since one makes no impostor pair. The images
 * of each other identity are counted in the manifest's order: numbers {@code testEvery}, {@code 2
 * testEvery}, ... are for the test; those left are counted again, and numbers {@code
 * validationEvery}, ... are for validation. An identity's first image is always trained on, so each
 * has at least one; an identity of fewer than {@code testEvery} images has none in the test.
 *
 * @param train what the weights are fitted to
 * @param validation what decides when to stop and which settings are best
 * @param test what is reported, of the identities trained on
 * @param verification every image of the identities held out
 * @param identities the identities trained on, sorted: the order of a classifier's outputs
 */
public record Split(
    FaceSamples train,
    FaceSamples validation,
    FaceSamples test,
    FaceSamples verification,
    List<String> identities) {
  public Split {
    identities = List.copyOf(identities);
  }

  /**
   * Divides a data set; the same manifest, configuration and seed give the same split.
   *
   * @throws DataException if the manifest is empty
   * @throws ConfigException if no identity would be left to train on
   */
  public static Split of(FaceManifest manifest, SplitConfig config, SeedStreams seeds) {
    List<String> all = manifest.identities();
    if (all.isEmpty()) {
      throw new DataException("the data set " + manifest.name() + " holds no samples to split");
    }
    Set<String> heldOut = heldOut(manifest.name(), all, config, seeds);
    FaceSamples samples = manifest.samples();
    Map<String, int[]> seenOf = new HashMap<>();
    Rows train = new Rows();
    Rows validation = new Rows();
    Rows test = new Rows();
    Rows verification = new Rows();
    for (int row = 0; row < samples.size(); row++) {
      String identity = samples.identity(row);
      if (heldOut.contains(identity)) {
        verification.add(row);
        continue;
      }
      int[] seen = seenOf.computeIfAbsent(identity, name -> new int[2]);
      if (isNth(++seen[0], config.testEvery())) {
        test.add(row);
      } else if (isNth(++seen[1], config.validationEvery())) {
        validation.add(row);
      } else {
        train.add(row);
      }
    }
    List<String> identities = all.stream().filter(name -> !heldOut.contains(name)).toList();
    return new Split(
        train.of(samples),
        validation.of(samples),
        test.of(samples),
        verification.of(samples),
        identities);
  }

  /** Row numbers, 4 bytes each: a data set may have 10 million. */
  private static final class Rows {
    private final IntStream.Builder rows = IntStream.builder();

    void add(int row) {
      rows.add(row);
    }

    FaceSamples of(FaceSamples samples) {
      return samples.select(rows.build().toArray());
    }
  }

  private static boolean isNth(int number, int every) {
    return every > 0 && number % every == 0;
  }

  private static Set<String> heldOut(
      String name, List<String> all, SplitConfig config, SeedStreams seeds) {
    if (config.verificationIdentities() == 0) {
      return Set.of();
    }
    int count = (int) Math.max(2, Math.round(config.verificationIdentities() * all.size()));
    if (count >= all.size()) {
      throw new ConfigException(
          String.format(
              "verificationIdentities %s holds out %d of the %d identities of %s and leaves none to"
                  + " train on; expected a smaller fraction, or 0 for no verification",
              config.verificationIdentities(), count, all.size(), name));
    }
    int[] order = new int[all.size()];
    Arrays.setAll(order, i -> i);
    SeedStreams.shuffle(order, seeds.stream("split/identities"));
    Set<String> heldOut = new HashSet<>();
    for (int i = 0; i < count; i++) {
      heldOut.add(all.get(order[i]));
    }
    return heldOut;
  }
}
