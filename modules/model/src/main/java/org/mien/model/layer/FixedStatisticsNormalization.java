package org.mien.model.layer;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation that uses its running statistics in training too and leaves them as they are;
 * scale and shift go on being trained. It is what fine-tuning wants where batches are small or
 * their faces unlike those that the statistics were taken of.
 *
 * <p>The parameters are those of {@link BatchNormalization}, so that one can take the other's
 * place.
 */
public final class FixedStatisticsNormalization extends BatchNormalization {

  /** For reading a configuration from JSON. */
  public FixedStatisticsNormalization() {}

  /**
   * Makes one with the settings of a batch normalisation.
   *
   * @throws IllegalArgumentException if it keeps the logarithm of its deviation, or has no scale
   */
  public static FixedStatisticsNormalization of(BatchNormalization layer) {
    if (layer.isUseLogStd() || layer.isLockGammaBeta()) {
      throw new IllegalArgumentException(
          "expected a batch normalisation with running variance and trained scale, was " + layer);
    }
    FixedStatisticsNormalization fixed = new FixedStatisticsNormalization();
    copy(layer, fixed);
    return fixed;
  }

  /** Returns the batch normalisation that takes statistics again. */
  public BatchNormalization released() {
    BatchNormalization plain = new BatchNormalization();
    copy(this, plain);
    return plain;
  }

  private static void copy(BatchNormalization from, BatchNormalization to) {
    to.setLayerName(from.getLayerName());
    to.setActivationFn(from.getActivationFn());
    to.setWeightInitFn(from.getWeightInitFn());
    to.setIUpdater(from.getIUpdater());
    to.setBiasUpdater(from.getBiasUpdater());
    to.setNIn(from.getNIn());
    to.setNOut(from.getNOut());
    to.setDecay(from.getDecay());
    to.setEps(from.getEps());
    to.setMinibatch(from.isMinibatch());
    to.setGamma(from.getGamma());
    to.setBeta(from.getBeta());
    to.setCnn2DFormat(from.getCnn2DFormat());
    to.setUseLogStd(from.isUseLogStd());
    to.setLockGammaBeta(from.isLockGammaBeta());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    FixedStatisticsLayer layer = new FixedStatisticsLayer(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public FixedStatisticsNormalization clone() {
    return (FixedStatisticsNormalization) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FixedStatisticsNormalization && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
