package org.mien.model.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import onnx.Onnx;
import org.mien.core.error.DataException;

/**
 * Gives a network with a fixed batch a dynamic one, and proves that it still computes the same.
 *
 * <p>Exporters often write {@code [1, 3, H, W]} though nothing in the network needs the 1. The
 * rewrite states the batch as symbolic and lets each {@code Reshape} that had the batch in its
 * constant shape copy it from its input (a 0 in the shape). Whether that suffices is not argued but
 * tried: three different inputs run one by one through the original must give what they give as one
 * batch.
 */
public final class DynamicBatch {
  /** Largest difference that batching may cause, relative to the vector's largest magnitude. */
  private static final double TOLERANCE = 1e-5;

  private static final int TRIALS = 3;
  private static final String BATCH = "batch";

  private DynamicBatch() {}

  /**
   * What was found.
   *
   * @param batches whether several images can be run at once, with the same vectors
   * @param rewritten whether the model had to be changed for that
   * @param model the model to run: the original unless {@code rewritten}
   */
  public record Outcome(boolean batches, boolean rewritten, Onnx.ModelProto model) {}

  /**
   * Looks for a model with a dynamic batch: the model itself where it has one already, a rewritten
   * one, or none where neither gives the same vectors for a batch as for single images.
   *
   * @param heightPixels image height, where the model leaves it open
   * @param widthPixels image width, likewise
   * @throws DataException if the model cannot even run one image
   */
  public static Outcome verified(
      OnnxModelFile model, Optional<String> output, int heightPixels, int widthPixels) {
    Outcome none = new Outcome(false, false, model.proto());
    List<FloatBuffer> images = trialImages(3 * heightPixels * widthPixels);
    List<float[]> expected = new ArrayList<>();
    try (OnnxSession original = OnnxSession.open(model.bytes(), model.name(), output)) {
      long batch = original.inputShape()[0];
      boolean dynamic = batch < 0;
      if (!dynamic && batch != 1) {
        return none;
      }
      for (FloatBuffer image : images) {
        expected.add(
            original.run(image.duplicate(), new long[] {1, 3, heightPixels, widthPixels}).values());
      }
      if (dynamic && agrees(original, images, expected, heightPixels, widthPixels)) {
        return new Outcome(true, false, model.proto());
      }
    }
    Optional<Onnx.ModelProto> rewritten = rewrite(model.proto());
    if (rewritten.isEmpty()) {
      return none;
    }
    try (OnnxSession session =
        OnnxSession.open(rewritten.get().toByteArray(), model.name(), output)) {
      return agrees(session, images, expected, heightPixels, widthPixels)
          ? new Outcome(true, true, rewritten.get())
          : none;
    } catch (DataException e) {
      // The rewritten graph is not valid: the original stays as it is.
      return none;
    }
  }

  private static boolean agrees(
      OnnxSession session,
      List<FloatBuffer> images,
      List<float[]> expected,
      int heightPixels,
      int widthPixels) {
    int length = images.get(0).remaining();
    FloatBuffer all = directFloats(length * images.size());
    for (FloatBuffer image : images) {
      all.put(image.duplicate());
    }
    all.flip();
    OnnxSession.Output output;
    try {
      output = session.run(all, new long[] {images.size(), 3, heightPixels, widthPixels});
    } catch (DataException e) {
      // A batch is what the network cannot do.
      return false;
    }
    int dimension = expected.get(0).length;
    if (output.shape().length == 0
        || output.shape()[0] != images.size()
        || output.values().length != dimension * images.size()) {
      return false;
    }
    for (int image = 0; image < images.size(); image++) {
      double scale = 0;
      double difference = 0;
      for (int i = 0; i < dimension; i++) {
        float single = expected.get(image)[i];
        scale = Math.max(scale, Math.abs(single));
        difference =
            Math.max(difference, Math.abs(single - output.values()[image * dimension + i]));
      }
      // Written so that NaN does not agree.
      if (!(difference <= TOLERANCE * scale)) {
        return false;
      }
    }
    return true;
  }

  private static List<FloatBuffer> trialImages(int length) {
    SplittableRandom random = new SplittableRandom(0x6D69656EL);
    List<FloatBuffer> images = new ArrayList<>();
    for (int image = 0; image < TRIALS; image++) {
      FloatBuffer buffer = directFloats(length);
      for (int i = 0; i < length; i++) {
        buffer.put((float) (random.nextDouble() * 2 - 1));
      }
      images.add(buffer.flip());
    }
    return images;
  }

  private static FloatBuffer directFloats(int length) {
    return ByteBuffer.allocateDirect(length * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /**
   * Returns the model with a symbolic batch, not yet verified, or nothing where a reshape cannot be
   * rewritten.
   */
  static Optional<Onnx.ModelProto> rewrite(Onnx.ModelProto model) {
    Onnx.GraphProto graph = model.getGraph();
    Map<String, Onnx.TensorProto> constants = new HashMap<>();
    Set<String> names = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      names.addAll(node.getOutputList());
      if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("value"))
            .forEach(attribute -> constants.put(node.getOutput(0), attribute.getT()));
      }
    }
    names.addAll(constants.keySet());

    Onnx.GraphProto.Builder changed = graph.toBuilder().clearValueInfo();
    for (int index = 0; index < graph.getNodeCount(); index++) {
      Onnx.NodeProto node = graph.getNode(index);
      if (!node.getOpType().equals("Reshape") || node.getInputCount() != 2) {
        continue;
      }
      Onnx.TensorProto shape = constants.get(node.getInput(1));
      if (shape == null) {
        // Computed from the input; the trial will tell.
        continue;
      }
      Optional<long[]> dimensions = TensorValues.longs(shape);
      if (dimensions.isEmpty()) {
        return Optional.empty();
      }
      long[] copy = dimensions.get().clone();
      if (copy.length == 0 || copy[0] != 1) {
        continue;
      }
      boolean zeroMeansZero =
          node.getAttributeList().stream()
              .anyMatch(a -> a.getName().equals("allowzero") && a.getI() != 0);
      if (zeroMeansZero) {
        return Optional.empty();
      }
      copy[0] = 0;
      // A new constant: others may use the old one.
      String name = unused(node.getInput(1) + "_batch", names);
      Onnx.TensorProto.Builder tensor =
          Onnx.TensorProto.newBuilder()
              .setName(name)
              .setDataType(Onnx.TensorProto.DataType.INT64_VALUE)
              .addDims(copy.length);
      for (long dimension : copy) {
        tensor.addInt64Data(dimension);
      }
      changed.addInitializer(tensor);
      if (model.getIrVersion() < 4) {
        // Before version 4 of the format every initializer is also an input.
        changed.addInput(int64Vector(name, copy.length));
      }
      changed.setNode(index, node.toBuilder().setInput(1, name));
    }
    Set<String> initializers = new HashSet<>();
    changed.getInitializerList().forEach(tensor -> initializers.add(tensor.getName()));
    for (int i = 0; i < changed.getInputCount(); i++) {
      if (!initializers.contains(changed.getInput(i).getName())) {
        symbolicBatch(changed.getInputBuilder(i));
      }
    }
    for (int i = 0; i < changed.getOutputCount(); i++) {
      symbolicBatch(changed.getOutputBuilder(i));
    }
    return Optional.of(model.toBuilder().setGraph(changed).build());
  }

  private static void symbolicBatch(Onnx.ValueInfoProto.Builder value) {
    if (value.getType().getTensorType().getShape().getDimCount() > 0) {
      value
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .getShapeBuilder()
          .setDim(0, Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    }
  }

  private static Onnx.ValueInfoProto int64Vector(String name, int length) {
    Onnx.ValueInfoProto.Builder value = Onnx.ValueInfoProto.newBuilder().setName(name);
    value
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(Onnx.TensorProto.DataType.INT64_VALUE)
        .getShapeBuilder()
        .addDimBuilder()
        .setDimValue(length);
    return value.build();
  }

  private static String unused(String wanted, Set<String> names) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + i;
    }
    return name;
  }
}
