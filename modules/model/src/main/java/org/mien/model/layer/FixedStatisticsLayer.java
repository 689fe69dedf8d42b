package org.mien.model.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastSubOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Computes {@code y = gamma (x - mean) / sqrt(var + eps) + beta} with mean and variance that do not
 * depend on {@code x}, a channel each, on {@code (batch, channels)} or {@code (batch, channels,
 * height, width)}.
 */
final class FixedStatisticsLayer extends BatchNormalization {
  private static final long serialVersionUID = 1L;
  private static final int CHANNELS = 1;

  FixedStatisticsLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray scale = scale();
    INDArray shift = vector(BatchNormalizationParamInitializer.BETA).sub(mean().mul(scale));
    INDArray x = input.castTo(dataType);
    INDArray y =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, x.dataType(), x.shape(), x.ordering());
    Nd4j.exec(new BroadcastMulOp(x, scale, y, CHANNELS));
    Nd4j.exec(new BroadcastAddOp(y, shift, y, CHANNELS));
    return y;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray dy = epsilon.castTo(dataType);
    INDArray x = input.castTo(dataType);
    INDArray normalized = Nd4j.createUninitialized(x.dataType(), x.shape(), x.ordering());
    Nd4j.exec(new BroadcastSubOp(x, mean(), normalized, CHANNELS));
    Nd4j.exec(new BroadcastMulOp(normalized, inverseDeviation(), normalized, CHANNELS));
    normalized.muli(dy);

    Gradient gradient = new DefaultGradient();
    sum(gradient, BatchNormalizationParamInitializer.GAMMA, normalized);
    sum(gradient, BatchNormalizationParamInitializer.BETA, dy);
    // Nothing is subtracted from the statistics.
    still(gradient, BatchNormalizationParamInitializer.GLOBAL_MEAN);
    still(gradient, BatchNormalizationParamInitializer.GLOBAL_VAR);

    INDArray dx =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, dy.dataType(), dy.shape(), dy.ordering());
    Nd4j.exec(new BroadcastMulOp(dy, scale(), dx, CHANNELS));
    return new Pair<>(gradient, dx);
  }

  private void sum(Gradient gradient, String key, INDArray values) {
    INDArray view = gradientViews.get(key);
    INDArray sums = values.rank() == 2 ? values.sum(0) : values.sum(0, 2, 3);
    view.assign(sums.reshape(view.shape()));
    gradient.setGradientFor(key, view);
  }

  private void still(Gradient gradient, String key) {
    INDArray view = gradientViews.get(key);
    view.assign(0);
    gradient.setGradientFor(key, view);
  }

  private INDArray scale() {
    return vector(BatchNormalizationParamInitializer.GAMMA).mul(inverseDeviation());
  }

  private INDArray inverseDeviation() {
    INDArray variance = vector(BatchNormalizationParamInitializer.GLOBAL_VAR);
    return Transforms.sqrt(variance.add(layerConf().getEps()), false).rdivi(1);
  }

  private INDArray mean() {
    return vector(BatchNormalizationParamInitializer.GLOBAL_MEAN);
  }

  private INDArray vector(String key) {
    INDArray parameter = getParam(key);
    return parameter.reshape(parameter.length());
  }
}
