package org.mien.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model loaded into ONNX Runtime that maps one tensor of floats, or of bytes from 0 to 255, to
 * one float tensor.
 *
 * <p>May be used by several threads at once. On a CPU, several callers with a thread each are
 * faster than one caller with several.
 */
public final class OnnxSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxSession.class);

  private final String name;
  private final OrtEnvironment environment;

  /** One, or one a GPU. */
  private final List<OrtSession> sessions;

  /** Where there are several: those that no run has taken. */
  private final BlockingQueue<OrtSession> idle;

  private final Provider provider;
  private final String input;
  private final TensorInfo inputInfo;
  private final String output;
  private final TensorInfo outputInfo;
  // Runs hold the read lock: the native session must not go away under them.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private OnnxSession(
      String name,
      OrtEnvironment environment,
      List<OrtSession> sessions,
      Provider provider,
      Map.Entry<String, NodeInfo> input,
      Map.Entry<String, NodeInfo> output) {
    this.name = name;
    this.environment = environment;
    this.sessions = List.copyOf(sessions);
    this.idle = new ArrayBlockingQueue<>(sessions.size(), true, sessions);
    this.provider = provider;
    this.input = input.getKey();
    this.inputInfo = tensor(name, "input", input, OnnxJavaType.FLOAT, OnnxJavaType.UINT8);
    this.output = output.getKey();
    this.outputInfo = tensor(name, "output", output, OnnxJavaType.FLOAT);
  }

  /**
   * How to run a model.
   *
   * @param provider what computes
   * @param intraOpThreads threads that share out one operator, at least 1, the caller's included
   * @param devices the GPUs that have a copy of the network each, in CUDA's numbers, at least one;
   *     on the processor only their number counts, and one copy serves any number of threads
   * @param output the output to compute; may be left out where there is only one
   */
  public record Options(
      Provider provider, int intraOpThreads, List<Integer> devices, Optional<String> output) {
    public Options {
      devices = List.copyOf(devices);
      if (intraOpThreads < 1) {
        throw new IllegalArgumentException("expected at least 1 thread, was " + intraOpThreads);
      }
      if (devices.isEmpty()) {
        throw new IllegalArgumentException("expected at least one device");
      }
    }

    /** With one copy of the network, on the first GPU where it runs on one. */
    public Options(Provider provider, int intraOpThreads, Optional<String> output) {
      this(provider, intraOpThreads, List.of(0), output);
    }
  }

  /** As {@link #open(byte[], String, Options)}, on the processor with the caller's thread alone. */
  public static OnnxSession open(byte[] model, String name, Optional<String> output) {
    return open(model, name, new Options(Provider.CPU, 1, output));
  }

  /**
   * Loads a model.
   *
   * @param model bytes of an ONNX file
   * @param name what errors call it
   * @throws DataException if ONNX Runtime cannot load it, or it has several inputs
   * @throws ConfigException if the output is not named though there are several, or there is none
   *     of that name, or if {@link Provider#CUDA} is asked for and cannot be had
   */
  public static OnnxSession open(byte[] model, String name, Options wanted) {
    return open((environment, options) -> environment.createSession(model, options), name, wanted);
  }

  /**
   * As the other, from a file: its bytes never are in Java's memory. For files that Mien wrote;
   * foreign ones are checked first ({@link OnnxModelFile}).
   */
  public static OnnxSession open(Path model, Options wanted) {
    return open(
        (environment, options) -> environment.createSession(model.toString(), options),
        model.toString(),
        wanted);
  }

  /** Loads a model, from wherever it is. */
  interface Source {
    OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  static OnnxSession open(Source source, String name, Options wanted) {
    OrtEnvironment environment =
        // Errors arrive as exceptions: ONNX Runtime need not print them to stderr as well.
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien");
    List<OrtSession> sessions = new ArrayList<>();
    try {
      Provider provider = load(source, environment, wanted, sessions);
      OrtSession first = sessions.get(0);
      OnnxSession opened =
          new OnnxSession(
              name,
              environment,
              sessions,
              provider,
              onlyInput(name, first.getInputInfo()),
              chosenOutput(name, first.getOutputInfo(), wanted.output()));
      sessions = List.of();
      return opened;
    } catch (OrtException e) {
      throw new DataException(
          name + ": ONNX Runtime " + version() + " cannot load it: " + reason(e), e);
    } finally {
      // Only left here where the model was loaded but then refused.
      closeAll(sessions);
    }
  }

  /**
   * Loads a copy for each device.
   *
   * @param sessions takes the copies, those loaded before a failure too
   * @return what they run on
   */
  private static Provider load(
      Source source, OrtEnvironment environment, Options wanted, List<OrtSession> sessions)
      throws OrtException {
    Provider provider = loadOn(wanted.devices().get(0), source, environment, wanted, sessions);
    for (int device : wanted.devices().subList(1, wanted.devices().size())) {
      if (provider == Provider.CPU && wanted.provider() != Provider.CPU) {
        // There is no GPU after all, and one copy serves all threads of the processor.
        break;
      }
      try {
        Provider other = loadOn(device, source, environment, wanted, sessions);
        if (other != provider) {
          // The processor beside GPUs would only be waited for.
          closeQuietly(sessions.remove(sessions.size() - 1));
          LOG.warn("GPU {} is left out: ONNX Runtime cannot use it", device);
        }
      } catch (OrtException | ConfigException e) {
        LOG.warn("GPU {} is left out: {}", device, e.getMessage());
      }
    }
    return provider;
  }

  private static Provider loadOn(
      int device,
      Source source,
      OrtEnvironment environment,
      Options wanted,
      List<OrtSession> sessions)
      throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      Provider provider = useProvider(wanted.provider(), device, options);
      options.setIntraOpNumThreads(wanted.intraOpThreads());
      options.setInterOpNumThreads(1);
      if (wanted.intraOpThreads() > 1) {
        // Threads that wait in a loop take the processor from whoever decodes the next images.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
      }
      sessions.add(source.load(environment, options));
      return provider;
    }
  }

  /** Version of the ONNX Runtime in use, such as {@code 1.23.2}. */
  public static String version() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien")
        .getVersion();
  }

  /** What computes: the processor or a GPU. */
  public Provider provider() {
    return provider;
  }

  /** How many copies of the network there are, each of which makes one run at a time if several. */
  public int copies() {
    return sessions.size();
  }

  /** Whether the input is bytes from 0 to 255 rather than floats. */
  public boolean takesBytes() {
    return inputInfo.type == OnnxJavaType.UINT8;
  }

  public String inputName() {
    return input;
  }

  public String outputName() {
    return output;
  }

  /** Number of outputs the model has, of which one is computed here. */
  public long outputs() {
    return sessions.get(0).getNumOutputs();
  }

  /** Shape of the input as the model states it, -1 for a dynamic dimension. */
  public long[] inputShape() {
    return inputInfo.getShape();
  }

  /** Shape of the output as the model states it, -1 for a dynamic or unknown dimension. */
  public long[] outputShape() {
    return outputInfo.getShape();
  }

  /**
   * Runs the model.
   *
   * @param values a direct buffer whose remaining floats fill {@code shape}, row by row
   * @param shape shape of the input
   * @return the output and its shape
   * @throws DataException if ONNX Runtime fails
   */
  public Output run(FloatBuffer values, long[] shape) {
    return run(() -> OnnxTensor.createTensor(environment, values, shape), shape);
  }

  /**
   * Runs a model that takes bytes.
   *
   * @param values a direct buffer whose remaining bytes, each 0 to 255, fill {@code shape}
   * @param shape shape of the input
   * @throws DataException if ONNX Runtime fails
   */
  public Output run(ByteBuffer values, long[] shape) {
    return run(
        () -> OnnxTensor.createTensor(environment, values, shape, OnnxJavaType.UINT8), shape);
  }

  /** Makes the tensor that goes in. */
  private interface Input {
    OnnxTensor create() throws OrtException;
  }

  private Output run(Input values, long[] shape) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      return sessions.size() == 1
          ? runOpen(sessions.get(0), values, shape)
          : runIdle(values, shape);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Output runIdle(Input values, long[] shape) {
    OrtSession session;
    try {
      session = idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while all GPUs were busy", e);
    }
    try {
      return runOpen(session, values, shape);
    } finally {
      idle.add(session);
    }
  }

  private Output runOpen(OrtSession session, Input values, long[] shape) {
    try (OnnxTensor tensor = values.create();
        OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
      OnnxTensor computed = (OnnxTensor) result.get(0);
      FloatBuffer buffer = computed.getFloatBuffer();
      float[] copy = new float[buffer.remaining()];
      buffer.get(copy);
      return new Output(copy, computed.getInfo().getShape());
    } catch (OrtException e) {
      throw new DataException(
          name
              + ": ONNX Runtime "
              + version()
              + " failed on an input of shape "
              + Arrays.toString(shape)
              + ": "
              + reason(e),
          e);
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        closeAll(sessions);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * What a run gave.
   *
   * @param values row by row
   * @param shape its dimensions
   */
  @SuppressWarnings("ArrayRecordComponent") // Short-lived, never compared.
  public record Output(float[] values, long[] shape) {}

  private static Map.Entry<String, NodeInfo> onlyInput(String name, Map<String, NodeInfo> inputs) {
    if (inputs.size() != 1) {
      throw new DataException(
          name + ": expected a network with one input, the images; it has " + inputs.keySet());
    }
    return inputs.entrySet().iterator().next();
  }

  private static Map.Entry<String, NodeInfo> chosenOutput(
      String name, Map<String, NodeInfo> outputs, Optional<String> chosen) {
    if (chosen.isEmpty() && outputs.size() == 1) {
      return outputs.entrySet().iterator().next();
    }
    return outputs.entrySet().stream()
        .filter(entry -> chosen.isPresent() && entry.getKey().equals(chosen.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    chosen
                        .map(wanted -> name + ": there is no output " + wanted)
                        .orElse(name + ": it has several outputs; name one")
                        .concat("; its outputs are " + outputs.keySet())));
  }

  private static TensorInfo tensor(
      String model, String role, Map.Entry<String, NodeInfo> node, OnnxJavaType... types) {
    if (node.getValue().getInfo() instanceof TensorInfo info
        && Arrays.asList(types).contains(info.type)) {
      return info;
    }
    throw new DataException(
        model
            + ": expected a tensor of "
            + (types.length == 1 ? "32-bit floats" : "32-bit floats or bytes")
            + " as "
            + role
            + " "
            + node.getKey()
            + ", it is "
            + node.getValue().getInfo());
  }

  /** Adds the provider to the options and says which one it is in the end. */
  private static Provider useProvider(
      Provider wanted, int device, OrtSession.SessionOptions options) {
    if (wanted == Provider.CPU) {
      return Provider.CPU;
    }
    String obstacle;
    Exception cause = null;
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      obstacle =
          "ONNX Runtime "
              + version()
              + " on the class path is the one for processors; put"
              + " com.microsoft.onnxruntime:onnxruntime_gpu of the same version in its place";
    } else {
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
        // TensorFloat-32 has 10 bits of mantissa: vectors would differ in the third digit.
        cuda.add("use_tf32", "0");
        options.addCUDA(cuda);
        return Provider.CUDA;
      } catch (OrtException e) {
        obstacle = "ONNX Runtime finds no GPU that it can use (" + reason(e) + ")";
        cause = e;
      }
    }
    if (wanted == Provider.CUDA) {
      throw new ConfigException("ONNX Runtime with the provider cuda: " + obstacle, cause);
    }
    LOG.debug("ONNX Runtime runs on the processor: {}", obstacle);
    return Provider.CPU;
  }

  /** ONNX Runtime's message without its preamble of codes. */
  private static String reason(OrtException error) {
    String message = String.valueOf(error.getMessage());
    int start = message.indexOf("message: ");
    String text = start < 0 ? message : message.substring(start + "message: ".length());
    return text.strip().replaceAll("\\s+", " ");
  }

  /** Closes each, though one may fail. */
  private static void closeAll(List<OrtSession> sessions) {
    RuntimeException failure = null;
    for (OrtSession session : sessions) {
      try {
        closeQuietly(session);
      } catch (IllegalStateException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void closeQuietly(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not release a session", e);
    }
  }
}
