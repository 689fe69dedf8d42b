package org.mien.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;

/**
 * Looks into a network while it runs: the least and largest number, or the shape, of any of its
 * tensors. Nodes that compute them are added to the graph, so that whole tensors never come out.
 */
final class OnnxProbe implements AutoCloseable {
  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final boolean bytes;
  private final Map<String, String> minimum = new LinkedHashMap<>();
  private final Map<String, String> maximum = new LinkedHashMap<>();
  private final Map<String, String> shapes = new LinkedHashMap<>();

  /**
   * @param name what errors call the model
   * @param ranges tensors whose least and largest number are wanted
   * @param shaped tensors whose shape is wanted
   */
  OnnxProbe(Onnx.ModelProto model, String name, Set<String> ranges, Set<String> shaped) {
    this.name = name;
    Onnx.GraphProto.Builder graph = model.getGraph().toBuilder();
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    Onnx.ValueInfoProto images =
        graph.getInputList().stream()
            .filter(value -> !constants.contains(value.getName()))
            .findFirst()
            .orElseThrow(() -> new DataException(name + ": the ONNX graph has no input"));
    this.input = images.getName();
    this.bytes =
        images.getType().getTensorType().getElemType() == Onnx.TensorProto.DataType.UINT8_VALUE;
    OnnxNodes nodes =
        new OnnxNodes(graph, OnnxModelFile.opset(model), model.getIrVersion(), "probe/");
    for (String tensor : new LinkedHashSet<>(ranges)) {
      minimum.put(tensor, reduced("ReduceMin", tensor, nodes, graph));
      maximum.put(tensor, reduced("ReduceMax", tensor, nodes, graph));
    }
    for (String tensor : new LinkedHashSet<>(shaped)) {
      String shape = nodes.node("Shape", tensor + ".shape", List.of(tensor));
      graph.addOutput(output(shape, Onnx.TensorProto.DataType.INT64_VALUE));
      shapes.put(tensor, shape);
    }
    this.environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      this.session =
          environment.createSession(
              model.toBuilder().setGraph(graph).build().toByteArray(), options);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private static String reduced(
      String operator, String tensor, OnnxNodes nodes, Onnx.GraphProto.Builder graph) {
    String result =
        nodes.node(
            operator,
            tensor + "." + operator,
            List.of(tensor),
            OnnxNodes.attribute("keepdims", 0L));
    graph.addOutput(output(result, Onnx.TensorProto.DataType.FLOAT_VALUE));
    return result;
  }

  private static Onnx.ValueInfoProto output(String name, int type) {
    Onnx.ValueInfoProto.Builder value = Onnx.ValueInfoProto.newBuilder().setName(name);
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(type);
    return value.build();
  }

  /** The least and the largest number of a tensor. */
  record Range(float minimum, float maximum) {}

  /**
   * Runs one image.
   *
   * @param image {@code (3, height, width)} at {@code offset}
   */
  Map<String, Range> ranges(float[] image, int offset, int heightPixels, int widthPixels) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    run(
        image,
        offset,
        heightPixels,
        widthPixels,
        result -> {
          for (String tensor : minimum.keySet()) {
            ranges.put(
                tensor,
                new Range(
                    number(result, minimum.get(tensor)), number(result, maximum.get(tensor))));
          }
        });
    return ranges;
  }

  /** Runs one grey image and returns the shapes for it. */
  Map<String, List<Long>> shapes(int heightPixels, int widthPixels) {
    Map<String, List<Long>> found = new LinkedHashMap<>();
    run(
        new float[3 * heightPixels * widthPixels],
        0,
        heightPixels,
        widthPixels,
        result -> {
          for (Map.Entry<String, String> entry : shapes.entrySet()) {
            List<Long> dimensions = new ArrayList<>();
            for (long dimension :
                ((OnnxTensor) result.get(entry.getValue()).orElseThrow()).getLongBuffer().array()) {
              dimensions.add(dimension);
            }
            found.put(entry.getKey(), dimensions);
          }
        });
    return found;
  }

  private static float number(OrtSession.Result result, String output) {
    return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer().get(0);
  }

  private interface Reader {
    void read(OrtSession.Result result);
  }

  private void run(float[] image, int offset, int height, int width, Reader reader) {
    int length = 3 * height * width;
    Set<String> outputs = new LinkedHashSet<>(minimum.values());
    outputs.addAll(maximum.values());
    outputs.addAll(shapes.values());
    try (OnnxTensor tensor =
            bytes ? grey(height, width) : floats(image, offset, length, height, width);
        OrtSession.Result result = session.run(Map.of(input, tensor), outputs)) {
      reader.read(result);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private OnnxTensor floats(float[] image, int offset, int length, int height, int width)
      throws OrtException {
    FloatBuffer values =
        ByteBuffer.allocateDirect(length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(image, offset, length)
            .flip();
    return OnnxTensor.createTensor(environment, values, new long[] {1, 3, height, width});
  }

  private OnnxTensor grey(int height, int width) throws OrtException {
    return OnnxTensor.createTensor(
        environment,
        ByteBuffer.allocateDirect(3 * height * width),
        new long[] {1, height, width, 3},
        ai.onnxruntime.OnnxJavaType.UINT8);
  }

  private DataException failure(OrtException e) {
    return new DataException(name + ": ONNX Runtime cannot run it: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not release a session", e);
    }
  }
}
