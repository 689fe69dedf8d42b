package org.mien.model.onnx;

import static org.mien.model.onnx.OnnxNodes.attribute;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;

/**
 * Puts the preprocessing of pixels in front of a network, so that whoever runs the file cannot get
 * colour order, scale or layout wrong.
 *
 * <p>The input becomes {@value #INPUT} {@code (batch, height, width, 3)}, unsigned bytes, red green
 * blue: a picture as decoders give it. Inside, it is cast to 32-bit floats, transposed to planes,
 * put into the network's colour order, and {@code (pixel - mean) / std} is computed. Cropping,
 * alignment and resizing stay outside.
 */
public final class OnnxPreprocessing {
  /** Name of the input. */
  public static final String INPUT = "pixels";

  private static final String PREFIX = "preprocessing/";

  private OnnxPreprocessing() {}

  /**
   * Returns the model with preprocessing inside.
   *
   * @param model one input {@value OnnxGraphWriter#INPUT} {@code (batch, 3, height, width)} of
   *     floats, operator set 7 or newer
   */
  public static Onnx.ModelProto inside(Onnx.ModelProto model, Preprocessing preprocessing) {
    // Names of ours make way for the names of the model.
    Onnx.GraphProto network =
        OnnxNames.rename(
            model.getGraph(),
            name -> name.equals(INPUT) || name.startsWith(PREFIX) ? "network/" + name : name);
    Onnx.ValueInfoProto images =
        network.getInputList().stream()
            .filter(input -> input.getName().equals(OnnxGraphWriter.INPUT))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "expected a model with an input " + OnnxGraphWriter.INPUT));

    Onnx.GraphProto.Builder front = Onnx.GraphProto.newBuilder();
    OnnxNodes nodes =
        new OnnxNodes(front, OnnxModelFile.opset(model), model.getIrVersion(), PREFIX);
    String tensor =
        nodes.node(
            "Cast",
            "float",
            List.of(INPUT),
            attribute("to", (long) Onnx.TensorProto.DataType.FLOAT_VALUE));
    tensor = nodes.node("Transpose", "planes", List.of(tensor), attribute("perm", 0, 3, 1, 2));
    if (preprocessing.colorOrder() == ColorOrder.BGR) {
      String order = nodes.constant("order", new long[] {2, 1, 0});
      tensor = nodes.node("Gather", "bgr", List.of(tensor, order), attribute("axis", 1L));
    }
    String mean = nodes.constant("mean", plane(preprocessing.mean()), 1, 3, 1, 1);
    String std = nodes.constant("std", plane(preprocessing.std()), 1, 3, 1, 1);
    tensor = nodes.node("Sub", "centred", List.of(tensor, mean));
    String scaled = nodes.node("Div", "scaled", List.of(tensor, std));
    int last = front.getNodeCount() - 1;
    front.getNodeBuilder(last).setOutput(0, OnnxGraphWriter.INPUT).setName(scaled);

    List<Onnx.ValueInfoProto> inputs = new ArrayList<>();
    for (Onnx.ValueInfoProto input : network.getInputList()) {
      inputs.add(input.equals(images) ? pixels(images, preprocessing) : input);
    }
    // Constants of the front, where this version of the format lists them as inputs.
    inputs.addAll(front.getInputList());
    Onnx.GraphProto.Builder whole =
        network.toBuilder()
            .clearInput()
            .addAllInput(inputs)
            .clearNode()
            .addAllNode(front.getNodeList())
            .addAllNode(network.getNodeList())
            .addAllInitializer(front.getInitializerList());
    return model.toBuilder().setGraph(whole).build();
  }

  private static Onnx.ValueInfoProto pixels(
      Onnx.ValueInfoProto images, Preprocessing preprocessing) {
    Onnx.ValueInfoProto.Builder pixels = Onnx.ValueInfoProto.newBuilder().setName(INPUT);
    Onnx.TypeProto.Tensor.Builder tensor = pixels.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(Onnx.TensorProto.DataType.UINT8_VALUE);
    tensor.getShapeBuilder().addDim(images.getType().getTensorType().getShape().getDim(0));
    for (long size : new long[] {preprocessing.heightPixels(), preprocessing.widthPixels(), 3}) {
      tensor.getShapeBuilder().addDimBuilder().setDimValue(size);
    }
    return pixels.build();
  }

  private static float[] plane(List<Double> values) {
    return new float[] {
      values.get(0).floatValue(), values.get(1).floatValue(), values.get(2).floatValue()
    };
  }
}
