package org.mien.model.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.mien.model.margin.TargetMargin;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Computes a {@link CosineOutputLayer}, with exact gradients through both normalisations: with
 * {@code u = x / |x|} and {@code g = dL/du}, {@code dL/dx = (g - u (u . g)) / |x|}, and likewise
 * for the columns of the weights. A vector shorter than {@value #SHORTEST} has no direction: its
 * cosines and its gradient are 0.
 */
final class CosineOutput extends BaseOutputLayer<CosineOutputLayer> {
  private static final long serialVersionUID = 1L;
  private static final double SHORTEST = 1e-12;

  CosineOutput(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
  }

  /** Unit vectors along an axis, and one over their lengths (0 for no direction). */
  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Directions(INDArray units, double[] lengths, INDArray inverses) {
    static Directions ofRows(INDArray vectors) {
      INDArray lengths = vectors.norm2(true, 1);
      double[] numbers = numbers(lengths);
      INDArray inverses = inverses(numbers, vectors.dataType()).reshape(numbers.length, 1);
      return new Directions(vectors.mulColumnVector(inverses), numbers, inverses);
    }

    static Directions ofColumns(INDArray vectors) {
      INDArray lengths = vectors.norm2(true, 0);
      double[] numbers = numbers(lengths);
      INDArray inverses = inverses(numbers, vectors.dataType()).reshape(1, numbers.length);
      return new Directions(vectors.mulRowVector(inverses), numbers, inverses);
    }

    private static double[] numbers(INDArray lengths) {
      return lengths.reshape(lengths.length()).toDoubleVector();
    }

    private static INDArray inverses(double[] lengths, DataType type) {
      double[] inverses = new double[lengths.length];
      for (int i = 0; i < inverses.length; i++) {
        inverses[i] = lengths[i] < SHORTEST ? 0 : 1 / lengths[i];
      }
      return Nd4j.createFromArray(inverses).castTo(type);
    }
  }

  /** What a batch's logits are, and what its gradient needs. */
  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Forward(
      Directions embeddings,
      Directions identities,
      INDArray logits,
      int[] targets,
      double[] targetCosines,
      double[] targetSlopes,
      INDArray slopes) {}

  private double[] state() {
    INDArray state = params.get(CosineOutputLayer.STATE);
    return state == null ? new double[0] : state.reshape(state.length()).toDoubleVector();
  }

  private Directions embeddings() {
    return Directions.ofRows(input.castTo(dataType));
  }

  private Directions identities() {
    return Directions.ofColumns(params.get(CosineOutputLayer.WEIGHTS));
  }

  @Override
  protected INDArray preOutput(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray cosines = embeddings().units().mmul(identities().units());
    return workspaces.leverageTo(ArrayType.ACTIVATIONS, cosines.muli(layerConf().getScale()));
  }

  private Forward forward() {
    if (input == null || labels == null) {
      throw new IllegalStateException("input and labels are needed first, " + layerId());
    }
    LogitRule rule = layerConf().getRule();
    Directions embeddings = embeddings();
    Directions identities = identities();
    INDArray logits = embeddings.units().mmul(identities.units());
    int[] targets = IdentityLabels.of(labels, logits.size(0), logits.size(1));
    double[] state = state();
    double[] cosines = new double[targets.length];
    double[] targetSlopes = new double[targets.length];
    INDArray slopes = rule.changesOthers() ? Nd4j.onesLike(logits) : null;
    for (int i = 0; i < targets.length; i++) {
      cosines[i] = logits.getDouble(i, targets[i]);
      TargetMargin margin = rule.margin(embeddings.lengths()[i], state);
      double value = margin.value(cosines[i]);
      targetSlopes[i] = margin.derivative(cosines[i]);
      if (rule.changesOthers()) {
        double[] values = logits.getRow(i).toDoubleVector();
        double[] rowSlopes = slopes.getRow(i).toDoubleVector();
        rule.others(values, rowSlopes, targets[i], value, state);
        logits.putRow(i, Nd4j.createFromArray(values).castTo(dataType));
        slopes.putRow(i, Nd4j.createFromArray(rowSlopes).castTo(dataType));
      }
      logits.putScalar(i, targets[i], value);
    }
    logits.muli(layerConf().getScale());
    return new Forward(embeddings, identities, logits, targets, cosines, targetSlopes, slopes);
  }

  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    Forward forward = forward();
    double sum = loss().computeScore(labels, forward.logits(), activation(), maskArray, false);
    score = (conf().isMiniBatch() ? sum / forward.targets().length : sum) + regularization;
    return score;
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    INDArray scores = loss().computeScoreArray(labels, forward().logits(), activation(), maskArray);
    return workspaces.leverageTo(ArrayType.ACTIVATIONS, scores.addi(regularization));
  }

  @Override
  public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
    gradient = backpropGradient(null, workspaces).getFirst();
    computeScore(0, true, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray unused, LayerWorkspaceMgr workspaces) {
    Forward forward = forward();
    INDArray byCosine = loss().computeGradient(labels, forward.logits(), activation(), maskArray);
    byCosine.muli(layerConf().getScale());
    if (forward.slopes() != null) {
      byCosine.muli(forward.slopes());
    }
    for (int i = 0; i < forward.targets().length; i++) {
      int target = forward.targets()[i];
      byCosine.putScalar(i, target, byCosine.getDouble(i, target) * forward.targetSlopes()[i]);
    }
    INDArray units = forward.embeddings().units();
    INDArray columns = forward.identities().units();

    INDArray weightGradient = gradientViews.get(CosineOutputLayer.WEIGHTS);
    INDArray byColumn = units.transpose().mmul(byCosine);
    INDArray radialColumn = columns.mul(byColumn).sum(true, 0);
    weightGradient.assign(
        byColumn
            .subi(columns.mulRowVector(radialColumn))
            .muliRowVector(forward.identities().inverses()));
    Gradient gradients = new DefaultGradient();
    gradients.gradientForVariable().put(CosineOutputLayer.WEIGHTS, weightGradient);

    INDArray stateGradient = gradientViews.get(CosineOutputLayer.STATE);
    if (stateGradient != null) {
      double[] before = state();
      double[] after =
          layerConf()
              .getRule()
              .nextState(before, forward.targetCosines(), forward.embeddings().lengths());
      for (int i = 0; i < before.length; i++) {
        // The updater subtracts it.
        stateGradient.putScalar(0, i, before[i] - after[i]);
      }
      gradients.gradientForVariable().put(CosineOutputLayer.STATE, stateGradient);
    }

    INDArray byUnit = byCosine.mmul(columns.transpose());
    INDArray radial = units.mul(byUnit).sum(true, 1);
    INDArray epsilon =
        byUnit
            .subi(units.mulColumnVector(radial))
            .muliColumnVector(forward.embeddings().inverses());
    return new Pair<>(
        gradients,
        backpropDropOutIfPresent(workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, epsilon)));
  }

  @Override
  public boolean updaterDivideByMinibatch(String name) {
    return !name.equals(CosineOutputLayer.STATE);
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType arrayType) {
    return labels;
  }

  private ILossFunction loss() {
    return layerConf().getLossFn();
  }

  private org.nd4j.linalg.activations.IActivation activation() {
    return layerConf().getActivationFn();
  }
}
