package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.protocol.MegafaceList;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.UnitLength;

/**
 * The embeddings of one run of MegaFace: all images of the probe set, each a probe and each a mate
 * of the others of its person, and one list of distractors.
 *
 * @param probes with who they show; everybody has two images or more
 * @param distractors nobody's mates; at least one
 * @param neverSimilar further distractors that count as trials but can never be similar
 * @param zeroVectors further distractors whose similarity with every probe is 0
 */
public record MegafaceTrial(
    LabelledRows probes, EmbeddingRows distractors, int neverSimilar, int zeroVectors) {
  private static final double NOISE = 0.001;

  /**
   * Checks that everybody has a mate.
   *
   * @throws DataException naming the probe that has none
   */
  public MegafaceTrial {
    if (neverSimilar < 0 || zeroVectors < 0) {
      throw new IllegalArgumentException(
          "expected at least 0 further distractors, were " + neverSimilar + " and " + zeroVectors);
    }
    if (probes.size() == 0 || distractors.rows() == 0) {
      throw new DataException(
          "MegaFace needs probes and distractors, found "
              + probes.size()
              + " probes and "
              + distractors.rows()
              + " distractors");
    }
    Map<String, Integer> images = images(probes.identities());
    for (int probe = 0; probe < probes.size(); probe++) {
      String identity = probes.identities().get(probe);
      if (images.get(identity) < 2) {
        throw new DataException(
            "probe "
                + probe
                + " ("
                + probes.rows().name(probe)
                + ") is the only image of "
                + identity
                + "; it has no mate to be found by");
      }
    }
  }

  /** A run on the sets as they are. */
  public static MegafaceTrial raw(LabelledRows probes, EmbeddingRows distractors) {
    return new MegafaceTrial(probes, distractors, 0, 0);
  }

  /**
   * A run on cleaned sets.
   *
   * @param noisyProbes the rows of the probes whose labels are wrong
   * @param noisyDistractors the rows of the distractors that show a probe's person
   * @param seeds only for {@link MegafaceCleaning#REPLACED}: the stream {@code megaface-noise} of
   *     each row
   * @throws DataException if a person has no clean image to replace a noisy one by
   */
  public static MegafaceTrial cleaned(
      LabelledRows probes,
      EmbeddingRows distractors,
      MegafaceCleaning cleaning,
      BitSet noisyProbes,
      BitSet noisyDistractors,
      SeedStreams seeds) {
    return switch (cleaning) {
      case RAW -> raw(probes, distractors);
      case LEFT_OUT ->
          new MegafaceTrial(
              withoutNoise(probes, noisyProbes), without(distractors, noisyDistractors), 0, 0);
      case REPLACED ->
          new MegafaceTrial(
              replaced(probes, noisyProbes, NOISE, seeds),
              without(distractors, noisyDistractors),
              noisyDistractors.cardinality(),
              0);
      case ZEROED ->
          new MegafaceTrial(
              replaced(probes, noisyProbes, 0, seeds),
              without(distractors, noisyDistractors),
              0,
              noisyDistractors.cardinality());
    };
  }

  /**
   * Returns which images of a list are named by a list of noises, by path or by file name.
   *
   * @param noises as {@link MegafaceList#readNoises} gives them
   */
  public static BitSet noisyRows(MegafaceList list, Set<String> noises) {
    Set<String> kept = new HashSet<>(list.without(noises).paths());
    BitSet noisy = new BitSet();
    for (int row = 0; row < list.paths().size(); row++) {
      noisy.set(row, !kept.contains(list.paths().get(row)));
    }
    return noisy;
  }

  /** Returns how many distractors count as trials. */
  public int distractorCount() {
    return distractors.rows() + neverSimilar + zeroVectors;
  }

  private static Map<String, Integer> images(List<String> identities) {
    Map<String, Integer> images = new HashMap<>();
    identities.forEach(identity -> images.merge(identity, 1, Integer::sum));
    return images;
  }

  private static EmbeddingRows without(EmbeddingRows rows, BitSet noisy) {
    if (noisy.isEmpty()) {
      return rows;
    }
    BitSet kept = new BitSet();
    kept.set(0, rows.rows());
    kept.andNot(noisy);
    return rows.select(kept.stream().toArray());
  }

  private static LabelledRows withoutNoise(LabelledRows probes, BitSet noisy) {
    List<String> clean = new ArrayList<>();
    for (int probe = 0; probe < probes.size(); probe++) {
      if (!noisy.get(probe)) {
        clean.add(probes.identities().get(probe));
      }
    }
    Map<String, Integer> images = images(clean);
    BitSet kept = new BitSet();
    List<String> identities = new ArrayList<>();
    for (int probe = 0; probe < probes.size(); probe++) {
      String identity = probes.identities().get(probe);
      if (!noisy.get(probe) && images.get(identity) > 1) {
        kept.set(probe);
        identities.add(identity);
      }
    }
    return new LabelledRows(probes.rows().select(kept.stream().toArray()), identities);
  }

  private static LabelledRows replaced(
      LabelledRows probes, BitSet noisy, double noise, SeedStreams seeds) {
    EmbeddingRows rows = probes.rows();
    int dimension = rows.dimension();
    float[] values = UnitLength.read(rows);
    Map<String, double[]> centres = new LinkedHashMap<>();
    for (int probe = 0; probe < probes.size(); probe++) {
      if (!noisy.get(probe)) {
        double[] centre =
            centres.computeIfAbsent(
                probes.identities().get(probe), identity -> new double[dimension + 1]);
        for (int i = 0; i < dimension; i++) {
          centre[i] += values[probe * dimension + i];
        }
        centre[dimension]++;
      }
    }
    for (int probe = noisy.nextSetBit(0); probe >= 0; probe = noisy.nextSetBit(probe + 1)) {
      double[] centre = centres.get(probes.identities().get(probe));
      if (centre == null) {
        throw new DataException(
            "all images of "
                + probes.identities().get(probe)
                + " are noisy; none is left to replace probe "
                + probe
                + " by");
      }
      SplittableRandom random = seeds.stream("megaface-noise", probe);
      for (int i = 0; i < dimension; i++) {
        values[probe * dimension + i] =
            (float) (centre[i] / centre[dimension] + noise * (2 * random.nextDouble() - 1));
      }
    }
    return new LabelledRows(
        EmbeddingRows.of("cleaned probe", dimension, values), probes.identities());
  }
}
