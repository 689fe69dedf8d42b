package org.mien.trainer.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.data.image.Decoding;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.iterator.FaceBatch;
import org.mien.data.iterator.FaceBatches;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.model.embed.Embedder;

/** Runs a frozen network over samples, once each, with the help of a cache on disk. */
public final class FeatureExtractor {
  private static final int SMALLEST_BATCH = 32;
  private static final int LARGEST_BATCH = 256;

  /** So that a run of the network has several images for each thread, on many cores too. */
  private static final int IMAGES_A_THREAD = 8;

  private final Embedder network;
  private final FacePreprocessor preprocessor;
  private final Optional<FeatureCache> cache;
  private final boolean strict;
  private final Progress.Factory progress;

  /**
   * @param cache where features are looked up and kept; empty for none
   * @param strict whether an unreadable image is an error rather than a skip
   */
  public FeatureExtractor(
      Embedder network, Optional<FeatureCache> cache, boolean strict, Progress.Factory progress) {
    this(network, network.preprocessing().crop(), Decoding.FULL, cache, strict, progress);
  }

  /**
   * As the other, for images that show the face in another part than those the network was made
   * for.
   *
   * @param crop replaces the crop of the network's own input contract
   * @param decoding at which size JPEGs are decoded
   */
  public FeatureExtractor(
      Embedder network,
      Crop crop,
      Decoding decoding,
      Optional<FeatureCache> cache,
      boolean strict,
      Progress.Factory progress) {
    this.network = network;
    this.preprocessor = new FacePreprocessor(network.preprocessing().withCrop(crop), decoding);
    this.cache = cache;
    this.strict = strict;
    this.progress = progress;
  }

  /**
   * Returns the features of the samples, in their order.
   *
   * @param task names the work for the progress display
   * @throws DataException if an image cannot be read and this extractor is strict, or if the
   *     network gives a number that is not finite, naming the image
   */
  public FeatureTable extract(String task, List<FaceSample> samples) {
    long started = System.nanoTime();
    int dimension = network.dimension();
    if ((long) samples.size() * dimension > Integer.MAX_VALUE - 8) {
      throw new DataException(
          samples.size() + " features of " + dimension + " numbers do not fit into memory at once");
    }
    float[] values = new float[samples.size() * dimension];
    boolean[] present = new boolean[samples.size()];
    String[] fingerprints = new String[samples.size()];
    cache.ifPresent(found -> lookUp(found, samples, fingerprints, values, present));

    List<FaceSample> missing = new ArrayList<>();
    Map<String, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < present.length; row++) {
      if (!present[row]) {
        missing.add(samples.get(row));
        rowOf.put(samples.get(row).key(), row);
      }
    }
    Computed computed =
        missing.isEmpty()
            ? new Computed(List.of(), Double.NaN)
            : compute(task, missing, rowOf, fingerprints, values, present);
    double seconds = (System.nanoTime() - started) / 1e9;
    return compact(samples, values, present, missing.size(), computed, seconds);
  }

  private void lookUp(
      FeatureCache found,
      List<FaceSample> samples,
      String[] fingerprints,
      float[] values,
      boolean[] present) {
    // Reading and hashing files is most of the work when all features are in the cache.
    IntStream.range(0, samples.size())
        .parallel()
        .forEach(row -> fingerprints[row] = fingerprint(samples.get(row)));
    for (int row = 0; row < fingerprints.length; row++) {
      present[row] =
          fingerprints[row] != null
              && found.read(fingerprints[row], values, row * network.dimension());
    }
  }

  /** Returns null for a file that cannot be read; the reader says so, with the reason, later. */
  private static String fingerprint(FaceSample sample) {
    try {
      return sample.image().fingerprint();
    } catch (DataException e) {
      return null;
    }
  }

  /**
   * What computing features left besides the features.
   *
   * @param waitingShare as in {@link FeatureTable}
   */
  private record Computed(List<Skipped> skipped, double waitingShare) {}

  private Computed compute(
      String task,
      List<FaceSample> missing,
      Map<String, Integer> rowOf,
      String[] fingerprints,
      float[] values,
      boolean[] present) {
    int dimension = network.dimension();
    long started = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    int size = batch(threads);
    FaceBatches.Option[] options =
        strict ? new FaceBatches.Option[] {FaceBatches.Option.STRICT} : new FaceBatches.Option[0];
    try (Progress bar = progress.start(task, "images", missing.size());
        FaceBatches batches =
            FaceBatches.of(missing, preprocessor, batch(threads), threads, options)) {
      long done = 0;
      while (batches.hasNext()) {
        FaceBatch batch = batches.next();
        float[] features = network.embed(filled(batch, size), size);
        for (int i = 0; i < batch.count(); i++) {
          FaceSample sample = batch.samples().get(i);
          int row = rowOf.get(sample.key());
          requireFinite(features, i * dimension, sample);
          System.arraycopy(features, i * dimension, values, row * dimension, dimension);
          present[row] = true;
          if (cache.isPresent() && fingerprints[row] != null) {
            cache.get().write(fingerprints[row], features, i * dimension);
          }
        }
        done += batch.count();
        bar.advanceTo(done + batches.skipped().size());
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      return new Computed(batches.skipped(), Math.min(1, batches.waitedSeconds() / seconds));
    }
  }

  /**
   * Returns a batch of always the same number of images, black ones behind. A network's vectors may
   * differ in their last bits with the number of images it is run with; so that a training that was
   * killed while features were computed ends with the same bits, it always is the same number.
   */
  private float[] filled(FaceBatch batch, int size) {
    return batch.count() == size
        ? batch.images()
        : Arrays.copyOf(
            Arrays.copyOf(batch.images(), batch.count() * network.preprocessing().imageLength()),
            size * network.preprocessing().imageLength());
  }

  /** Images decoded ahead at once; three such batches are in memory. */
  static int batch(int threads) {
    return Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, IMAGES_A_THREAD * threads));
  }

  private void requireFinite(float[] features, int offset, FaceSample sample) {
    for (int i = offset; i < offset + network.dimension(); i++) {
      if (!Float.isFinite(features[i])) {
        throw new DataException(
            String.format(
                "the network gives %s for %s (component %d); its weights or its preprocessing (%s)"
                    + " are wrong",
                features[i], sample.key(), i - offset, network.preprocessing().describe()));
      }
    }
  }

  private FeatureTable compact(
      List<FaceSample> samples,
      float[] values,
      boolean[] present,
      int missing,
      Computed computed,
      double seconds) {
    int dimension = network.dimension();
    List<FaceSample> kept = new ArrayList<>(samples.size());
    for (int row = 0; row < present.length; row++) {
      if (present[row]) {
        if (kept.size() < row) {
          System.arraycopy(values, row * dimension, values, kept.size() * dimension, dimension);
        }
        kept.add(samples.get(row));
      }
    }
    float[] dense =
        kept.size() == samples.size() ? values : Arrays.copyOf(values, kept.size() * dimension);
    return new FeatureTable(
        kept,
        dimension,
        dense,
        computed.skipped(),
        missing - computed.skipped().size(),
        seconds,
        computed.waitingShare());
  }
}
