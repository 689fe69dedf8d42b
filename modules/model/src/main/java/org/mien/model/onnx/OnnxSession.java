package org.mien.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;

/**
 * A model loaded into ONNX Runtime that maps one float tensor to one float tensor.
 *
 * <p>May be used by several threads at once. Each run computes on the caller's thread alone: on a
 * CPU, several callers with a thread each are faster than one caller with several.
 */
public final class OnnxSession implements AutoCloseable {
  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
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
      OrtSession session,
      Map.Entry<String, NodeInfo> input,
      Map.Entry<String, NodeInfo> output) {
    this.name = name;
    this.environment = environment;
    this.session = session;
    this.input = input.getKey();
    this.inputInfo = floatTensor(name, "input", input);
    this.output = output.getKey();
    this.outputInfo = floatTensor(name, "output", output);
  }

  /**
   * Loads a model.
   *
   * @param model bytes of an ONNX file
   * @param name what errors call it
   * @param output the output to compute; may be left out where there is only one
   * @throws DataException if ONNX Runtime cannot load it, or it has several inputs
   * @throws ConfigException if the output is not named though there are several, or there is none
   *     of that name
   */
  public static OnnxSession open(byte[] model, String name, Optional<String> output) {
    OrtEnvironment environment =
        // Errors arrive as exceptions: ONNX Runtime need not print them to stderr as well.
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien");
    OrtSession session = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model, options);
      OnnxSession opened =
          new OnnxSession(
              name,
              environment,
              session,
              onlyInput(name, session.getInputInfo()),
              chosenOutput(name, session.getOutputInfo(), output));
      session = null;
      return opened;
    } catch (OrtException e) {
      throw new DataException(
          name + ": ONNX Runtime " + version() + " cannot load it: " + reason(e), e);
    } finally {
      // Only left here where the model was loaded but then refused.
      if (session != null) {
        closeQuietly(session);
      }
    }
  }

  /** Version of the ONNX Runtime in use, such as {@code 1.23.2}. */
  public static String version() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien")
        .getVersion();
  }

  public String inputName() {
    return input;
  }

  public String outputName() {
    return output;
  }

  /** Number of outputs the model has, of which one is computed here. */
  public long outputs() {
    return session.getNumOutputs();
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
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      return runOpen(values, shape);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Output runOpen(FloatBuffer values, long[] shape) {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
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
        closeQuietly(session);
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

  private static TensorInfo floatTensor(
      String model, String role, Map.Entry<String, NodeInfo> node) {
    if (node.getValue().getInfo() instanceof TensorInfo info && info.type == OnnxJavaType.FLOAT) {
      return info;
    }
    throw new DataException(
        model
            + ": expected a tensor of 32-bit floats as "
            + role
            + " "
            + node.getKey()
            + ", it is "
            + node.getValue().getInfo());
  }

  /** ONNX Runtime's message without its preamble of codes. */
  private static String reason(OrtException error) {
    String message = String.valueOf(error.getMessage());
    int start = message.indexOf("message: ");
    String text = start < 0 ? message : message.substring(start + "message: ".length());
    return text.strip().replaceAll("\\s+", " ");
  }

  private static void closeQuietly(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not release a session", e);
    }
  }
}
