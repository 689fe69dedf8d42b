package org.mien.trainer.loop;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts faster helpers into a graph's layers, where they have Deeplearning4j's for processors: what
 * is computed stays the same, the graph's configuration and files too.
 *
 * <p>A layer's helper is a field that Deeplearning4j 1.0.0-M2.1 fills from a fixed list of classes
 * and lets nobody else set, hence reflection. Where that fails, layers keep their helper.
 */
final class FasterLayers {
  private static final Logger LOG = LoggerFactory.getLogger(FasterLayers.class);

  private FasterLayers() {}

  static void install(ComputationGraph graph) {
    convolutions(graph);
    normalizations(graph);
  }

  /** Convolutions without an activation function. */
  static int convolutions(ComputationGraph graph) {
    int changed = 0;
    for (Layer layer : graph.getLayers()) {
      if (layer.getClass() == ConvolutionLayer.class
          && ((ConvolutionLayer) layer).layerConf().getActivationFn() instanceof ActivationIdentity
          && put(layer, ConvolutionLayer.class, MKLDNNConvHelper.class, new ConvolutionOnce())) {
        changed++;
      }
    }
    return changed;
  }

  /** Batch normalisation with statistics of the batch. */
  static int normalizations(ComputationGraph graph) {
    int changed = 0;
    for (Layer layer : graph.getLayers()) {
      if (layer.getClass() == BatchNormalization.class
          && put(
              layer,
              BatchNormalization.class,
              MKLDNNBatchNormHelper.class,
              new ChannelNormalization())) {
        changed++;
      }
    }
    return changed;
  }

  private static boolean put(Layer layer, Class<?> owner, Class<?> expected, Object helper) {
    try {
      Field field = owner.getDeclaredField("helper");
      field.setAccessible(true);
      Object before = field.get(layer);
      if (before == null || before.getClass() != expected) {
        return false;
      }
      field.set(layer, helper);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("{} keeps its helper", layer, e);
      return false;
    }
  }
}
