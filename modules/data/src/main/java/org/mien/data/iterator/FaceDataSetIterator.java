package org.mien.data.iterator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of faces for DL4J: features {@code (batch, 3, height, width)} and one-hot labels {@code
 * (batch, identities)}, both FLOAT; the samples' keys are the example meta data.
 *
 * <p><b>Order.</b> A shuffled iterator orders epoch {@code e} by the seed stream of its name and
 * index {@code e}; nothing else decides it, so {@link #at} of an epoch continues a stopped run
 * exactly. The first epoch is 0. {@link #reset} goes to the next epoch once something was taken
 * from the current one; before that it does nothing, for DL4J's wrappers reset more often than
 * epochs end.
 *
 * <p>Images that cannot be read are left out and listed by {@link #skipped}; batches are filled up
 * with the samples that follow. Decoding runs ahead in threads of its own, so {@link
 * #asyncSupported} is false: another prefetching thread would add nothing. Not thread-safe.
 */
public final class FaceDataSetIterator implements DataSetIterator, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** The seed streams and the name of the one that orders epochs. */
  private record Shuffling(SeedStreams seeds, String stream) {}

  private final transient List<FaceSample> samples;
  private final List<String> identities;
  private final Map<String, Integer> labelOf = new HashMap<>();
  private final transient FacePreprocessor faces;
  private final int batchSize;
  private final int threads;
  private final transient Shuffling shuffling; // null: in the samples' order
  private final transient Map<String, Skipped> skipped = new LinkedHashMap<>();
  private DataSetPreProcessor preProcessor;
  private long epoch;
  private boolean taken;
  private boolean exhausted;
  private transient FaceBatches batches;
  private transient FaceBatch current;
  private int usedOfCurrent;
  private double waitedBefore;

  private FaceDataSetIterator(
      List<FaceSample> samples,
      List<String> identities,
      FacePreprocessor faces,
      int batchSize,
      int threads,
      Shuffling shuffling) {
    if (batchSize < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "expected a batch and threads of at least 1, was " + batchSize + ", " + threads);
    }
    // An index of millions stays one.
    this.samples = samples instanceof FaceSamples ? samples : List.copyOf(samples);
    this.identities = List.copyOf(identities);
    this.faces = faces;
    this.batchSize = batchSize;
    this.threads = threads;
    this.shuffling = shuffling;
    for (int label = 0; label < identities.size(); label++) {
      if (labelOf.put(identities.get(label), label) != null) {
        throw new IllegalArgumentException(identities.get(label) + " is listed twice");
      }
    }
    for (FaceSample sample : samples) {
      if (!labelOf.containsKey(sample.identity())) {
        throw new IllegalArgumentException(
            sample.key() + " shows " + sample.identity() + ", who is not among the labels");
      }
    }
  }

  /**
   * Returns an iterator that takes the samples in their order in every epoch.
   *
   * @param identities the labels; every sample's identity is among them
   * @param faces makes the features
   * @param threads how many decode ahead
   */
  public static FaceDataSetIterator inOrder(
      List<FaceSample> samples,
      List<String> identities,
      FacePreprocessor faces,
      int batchSize,
      int threads) {
    return new FaceDataSetIterator(samples, identities, faces, batchSize, threads, null);
  }

  /**
   * Returns an iterator that shuffles the samples anew in every epoch.
   *
   * @param stream name of the seed stream, for example {@code train/order}
   */
  public static FaceDataSetIterator shuffled(
      List<FaceSample> samples,
      List<String> identities,
      FacePreprocessor faces,
      int batchSize,
      int threads,
      SeedStreams seeds,
      String stream) {
    return new FaceDataSetIterator(
        samples, identities, faces, batchSize, threads, new Shuffling(seeds, stream));
  }

  /** Goes to the beginning of an epoch, and returns this iterator. */
  public FaceDataSetIterator at(long epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("expected an epoch of at least 0, was " + epoch);
    }
    close();
    this.epoch = epoch;
    return this;
  }

  /** Returns the epoch that {@link #next} takes from, counted from 0. */
  public long epoch() {
    return epoch;
  }

  /**
   * Returns for how many seconds {@link #hasNext} and {@link #next} have waited for images, in all
   * epochs so far: time in which the network could not work.
   */
  public double waitedSeconds() {
    return waitedBefore + (batches == null ? 0 : batches.waitedSeconds());
  }

  /** Returns what could not be read so far, each once. */
  public List<Skipped> skipped() {
    noteSkipped();
    return List.copyOf(skipped.values());
  }

  @Override
  public boolean hasNext() {
    if (current != null && usedOfCurrent < current.count()) {
      return true;
    }
    if (exhausted) {
      return false;
    }
    if (batches == null) {
      batches = FaceBatches.of(inOrderOfEpoch(), faces, batchSize, threads);
    }
    if (batches.hasNext()) {
      current = batches.next();
      usedOfCurrent = 0;
      return true;
    }
    stopLoading();
    exhausted = true;
    return false;
  }

  @Override
  public DataSet next() {
    return next(batchSize);
  }

  /** Returns the next {@code count} examples, or as many as the epoch still has. */
  @Override
  public DataSet next(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected at least 1 example, was " + count);
    }
    if (!hasNext()) {
      throw new NoSuchElementException("epoch " + epoch + " has no more examples");
    }
    int length = faces.preprocessing().imageLength();
    float[] images = new float[Math.multiplyExact(Math.min(count, samples.size()), length)];
    List<FaceSample> taking = new ArrayList<>(count);
    while (taking.size() < count && hasNext()) {
      int now = Math.min(count - taking.size(), current.count() - usedOfCurrent);
      System.arraycopy(
          current.images(), usedOfCurrent * length, images, taking.size() * length, now * length);
      taking.addAll(current.samples().subList(usedOfCurrent, usedOfCurrent + now));
      usedOfCurrent += now;
    }
    taken = true;
    int size = taking.size();
    INDArray features =
        Nd4j.create(
            size * length == images.length ? images : Arrays.copyOf(images, size * length),
            new long[] {
              size, 3, faces.preprocessing().heightPixels(), faces.preprocessing().widthPixels()
            },
            'c');
    INDArray labels = Nd4j.zeros(DataType.FLOAT, size, identities.size());
    for (int i = 0; i < size; i++) {
      labels.putScalar(i, labelOf.get(taking.get(i).identity()), 1f);
    }
    DataSet dataSet = new DataSet(features, labels);
    dataSet.setLabelNames(identities);
    dataSet.setExampleMetaData(taking.stream().map(FaceSample::key).toList());
    if (preProcessor != null) {
      preProcessor.preProcess(dataSet);
    }
    return dataSet;
  }

  @Override
  public void reset() {
    boolean advance = taken;
    close();
    if (advance) {
      epoch++;
    }
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** Returns false: images are decoded ahead already. */
  @Override
  public boolean asyncSupported() {
    return false;
  }

  /** Returns the number of features of an example, {@code 3 * height * width}. */
  @Override
  public int inputColumns() {
    return faces.preprocessing().imageLength();
  }

  @Override
  public int totalOutcomes() {
    return identities.size();
  }

  @Override
  public int batch() {
    return batchSize;
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    this.preProcessor = preProcessor;
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }

  @Override
  public List<String> getLabels() {
    return identities;
  }

  /** Stops decoding ahead and goes back to the beginning of the epoch. */
  @Override
  public void close() {
    stopLoading();
    current = null;
    usedOfCurrent = 0;
    taken = false;
    exhausted = false;
  }

  private void stopLoading() {
    if (batches != null) {
      noteSkipped();
      waitedBefore += batches.waitedSeconds();
      batches.close();
      batches = null;
      current = null;
    }
  }

  private void noteSkipped() {
    if (batches != null) {
      batches.skipped().forEach(skip -> skipped.putIfAbsent(skip.key(), skip));
    }
  }

  private List<FaceSample> inOrderOfEpoch() {
    if (shuffling == null) {
      return samples;
    }
    int[] order = new int[samples.size()];
    Arrays.setAll(order, i -> i);
    SeedStreams.shuffle(order, shuffling.seeds().stream(shuffling.stream(), epoch));
    return samples instanceof FaceSamples index
        ? index.select(order)
        : Arrays.stream(order).mapToObj(samples::get).toList();
  }
}
