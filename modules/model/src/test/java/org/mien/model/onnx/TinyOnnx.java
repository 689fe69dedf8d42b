package org.mien.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx;

/**
 * Small ONNX backbones made by hand, as foreign exporters write them: images {@code (1, 3, 8, 8)}
 * to a vector of 4 by a convolution over the whole image and a reshape.
 */
public final class TinyOnnx {
  public static final int SIDE = 8;
  public static final int DIMENSION = 4;

  private int opset = 9;
  private long irVersion = 7;
  private long batch = 1;
  private long[] reshape = {1, -1};
  private String input = "input";
  private String output = "output";
  private boolean secondOutput;

  public TinyOnnx opset(int version) {
    opset = version;
    return this;
  }

  public TinyOnnx irVersion(long version) {
    irVersion = version;
    return this;
  }

  /** 0 for a symbolic batch. */
  public TinyOnnx batch(long size) {
    batch = size;
    return this;
  }

  /** The constant shape of the last node; null ends with the convolution, {@code (n, 4, 1, 1)}. */
  public TinyOnnx reshape(long... shape) {
    reshape = shape;
    return this;
  }

  public TinyOnnx named(String inputName, String outputName) {
    input = inputName;
    output = outputName;
    return this;
  }

  /** Adds an output {@code other}, twice the vector. */
  public TinyOnnx withSecondOutput() {
    secondOutput = true;
    return this;
  }

  public Onnx.ModelProto build() {
    Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder().setName("tiny");
    graph.addInput(value(input, 1, batch, 3, SIDE, SIDE));
    SplittableRandom random = new SplittableRandom(7);
    List<Float> weights = new ArrayList<>();
    for (int i = 0; i < DIMENSION * 3 * SIDE * SIDE; i++) {
      weights.add((float) random.nextDouble(-1, 1));
    }
    Onnx.TensorProto weight =
        Onnx.TensorProto.newBuilder()
            .setName("weight")
            .setDataType(1)
            .addAllDims(List.of((long) DIMENSION, 3L, (long) SIDE, (long) SIDE))
            .addAllFloatData(weights)
            .build();
    graph.addInitializer(weight);
    if (irVersion < 4) {
      graph.addInput(value("weight", 1, DIMENSION, 3, SIDE, SIDE));
    }
    String vector = reshape == null ? output : "planes";
    graph.addNode(
        Onnx.NodeProto.newBuilder()
            .setOpType("Conv")
            .setName("conv")
            .addInput(input)
            .addInput("weight")
            .addOutput(vector));
    if (reshape == null) {
      graph.addOutput(value(output, 1, batch, DIMENSION, 1, 1));
    } else {
      Onnx.TensorProto.Builder shape =
          Onnx.TensorProto.newBuilder().setName("shape").setDataType(7).addDims(reshape.length);
      for (long dimension : reshape) {
        shape.addInt64Data(dimension);
      }
      graph.addInitializer(shape);
      if (irVersion < 4) {
        graph.addInput(value("shape", 7, reshape.length));
      }
      graph.addNode(
          Onnx.NodeProto.newBuilder()
              .setOpType("Reshape")
              .setName("flat")
              .addInput(vector)
              .addInput("shape")
              .addOutput(output));
      graph.addOutput(value(output, 1, batch, DIMENSION));
    }
    if (secondOutput) {
      graph.addNode(
          Onnx.NodeProto.newBuilder()
              .setOpType("Add")
              .setName("twice")
              .addInput(output)
              .addInput(output)
              .addOutput("other"));
      graph.addOutput(value("other", 1, batch, DIMENSION));
    }
    return Onnx.ModelProto.newBuilder()
        .setIrVersion(irVersion)
        .setProducerName("by hand")
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  public OnnxModelFile file() {
    return OnnxModelFile.of(build().toByteArray(), "tiny.onnx");
  }

  private static Onnx.ValueInfoProto value(String name, int type, long... dimensions) {
    Onnx.ValueInfoProto.Builder value = Onnx.ValueInfoProto.newBuilder().setName(name);
    Onnx.TypeProto.Tensor.Builder tensor = value.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(type);
    for (long dimension : dimensions) {
      Onnx.TensorShapeProto.Dimension.Builder built = tensor.getShapeBuilder().addDimBuilder();
      if (dimension == 0) {
        built.setDimParam("N");
      } else {
        built.setDimValue(dimension);
      }
    }
    return value.build();
  }
}
