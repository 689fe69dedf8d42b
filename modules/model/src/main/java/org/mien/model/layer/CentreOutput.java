package org.mien.model.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes a {@link CentreOutputLayer}. */
final class CentreOutput extends BaseOutputLayer<CentreOutputLayer> {
  private static final long serialVersionUID = 1L;

  CentreOutput(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  private int[] targets() {
    return IdentityLabels.of(labels, input.size(0), layerConf().getNOut());
  }

  /** {@code x_i - c_yi}, {@code (batch, in)}. */
  private INDArray offsets(int[] targets) {
    INDArray centres = params.get(CentreOutputLayer.CENTRES);
    INDArray offsets = input.castTo(dataType).dup('c');
    for (int i = 0; i < targets.length; i++) {
      offsets.getRow(i).subi(centres.getRow(targets[i]));
    }
    return offsets;
  }

  /** The centre part of each row's loss. */
  private double[] distances() {
    int[] targets = targets();
    INDArray squares = offsets(targets).norm2(1);
    double[] losses = new double[targets.length];
    for (int i = 0; i < losses.length; i++) {
      double distance = squares.getDouble(i);
      losses[i] =
          layerConf().getLambda() / 2 * distance * distance * layerConf().weight(targets[i]);
    }
    return losses;
  }

  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    double base = super.computeScore(regularization, training, workspaces);
    double sum = 0;
    for (double loss : distances()) {
      sum += loss;
    }
    score = base + (conf().isMiniBatch() ? sum / input.size(0) : sum);
    return score;
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    double[] distances = distances();
    return super.computeScoreForExamples(regularization, workspaces)
        .addi(Nd4j.createFromArray(distances).reshape(distances.length, 1).castTo(dataType));
  }

  @Override
  public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
    gradient = backpropGradient(null, workspaces).getFirst();
    computeScore(0, true, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray unused, LayerWorkspaceMgr workspaces) {
    Pair<Gradient, INDArray> linear = super.backpropGradient(unused, workspaces);
    int[] targets = targets();
    INDArray offsets = offsets(targets);

    INDArray centreGradient = gradientViews.get(CentreOutputLayer.CENTRES);
    centreGradient.assign(0);
    int[] counts = new int[(int) layerConf().getNOut()];
    for (int target : targets) {
      counts[target]++;
    }
    double[] factors = new double[targets.length];
    for (int i = 0; i < targets.length; i++) {
      int target = targets[i];
      // The updater subtracts it.
      double share = -layerConf().getRate() / (1 + counts[target]);
      centreGradient.getRow(target).addi(offsets.getRow(i).mul(share));
      factors[i] = layerConf().getLambda() * layerConf().weight(target);
    }
    linear.getFirst().gradientForVariable().put(CentreOutputLayer.CENTRES, centreGradient);

    INDArray column = Nd4j.createFromArray(factors).reshape(factors.length, 1).castTo(dataType);
    linear.getSecond().addi(offsets.muliColumnVector(column));
    return linear;
  }

  @Override
  public boolean updaterDivideByMinibatch(String name) {
    return !name.equals(CentreOutputLayer.CENTRES);
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType arrayType) {
    return labels;
  }
}
