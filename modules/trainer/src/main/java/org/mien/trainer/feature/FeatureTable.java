package org.mien.trainer.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * The features of some samples, in memory, and which samples had none.
 *
 * @param samples those that could be read, in the order asked for
 * @param dimension length of a feature
 * @param values {@code (samples, dimension)}; not copied
 * @param skipped samples that could not be read, and why
 * @param computed how many features the backbone made now; the others came from the cache
 * @param seconds wall-clock time it took
 * @param waitingShare the part of the time spent on computing, in [0, 1], in which the backbone
 *     waited for decoded images; NaN if nothing was computed
 */
@SuppressWarnings("ArrayRecordComponent") // tables are never compared
public record FeatureTable(
    List<FaceSample> samples,
    int dimension,
    float[] values,
    List<Skipped> skipped,
    int computed,
    double seconds,
    double waitingShare) {
  public FeatureTable {
    samples = List.copyOf(samples);
    skipped = List.copyOf(skipped);
    if ((long) samples.size() * dimension != values.length) {
      throw new IllegalArgumentException(
          samples.size() + " rows of " + dimension + " are not " + values.length + " numbers");
    }
  }

  /** Returns the rows of those of the given samples that could be read, in the given order. */
  public FeatureTable select(List<FaceSample> wanted) {
    Map<String, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < samples.size(); row++) {
      rowOf.put(samples.get(row).key(), row);
    }
    List<FaceSample> found = new ArrayList<>(wanted.size());
    float[] selected = new float[wanted.size() * dimension];
    for (FaceSample sample : wanted) {
      Integer row = rowOf.get(sample.key());
      if (row != null) {
        System.arraycopy(values, row * dimension, selected, found.size() * dimension, dimension);
        found.add(sample);
      }
    }
    return new FeatureTable(
        found,
        dimension,
        Arrays.copyOf(selected, found.size() * dimension),
        List.of(),
        0,
        0,
        Double.NaN);
  }

  /** Returns the same vectors with keys and identities, for metrics. */
  public EmbeddingMatrix toMatrix() {
    return matrixOf(samples, dimension, values);
  }

  /** Returns other vectors of the same samples with keys and identities, for metrics. */
  public static EmbeddingMatrix matrixOf(List<FaceSample> samples, int dimension, float[] values) {
    return new EmbeddingMatrix(
        samples.stream().map(FaceSample::key).toList(),
        samples.stream().map(FaceSample::identity).toList(),
        dimension,
        values);
  }
}
