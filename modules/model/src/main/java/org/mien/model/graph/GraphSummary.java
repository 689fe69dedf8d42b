package org.mien.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.mien.core.preprocessing.Preprocessing;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a graph is made of and what one image costs.
 *
 * @param layers in the order they are computed, those without parameters too
 * @param parameters numbers that are stored, running statistics included
 * @param trainableParameters of these, the ones that training changes by gradients
 * @param multiplyAdds multiplications with addition of one image's forward pass; convolutions and
 *     dense layers only, as is usual
 */
public record GraphSummary(
    List<LayerCost> layers, long parameters, long trainableParameters, long multiplyAdds) {

  /**
   * @param name of the layer
   * @param type for example {@code Convolution}
   * @param outputShape of one image, for example {@code 64x56x56} (channels, height, width)
   */
  public record LayerCost(
      String name,
      String type,
      String outputShape,
      long parameters,
      long trainableParameters,
      long multiplyAdds) {}

  public GraphSummary {
    layers = List.copyOf(layers);
  }

  /** Summarises a graph that takes images. */
  public static GraphSummary of(ComputationGraph graph, Preprocessing input) {
    return of(graph, InputType.convolutional(input.heightPixels(), input.widthPixels(), 3));
  }

  /** Summarises a graph that takes vectors, such as a head. */
  public static GraphSummary of(ComputationGraph graph, int featureDimension) {
    return of(graph, InputType.feedForward(featureDimension));
  }

  private static GraphSummary of(ComputationGraph graph, InputType input) {
    Map<String, InputType> types = VertexTypes.of(graph, input);
    List<LayerCost> layers = new ArrayList<>();
    for (String vertex : GraphAssembly.order(graph)) {
      if (GraphAssembly.layerOf(graph, vertex) != null) {
        layers.add(costOf(graph, vertex, types.get(vertex)));
      }
    }
    return new GraphSummary(
        layers,
        layers.stream().mapToLong(LayerCost::parameters).sum(),
        layers.stream().mapToLong(LayerCost::trainableParameters).sum(),
        layers.stream().mapToLong(LayerCost::multiplyAdds).sum());
  }

  private static LayerCost costOf(ComputationGraph graph, String vertex, InputType output) {
    Layer layer = GraphAssembly.layerOf(graph, vertex);
    Map<String, INDArray> table = GraphAssembly.networkLayerOf(graph, vertex).paramTable();
    long parameters = table.values().stream().mapToLong(p -> p.length()).sum();
    return new LayerCost(
        vertex,
        layer.getClass().getSimpleName().replaceFirst("Layer$", ""),
        shape(output),
        parameters,
        isFrozen(graph, vertex) ? 0 : parameters - statistics(layer, table),
        multiplyAdds(layer, output));
  }

  private static boolean isFrozen(ComputationGraph graph, String vertex) {
    GraphVertex configuration = graph.getConfiguration().getVertices().get(vertex);
    return ((LayerVertex) configuration).getLayerConf().getLayer() instanceof FrozenLayer;
  }

  private static long statistics(Layer layer, Map<String, INDArray> table) {
    return layer instanceof BatchNormalization
        ? 2 * table.get(BatchNormalizationParamInitializer.GLOBAL_MEAN).length()
        : 0;
  }

  private static long multiplyAdds(Layer layer, InputType output) {
    if (layer instanceof ConvolutionLayer convolution
        && output instanceof InputType.InputTypeConvolutional image) {
      int[] kernel = convolution.getKernelSize();
      // A depthwise convolution reads one plane for each that it gives.
      long read = layer instanceof DepthwiseConvolution2D ? 1 : convolution.getNIn();
      return image.getHeight()
          * image.getWidth()
          * read
          * convolution.getNOut()
          * kernel[0]
          * kernel[1];
    }
    if (layer instanceof FeedForwardLayer dense && !(layer instanceof BatchNormalization)) {
      return dense.getNIn() * dense.getNOut();
    }
    return 0;
  }

  private static String shape(InputType type) {
    return type instanceof InputType.InputTypeConvolutional image
        ? image.getChannels() + "x" + image.getHeight() + "x" + image.getWidth()
        : Long.toString(type.arrayElementsPerExample());
  }
}
