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
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.hardware.Backend;
import org.mien.model.hardware.GpuSupport;
import org.mien.model.onnx.DynamicBatch;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.OnnxSession;
import org.mien.model.onnx.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Embedder} on ONNX Runtime.
 *
 * <p>The network has one input {@code (batch, 3, height, width)} of 32-bit floats, or {@code
 * (batch, height, width, 3)} of bytes where it does its preprocessing itself, and gives one vector
 * an image. Where the file fixes the batch to 1, the batch is made dynamic in memory if that
 * verifiably changes nothing ({@link DynamicBatch}); else images run one by one.
 *
 * <p>Images are shared out among threads that each run a few at a time. On CPUs that is faster than
 * one run that shares out each operator, most of all on a busy machine. The vector of an image may
 * differ in its last bits with the number of images in a call of {@link #embed}, not with its place
 * among them.
 */
public final class OnnxEmbedder implements Embedder {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEmbedder.class);

  /** Images in one run: enough to use each weight several times while it is in the cache. */
  private static final int LARGEST_RUN = 8;

  /** A GPU is only busy with many images at once. */
  private static final int LARGEST_RUN_ON_GPU = 32;

  private final String name;
  private final OnnxSession session;
  private final Preprocessing preprocessing;
  private final String fingerprint;
  private final int dimension;
  private final int threads;
  private final String engine;
  private final int largestRun;
  private final boolean batches;
  private final ExecutorService workers;
  private final BlockingQueue<ByteBuffer> spareBuffers;

  /**
   * How to run the network.
   *
   * @param threads images are shared out among this many threads, at least 1
   * @param intraOpThreads threads that share out each operator of one run, at least 1. More than 1
   *     serves single images on an idle machine; several images are faster with 1
   * @param provider what computes; on a GPU the two settings before have no meaning
   * @param devices the GPUs that share out the images, in CUDA's numbers
   * @param output the output that is the vector, where there are several
   */
  public record Options(
      int threads,
      int intraOpThreads,
      Provider provider,
      List<Integer> devices,
      Optional<String> output) {
    public Options {
      devices = List.copyOf(devices);
      if (threads < 1 || intraOpThreads < 1) {
        throw new IllegalArgumentException(
            "expected at least 1 thread, was " + threads + " with " + intraOpThreads + " each");
      }
    }

    /** Where it runs on a GPU, on all that {@link GpuSupport} finds fit for it. */
    public Options(int threads, int intraOpThreads, Provider provider, Optional<String> output) {
      this(threads, intraOpThreads, provider, devicesFor(provider), output);
    }

    /** On the processor, one thread an operator. */
    public Options(int threads, Optional<String> output) {
      this(threads, 1, Provider.CPU, output);
    }

    /**
     * As many threads as the machine has processors, the GPUs if {@link Backend#wanted()} says so,
     * the only output.
     */
    public static Options defaults() {
      Backend wanted = Backend.wanted();
      Provider provider =
          !GpuSupport.ofMachine().onnxRuntimeOnGpu(wanted)
              ? Provider.CPU
              : wanted == Backend.CUDA ? Provider.CUDA : Provider.AUTO;
      return new Options(Runtime.getRuntime().availableProcessors(), 1, provider, Optional.empty());
    }

    private static List<Integer> devicesFor(Provider provider) {
      List<Integer> gpus =
          provider == Provider.CPU ? List.of() : GpuSupport.ofMachine().onnxDevices();
      // Where nothing is known of a GPU, the first may still be tried.
      return gpus.isEmpty() ? List.of(0) : gpus;
    }

    public Options withOutput(Optional<String> newOutput) {
      return new Options(threads, intraOpThreads, provider, devices, newOutput);
    }

    public Options withProvider(Provider newProvider) {
      return new Options(threads, intraOpThreads, newProvider, output);
    }

    private OnnxSession open(byte[] model, String name) {
      return OnnxSession.open(
          model, name, new OnnxSession.Options(provider, intraOpThreads, devices, output));
    }

    private OnnxSession.Options ofOnlyOutput() {
      return new OnnxSession.Options(provider, intraOpThreads, devices, Optional.empty());
    }
  }

  private OnnxEmbedder(
      OnnxSession session,
      String name,
      String fingerprint,
      Preprocessing preprocessing,
      Options options,
      boolean batches) {
    this.name = name;
    this.session = session;
    this.preprocessing = preprocessing;
    boolean gpu = session.provider() == Provider.CUDA;
    // A GPU makes one run at a time.
    this.threads = gpu || session.copies() > 1 ? session.copies() : options.threads();
    this.largestRun = gpu ? LARGEST_RUN_ON_GPU : LARGEST_RUN;
    this.engine =
        gpu
            ? "ONNX Runtime "
                + OnnxSession.version()
                + ", CUDA"
                + (session.copies() == 1 ? "" : " on " + session.copies() + " GPUs")
            : engineOnProcessor(options);
    this.batches = batches;
    this.fingerprint = fingerprint;
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
    OnnxSession session = options.open(model.bytes(), model.name());
    try {
      checkInput(model.name(), session, preprocessing);
      DynamicBatch.Outcome batch =
          // What takes bytes was written here, with a dynamic batch.
          session.takesBytes()
              ? new DynamicBatch.Outcome(session.inputShape()[0] < 0, false, model.proto())
              : DynamicBatch.verified(
                  model,
                  options.output(),
                  preprocessing.heightPixels(),
                  preprocessing.widthPixels());
      if (batch.rewritten()) {
        session.close();
        session = options.open(batch.model().toByteArray(), model.name());
      } else if (!batch.batches()) {
        LOG.info("{} runs one image at a time: its batch is fixed", model.name());
      }
      // Another output of the same file is another function.
      String fingerprint =
          session.outputs() == 1
              ? model.sha256()
              : new Fingerprint().add(model.sha256()).add(session.outputName()).hex();
      return new OnnxEmbedder(
          session, model.name(), fingerprint, preprocessing, options, batch.batches());
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Runs a graph of Deeplearning4j that was written as ONNX, with one output and a dynamic batch.
   *
   * @param fingerprint the graph's own: it is the same network on another engine
   */
  static OnnxEmbedder ofTranslated(
      byte[] onnx, String name, String fingerprint, Preprocessing preprocessing, Options options) {
    return ofTranslated(
        OnnxSession.open(onnx, name, options.ofOnlyOutput()),
        name,
        fingerprint,
        preprocessing,
        options);
  }

  /** As the other, from a file that Mien wrote. */
  static OnnxEmbedder ofTranslated(
      Path onnx, String fingerprint, Preprocessing preprocessing, Options options) {
    return ofTranslated(
        OnnxSession.open(onnx, options.ofOnlyOutput()),
        onnx.toString(),
        fingerprint,
        preprocessing,
        options);
  }

  private static OnnxEmbedder ofTranslated(
      OnnxSession session,
      String name,
      String fingerprint,
      Preprocessing preprocessing,
      Options options) {
    try {
      checkInput(name, session, preprocessing);
      return new OnnxEmbedder(session, name, fingerprint, preprocessing, options, true);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What {@link #engine()} says of such options without a GPU. */
  static String engineOnProcessor(Options options) {
    return "ONNX Runtime "
        + OnnxSession.version()
        + ", CPU, threads "
        + options.threads()
        + (options.intraOpThreads() == 1 ? "" : " with " + options.intraOpThreads() + " each");
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
   * Of a graph of Deeplearning4j, the same as on ND4J.
   */
  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String engine() {
    return engine;
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
    int run = batches ? Math.min(largestRun, (count + threads - 1) / threads) : 1;
    if (count <= run || threads == 1) {
      for (int start = 0; start < count; start += run) {
        run(images, start, Math.min(run, count - start), run, vectors);
      }
      return vectors;
    }
    List<Future<?>> parts = new ArrayList<>();
    for (int start = 0; start < count; start += run) {
      int first = start;
      parts.add(
          workers.submit(() -> run(images, first, Math.min(run, count - first), run, vectors)));
    }
    await(parts);
    return vectors;
  }

  @Override
  public void close() {
    workers.shutdown();
    session.close();
  }

  /**
   * Runs some images, with black ones behind them up to {@code size}: within one call of {@link
   * #embed} every image is run in the same company, so that its vector does not depend on its
   * place.
   */
  private void run(float[] images, int first, int count, int size, float[] vectors) {
    int length = preprocessing.imageLength();
    ByteBuffer buffer = spareBuffers.poll();
    if (buffer == null) {
      buffer =
          ByteBuffer.allocateDirect(
                  Math.multiplyExact(largestRun * length, session.takesBytes() ? 1 : Float.BYTES))
              .order(ByteOrder.nativeOrder());
    }
    buffer.clear();
    float[] values;
    if (session.takesBytes()) {
      for (int i = first; i < first + count; i++) {
        putPixels(images, i * length, length / 3, buffer);
      }
      while (buffer.position() < size * length) {
        buffer.put((byte) 0);
      }
      values = session.run(buffer.flip(), shape(session, preprocessing, size)).values();
    } else {
      FloatBuffer floats = buffer.asFloatBuffer();
      floats.put(images, first * length, count * length);
      while (floats.position() < size * length) {
        floats.put(0);
      }
      values = session.run(floats.flip(), shape(session, preprocessing, size)).values();
    }
    // Dropped where enough are spare already.
    spareBuffers.offer(buffer);
    if (values.length != size * dimension) {
      throw new DataException(
          String.format(
              "%s: expected %d x %d values, the network gave %d",
              name, size, dimension, values.length));
    }
    System.arraycopy(values, 0, vectors, first * dimension, count * dimension);
  }

  /** Planes of numbers from 0 to 255 to the bytes of a picture, each pixel's colours together. */
  private static void putPixels(float[] planes, int offset, int pixels, ByteBuffer target) {
    for (int i = 0; i < pixels; i++) {
      for (int plane = 0; plane < 3; plane++) {
        float value = planes[offset + plane * pixels + i];
        if (Float.isNaN(value)) {
          throw new DataException(
              "a pixel is not a number; this network takes pixels from 0 to 255");
        }
        target.put((byte) Math.max(0, Math.min(255, Math.round(value))));
      }
    }
  }

  private static long[] shape(OnnxSession session, Preprocessing preprocessing, int count) {
    long height = preprocessing.heightPixels();
    long width = preprocessing.widthPixels();
    return session.takesBytes()
        ? new long[] {count, height, width, 3}
        : new long[] {count, 3, height, width};
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
    int channels = session.takesBytes() ? 3 : 1;
    if (shape[channels] != 3 && shape[channels] >= 0) {
      throw new DataException(
          name
              + (session.takesBytes()
                  ? ": expected bytes with the three colours last (NHWC), the shape of input "
                  : ": expected three colour planes first (NCHW), the shape of input ")
              + session.inputName()
              + " is "
              + Arrays.toString(shape)
              + (shape[3] == 3 ? "; NHWC networks of floats are not supported" : ""));
    }
    if (shape[0] > 1) {
      throw new DataException(
          name
              + ": expected a dynamic batch or a batch of 1, input "
              + session.inputName()
              + " is "
              + Arrays.toString(shape));
    }
    if (session.takesBytes()) {
      requirePixels(name, preprocessing);
    }
    long height = shape[session.takesBytes() ? 1 : 2];
    long width = shape[session.takesBytes() ? 2 : 3];
    boolean fits =
        (height < 0 || height == preprocessing.heightPixels())
            && (width < 0 || width == preprocessing.widthPixels());
    if (!fits) {
      throw new ConfigException(
          String.format(
              "%s: the network takes images of %d x %d (width x height), the preprocessing makes %d"
                  + " x %d",
              name, width, height, preprocessing.widthPixels(), preprocessing.heightPixels()));
    }
  }

  /** A network of bytes does the preprocessing itself; done twice, every vector would be wrong. */
  private static void requirePixels(String name, Preprocessing preprocessing) {
    boolean pixels =
        preprocessing.colorOrder() == ColorOrder.RGB
            && preprocessing.mean().stream().allMatch(mean -> mean == 0)
            && preprocessing.std().stream().allMatch(std -> std == 1);
    if (!pixels) {
      throw new ConfigException(
          name
              + ": the network takes pixels as bytes and does the rest itself; expected the"
              + " preprocessing colorOrder rgb, mean [0, 0, 0], std [1, 1, 1], was "
              + preprocessing.describe());
    }
  }

  /** Runs one black image where the file does not say how long its vectors are. */
  private static int dimensionOf(String name, OnnxSession session, Preprocessing preprocessing) {
    ByteBuffer image =
        ByteBuffer.allocateDirect(
                preprocessing.imageLength() * (session.takesBytes() ? 1 : Float.BYTES))
            .order(ByteOrder.nativeOrder());
    long[] one = shape(session, preprocessing, 1);
    OnnxSession.Output output =
        session.takesBytes() ? session.run(image, one) : session.run(image.asFloatBuffer(), one);
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
