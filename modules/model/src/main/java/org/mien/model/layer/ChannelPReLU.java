package org.mien.model.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.PReLU;
import org.deeplearning4j.nn.params.PReLUParamInitializer;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A PReLU (He et al. 2015, equation 1) with one slope a plane: {@code max(0, x) + slope[c] min(0,
 * x)} on {@code (batch, channels, height, width)}.
 *
 * <p>The library's own layer computes the same, but its gradient refuses inputs of more than 64
 * numbers a slope: every plane of a real image.
 */
public final class ChannelPReLU extends PReLULayer {
  private static final long serialVersionUID = 1;

  /** As He et al. begin. */
  private static final double FIRST_SLOPE = 0.25;

  /** Public for Deeplearning4j, which reads graphs from JSON. */
  public ChannelPReLU() {}

  /** A layer whose slopes are 0.25 at first. */
  public static ChannelPReLU of(long channels) {
    ChannelPReLU layer = new ChannelPReLU();
    layer.setInputShape(new long[] {channels, 1, 1});
    layer.setSharedAxes(new long[] {2, 3});
    layer.setWeightInitFn(new WeightInitConstant(FIRST_SLOPE));
    return layer;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    Running layer = new Running(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(configuration, parameters, initialize);
    layer.setParamTable(table);
    layer.setConf(configuration);
    return layer;
  }

  private static final class Running extends PReLU {
    private static final long serialVersionUID = 1;

    Running(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    /** With d the loss's gradient: d (x > 0 ? 1 : slope), and the sum of d min(0, x). */
    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      assertInputSet(true);
      INDArray slopes = getParam(PReLUParamInitializer.WEIGHT_KEY);
      INDArray lessOne = slopes.sub(1).reshape(slopes.length());
      INDArray below = input.lt(0).castTo(input.dataType());
      INDArray delta =
          Broadcast.mul(
              below, lessOne, Nd4j.createUninitialized(below.dataType(), below.shape(), 'c'), 1);
      delta.addi(1).muli(epsilon);
      INDArray slopeGradient = gradientViews.get(PReLUParamInitializer.WEIGHT_KEY);
      slopeGradient.assign(
          below.muli(input).muli(epsilon).sum(0, 2, 3).reshape(slopeGradient.shape()));
      Gradient gradient = new DefaultGradient();
      gradient.setGradientFor(PReLUParamInitializer.WEIGHT_KEY, slopeGradient, 'c');
      INDArray passedOn = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, delta);
      return new Pair<>(gradient, backpropDropOutIfPresent(passedOn));
    }
  }
}
