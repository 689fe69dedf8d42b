package org.mien.model.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.onnx.DynamicBatch;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.OnnxSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Embedder} on ONNX Runtime's CPU engine.
 *
 * <p>The network has one input {@code (batch, 3, height, width)} of 32-bit floats and gives one
 * vector an image. Where the file fixes the batch to 1, the batch is made dynamic in memory if that
 * verifiably changes nothing ({@link DynamicBatch}); else images run one by one.
 *
 * <p>Images are shared out among threads that each run a few at a time. On CPUs that is faster than
 * one run that shares out each operator, most of all on a busy machine. The vector of an image may
 * differ in its last bits with the number of images it is run with.
 */
public final class OnnxEmbedder implements Embedder {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEmbedder.class);

  /** Images in one run: enough to use each weight several times while it is in the cache. */
  private static final int LARGEST_RUN = 8;

  private final String name;
  private final OnnxSession session;
  private final Preprocessing preprocessing;
  private final String fingerprint;
  private final int dimension;
  private final int threads;
  private final boolean batches;
  private final ExecutorService workers;
  private final BlockingQueue<FloatBuffer> spareBuffers;

  /**
   * How to run the network.
   *
   * @param threads images are shared out among this many threads, at least 1
   * @param output the output that is the vector, where there are several
   */
  public record Options(int threads, Optional<String> output) {
    public Options {
      if (threads < 1) {
        throw new IllegalArgumentException("expected at least 1 thread, was " + threads);
      }
    }

    /** As many threads as the machine has processors, and the only output. */
    public static Options defaults() {
      return new Options(Runtime.getRuntime().availableProcessors(), Optional.empty());
    }

    public Options withOutput(Optional<String> output) {
      return new Options(threads, output);
    }
  }

  private OnnxEmbedder(
      OnnxSession session,
      OnnxModelFile model,
      Preprocessing preprocessing,
      Options options,
      boolean batches) {
    this.name = model.name();
    this.session = session;
    this.preprocessing = preprocessing;
    this.threads = options.threads();
    this.batches = batches;
    // Another output of the same file is another function.
    this.fingerprint =
        session.outputs() == 1
            ? model.sha256()
            : new Fingerprint().add(model.sha256()).add(session.outputName()).hex();
    this.spareBuffers = new ArrayBlockingQueue<>(threads);
    this.dimension = dimensionOf(name, session, preprocessing);
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "onnx-" + Path.of(name).getFileName());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Loads a network from a file.
   *
   * @throws DataException if the file is missing, damaged or not such a network
   * @throws ConfigException if its input does not fit the preprocessing, or the output is not clear
   */
  public static OnnxEmbedder open(Path file, Preprocessing preprocessing, Options options) {
    return of(OnnxModelFile.read(file), preprocessing, options);
  }

  /** As {@link #open}, from a model that is in memory. */
  public static OnnxEmbedder of(OnnxModelFile model, Preprocessing preprocessing, Options options) {
    OnnxSession session = OnnxSession.open(model.bytes(), model.name(), options.output());
    try {
      checkInput(model.name(), session, preprocessing);
      DynamicBatch.Outcome batch =
          DynamicBatch.verified(
              model, options.output(), preprocessing.heightPixels(), preprocessing.widthPixels());
      if (batch.rewritten()) {
        session.close();
        session = OnnxSession.open(batch.model().toByteArray(), model.name(), options.output());
      } else if (!batch.batches()) {
        LOG.info("{} runs one image at a time: its batch is fixed", model.name());
      }
      return new OnnxEmbedder(session, model, preprocessing, options, batch.batches());
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /**
   * SHA-256 of the file's bytes; where the file has several outputs, the chosen one is hashed in.
   */
  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String engine() {
    return "ONNX Runtime " + OnnxSession.version() + ", CPU, threads " + threads;
  }

  /** Whether several images can be run at once. */
  public boolean batches() {
    return batches;
  }

  @Override
  public float[] embed(float[] images, int count) {
    if (count < 1 || images.length < (long) count * preprocessing.imageLength()) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 1 image of %d floats, was %d images in %d floats",
              preprocessing.imageLength(), count, images.length));
    }
    float[] vectors = new float[Math.multiplyExact(count, dimension)];
    int run = batches ? Math.min(LARGEST_RUN, (count + threads - 1) / threads) : 1;
    if (count <= run || threads == 1) {
      for (int start = 0; start < count; start += run) {
        run(images, start, Math.min(run, count - start), vectors);
      }
      return vectors;
    }
    List<Future<?>> parts = new ArrayList<>();
    for (int start = 0; start < count; start += run) {
      int first = start;
      parts.add(workers.submit(() -> run(images, first, Math.min(run, count - first), vectors)));
    }
    await(parts);
    return vectors;
  }

  @Override
  public void close() {
    workers.shutdown();
    session.close();
  }

  private void run(float[] images, int first, int count, float[] vectors) {
    int length = preprocessing.imageLength();
    FloatBuffer buffer = spareBuffers.poll();
    if (buffer == null) {
      buffer =
          ByteBuffer.allocateDirect(LARGEST_RUN * length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    buffer.clear().put(images, first * length, count * length).flip();
    float[] values =
        session
            .run(
                buffer,
                new long[] {count, 3, preprocessing.heightPixels(), preprocessing.widthPixels()})
            .values();
    // Dropped where enough are spare already.
    spareBuffers.offer(buffer);
    if (values.length != count * dimension) {
      throw new DataException(
          String.format(
              "%s: expected %d x %d values, the network gave %d",
              name, count, dimension, values.length));
    }
    System.arraycopy(values, 0, vectors, first * dimension, values.length);
  }

  private static void await(List<Future<?>> parts) {
    RuntimeException failure = null;
    for (Future<?> part : parts) {
      try {
        if (failure == null) {
          part.get();
        } else {
          part.cancel(false);
        }
      } catch (ExecutionException e) {
        failure =
            e.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException("a run of the network failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IllegalStateException("interrupted while the network ran", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void checkInput(String name, OnnxSession session, Preprocessing preprocessing) {
    long[] shape = session.inputShape();
    if (shape.length != 4) {
      throw new DataException(
          name
              + ": expected images (batch, 3, height, width) as input "
              + session.inputName()
              + ", its shape is "
              + Arrays.toString(shape));
    }
    if (shape[1] != 3 && shape[1] >= 0) {
      throw new DataException(
          name
              + ": expected three colour planes first (NCHW), the shape of input "
              + session.inputName()
              + " is "
              + Arrays.toString(shape)
              + (shape[3] == 3 ? "; NHWC networks are not supported" : ""));
    }
    if (shape[0] > 1) {
      throw new DataException(
          name
              + ": expected a dynamic batch or a batch of 1, input "
              + session.inputName()
              + " is "
              + Arrays.toString(shape));
    }
    boolean fits =
        (shape[2] < 0 || shape[2] == preprocessing.heightPixels())
            && (shape[3] < 0 || shape[3] == preprocessing.widthPixels());
    if (!fits) {
      throw new ConfigException(
          String.format(
              "%s: the network takes images of %d x %d (width x height), the preprocessing makes %d"
                  + " x %d",
              name, shape[3], shape[2], preprocessing.widthPixels(), preprocessing.heightPixels()));
    }
  }

  /** Runs one black image where the file does not say how long its vectors are. */
  private static int dimensionOf(String name, OnnxSession session, Preprocessing preprocessing) {
    FloatBuffer image =
        ByteBuffer.allocateDirect(preprocessing.imageLength() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    OnnxSession.Output output =
        session.run(
            image, new long[] {1, 3, preprocessing.heightPixels(), preprocessing.widthPixels()});
    long[] shape = output.shape();
    // A vector: (1, d), or (1, d, 1, 1) as from a pooling without flattening.
    boolean vector = shape.length >= 2 && shape[0] == 1 && shape[1] == output.values().length;
    if (!vector || output.values().length == 0) {
      throw new DataException(
          name
              + ": expected one vector an image as output "
              + session.outputName()
              + ", its shape for one image is "
              + Arrays.toString(shape));
    }
    return output.values().length;
  }
}
