package org.mien.data.iterator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.mien.core.error.DataException;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/**
 * Loads samples in batches, in their order, with threads that decode ahead while the caller works
 * on the batch it has.
 *
 * <pre>{@code
 * try (FaceBatches batches = FaceBatches.of(samples, preprocessor, 64, 2)) {
 *   while (batches.hasNext()) {
 *     FaceBatch batch = batches.next();
 *     network.run(batch.images(), batch.count());
 *   }
 *   report(batches.skipped());
 * }
 * }</pre>
 *
 * <p>Batch {@code k} is made of samples {@code k * batchSize} to {@code (k + 1) * batchSize - 1}.
 * An image that cannot be read is left out of its batch, which becomes shorter, and listed in
 * {@link #skipped()}; with {@link Option#STRICT} it ends the loading instead. A batch without one
 * good image is passed over.
 *
 * <p>Memory: three batches of floats, whatever the number of samples. One caller's thread only.
 */
public final class FaceBatches implements Iterator<FaceBatch>, AutoCloseable {
  /** What a loader does besides loading. */
  public enum Option {
    /** The first image that cannot be read is thrown, as the {@link DataException} it made. */
    STRICT,
    /** Batches carry the fingerprint of each image; every file is still read once. */
    FINGERPRINTS
  }

  /** One batch is with the caller, one is ready or nearly so, one is being filled. */
  private static final int SLOTS = 3;

  private static final AtomicInteger THREADS_MADE = new AtomicInteger();

  private final List<FaceSample> samples;
  private final FacePreprocessor preprocessor;
  private final int batchSize;
  private final Set<Option> options;
  private final ExecutorService threads;
  private final Deque<Slot> ahead = new ArrayDeque<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private int started;
  private Slot withCaller;
  private FaceBatch upcoming;
  private boolean closed;
  private long waitedNanos;

  private FaceBatches(
      List<FaceSample> samples,
      FacePreprocessor preprocessor,
      int batchSize,
      int threadCount,
      Set<Option> options) {
    if (batchSize < 1 || threadCount < 1) {
      throw new IllegalArgumentException(
          "expected a batch and threads of at least 1, was " + batchSize + ", " + threadCount);
    }
    int slotSize = Math.min(batchSize, Math.max(1, samples.size()));
    long floats = (long) slotSize * preprocessor.preprocessing().imageLength();
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a batch of " + batchSize + " images exceeds an array");
    }
    this.samples = samples instanceof FaceSamples ? samples : List.copyOf(samples);
    this.preprocessor = preprocessor;
    this.batchSize = batchSize;
    this.options = options;
    this.threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, "mien-decode-" + THREADS_MADE.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < SLOTS && started < samples.size(); i++) {
      start(new Slot(slotSize, (int) floats));
    }
  }

  /**
   * Starts to load.
   *
   * @param samples in the order wanted
   * @param preprocessor makes the inputs
   * @param batchSize images in a batch; the last one may hold fewer
   * @param threads how many decode beside the caller; at least 1
   * @param options see {@link Option}
   */
  public static FaceBatches of(
      List<FaceSample> samples,
      FacePreprocessor preprocessor,
      int batchSize,
      int threads,
      Option... options) {
    EnumSet<Option> set = EnumSet.noneOf(Option.class);
    set.addAll(Arrays.asList(options));
    return new FaceBatches(samples, preprocessor, batchSize, threads, set);
  }

  /**
   * Waits until the next batch is loaded, if there is one. The batch the caller holds stays valid.
   *
   * @throws DataException if {@link Option#STRICT} and an image cannot be read
   */
  @Override
  public boolean hasNext() {
    if (closed) {
      throw new IllegalStateException("the loader is closed");
    }
    while (upcoming == null && !ahead.isEmpty()) {
      Slot slot = ahead.peekFirst();
      FaceBatch batch = slot.collect();
      if (batch.count() > 0) {
        upcoming = batch;
      } else {
        ahead.removeFirst();
        start(slot);
      }
    }
    return upcoming != null;
  }

  /** Returns the next batch; from now on the one before it is no longer valid. */
  @Override
  public FaceBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all batches were taken");
    }
    if (withCaller != null) {
      start(withCaller);
    }
    withCaller = ahead.removeFirst();
    FaceBatch batch = upcoming;
    upcoming = null;
    return batch;
  }

  /** Returns what could not be read among the batches loaded so far, in the samples' order. */
  public List<Skipped> skipped() {
    return List.copyOf(skipped);
  }

  /**
   * Returns for how many seconds {@link #hasNext} and {@link #next} have waited for images so far:
   * time in which the caller could not work. Divided by the time since the loader was made it is
   * the share of time that a network waits for data.
   */
  public double waitedSeconds() {
    return waitedNanos / 1e9;
  }

  /** Stops the threads; waits until none of them writes any more. */
  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        // An image takes milliseconds: this ends as soon as those in hand are done.
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins to fill a free slot with the samples that come next, if any are left. */
  private void start(Slot slot) {
    if (started >= samples.size()) {
      return;
    }
    int end = Math.min(started + batchSize, samples.size());
    slot.begin(List.copyOf(samples.subList(started, end)));
    started = end;
    ahead.addLast(slot);
    for (int i = 0; i < slot.wanted.size(); i++) {
      int index = i;
      threads.execute(() -> slot.load(index));
    }
  }

  /** One batch in the making. The latch orders what the threads write before what is read. */
  private final class Slot {
    private final float[] images;
    private final Throwable[] problems;
    private final String[] fingerprints;
    private List<FaceSample> wanted = List.of();
    private CountDownLatch remaining = new CountDownLatch(0);

    Slot(int size, int floats) {
      this.images = new float[floats];
      this.problems = new Throwable[size];
      this.fingerprints = new String[size];
    }

    void begin(List<FaceSample> next) {
      wanted = next;
      remaining = new CountDownLatch(next.size());
      Arrays.fill(problems, null);
    }

    void load(int index) {
      try {
        ImageSource source = wanted.get(index).image();
        int offset = index * preprocessor.preprocessing().imageLength();
        if (options.contains(Option.FINGERPRINTS)) {
          fingerprints[index] = source.writeInputAndFingerprint(preprocessor, images, offset);
        } else {
          source.writeInput(preprocessor, images, offset);
        }
      } catch (Throwable e) { // thrown again, or listed, in the caller's thread
        problems[index] = e;
      } finally {
        remaining.countDown();
      }
    }

    /** Waits for the images and moves the good ones together. */
    FaceBatch collect() {
      long began = System.nanoTime();
      try {
        remaining.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while waiting for images");
      } finally {
        waitedNanos += System.nanoTime() - began;
      }
      int length = preprocessor.preprocessing().imageLength();
      List<FaceSample> good = new ArrayList<>(wanted.size());
      List<String> prints = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        if (problems[i] != null) {
          skipOrThrow(wanted.get(i), problems[i]);
          continue;
        }
        if (good.size() < i) {
          System.arraycopy(images, i * length, images, good.size() * length, length);
        }
        good.add(wanted.get(i));
        if (options.contains(Option.FINGERPRINTS)) {
          prints.add(fingerprints[i]);
        }
      }
      return new FaceBatch(images, good, prints);
    }

    private void skipOrThrow(FaceSample sample, Throwable problem) {
      if (problem instanceof DataException && !options.contains(Option.STRICT)) {
        skipped.add(new Skipped(sample.key(), problem.getMessage()));
      } else if (problem instanceof RuntimeException runtime) {
        throw runtime;
      } else if (problem instanceof Error error) {
        throw error;
      } else {
        throw new IllegalStateException("loading " + sample.key() + " failed", problem);
      }
    }
  }
}
