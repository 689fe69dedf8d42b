package org.mien.model.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The shapes torchvision's state dictionary has for a graph, told from its configuration. */
public final class TorchShapes {
  private TorchShapes() {}

  public static Map<String, List<Long>> of(ComputationGraph graph) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (Layer layer : graph.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      if (layer.conf().getLayer() instanceof ConvolutionLayer convolution) {
        long side = convolution.getKernelSize()[0];
        shapes.put(
            name + ".weight", List.of(convolution.getNOut(), convolution.getNIn(), side, side));
      } else if (layer.conf().getLayer() instanceof BatchNormalization norm) {
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
          shapes.put(name + "." + part, List.of(norm.getNOut()));
        }
      }
    }
    return shapes;
  }
}
