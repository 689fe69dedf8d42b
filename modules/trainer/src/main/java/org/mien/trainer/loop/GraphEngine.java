package org.mien.trainer.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.mien.model.graph.LearningRateFactors;
import org.mien.model.hardware.GpuSupport;
import org.mien.model.head.HeadGraph;
import org.mien.model.layer.CentreOutputLayer;
import org.mien.model.layer.CosineOutputLayer;
import org.mien.model.task.TaskHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Deeplearning4j's own backprop: any network, any loss, any backend; on request by several copies
 * of the network at a time.
 */
public final class GraphEngine implements TrainingEngine {
  /**
   * What layers keep among the parameters though nothing is learned: running means, and centres.
   * The "gradients" of these are by how much they move, so that several batches move them by the
   * mean.
   */
  private static final Set<String> STATISTICS =
      Set.of(
          CosineOutputLayer.STATE,
          CentreOutputLayer.CENTRES,
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  private final ComputationGraph graph;
  private final long[] shape;
  private final double gradientClipping;
  private final boolean penalised;
  private final LearningRateFactors factors;
  private final List<TaskHead> tasks;
  private final GraphReplicas replicas;

  /**
   * @param graph one input of the rows' shape; an output for identities and one for each further
   *     task, whose losses take a column of indices each
   * @param shape of one row
   * @param gradientClipping largest length of the gradient of all parameters; 0 for any
   */
  public GraphEngine(ComputationGraph graph, long[] shape, double gradientClipping) {
    this(graph, shape, gradientClipping, LearningRateFactors.NONE, List.of(), 1);
  }

  /**
   * As the other, with layers that learn at rates of their own, further tasks, and copies of the
   * graph that share each batch.
   *
   * @param factors those that the graph was built with
   * @param tasks of the graph's outputs behind the first, in their order
   * @param replicas how many networks work on a batch at a time, the graph among them; at least 1
   */
  public GraphEngine(
      ComputationGraph graph,
      long[] shape,
      double gradientClipping,
      LearningRateFactors factors,
      List<TaskHead> tasks,
      int replicas) {
    this(
        graph,
        shape,
        gradientClipping,
        factors,
        tasks,
        new GraphReplicas(
            graph, replicas, new GraphReplicas.Nd4jDevices(GpuSupport.ofMachine().nd4jDevices())));
  }

  GraphEngine(
      ComputationGraph graph,
      long[] shape,
      double gradientClipping,
      LearningRateFactors factors,
      List<TaskHead> tasks,
      GraphReplicas replicas) {
    this.graph = graph;
    FasterLayers.install(graph);
    this.replicas = replicas;
    this.tasks = List.copyOf(tasks);
    this.factors = factors;
    this.shape = shape.clone();
    this.gradientClipping = gradientClipping;
    this.penalised =
        Arrays.stream(graph.getLayers())
            .anyMatch(
                layer ->
                    layer.conf().getLayer() instanceof BaseLayer base
                        && base.getRegularization() != null
                        && !base.getRegularization().isEmpty());
  }

  /**
   * Lets the weights, but not the biases, of every layer decay apart from the gradient (Loshchilov
   * and Hutter 2019): each step takes {@code rate decay w} from a weight w.
   *
   * @param graph a head, before its first step; batch normalisation does not decay
   * @param decay 0 for none
   */
  public static void decay(ComputationGraph graph, double decay) {
    if (decay > 0) {
      for (Layer layer : graph.getLayers()) {
        if (layer.conf().getLayer() instanceof BaseLayer base
            && !(base instanceof BatchNormalization)
            && !HeadGraph.isUntrained(base)) {
          base.setRegularization(List.of(new WeightDecay(decay, true)));
        }
      }
    }
  }

  @Override
  public String name() {
    return "graph, on "
        + (Nd4j.getEnvironment().isCPU() ? "nd4j-native" : "nd4j-cuda")
        + (replicas.count() == 1 ? "" : ", " + replicas.count() + " replicas");
  }

  @Override
  public ComputationGraph graph() {
    return graph;
  }

  @Override
  public double step(Iterator<MiniBatch> parts, int rows, double learningRate) {
    setLearningRate(learningRate);
    // Not the library's fit: a gradient has to be looked at before it changes a weight.
    int done = graph.getIterationCount();
    MiniBatch last = parts.next();
    GraphReplicas.Sum sum = replicas.gradient(last, done, this::gradient);
    double lossSum = sum.loss();
    int count = sum.shares();
    boolean several = parts.hasNext();
    if (several) {
      INDArray gradients = graph.getFlattenedGradients().dup();
      while (parts.hasNext()) {
        last = parts.next();
        sum = replicas.gradient(last, done, this::gradient);
        lossSum += sum.loss();
        count += sum.shares();
        gradients.addi(graph.getFlattenedGradients());
      }
      graph.getFlattenedGradients().assign(gradients);
    }
    if (FirstNotFinite.in(graph.getFlattenedGradients()).isPresent()) {
      throw new NotFiniteException(
          "the loss is "
              + lossSum / rows
              + " and a gradient is not finite: "
              + FirstNotFinite.of(graph, input(last)),
          !several);
    }
    adjust(count, rows);
    graph
        .getUpdater()
        .update(
            graph.gradient(), done, graph.getEpochCount(), rows, LayerWorkspaceMgr.noWorkspaces());
    INDArray weights = graph.params();
    weights.subi(graph.getFlattenedGradients().reshape(weights.shape()));
    graph.getConfiguration().setIterationCount(done + 1);
    return lossSum / rows;
  }

  /** Leaves the summed gradient of the rows in a graph; returns their summed loss. */
  private double gradient(ComputationGraph of, MiniBatch part) {
    of.setInputs(input(part));
    of.setLabels(labels(part));
    of.computeGradientAndScore();
    // Deeplearning4j counts half the squared weights as loss where weights decay.
    double penalty = penalised ? of.calcRegularizationScore(true) : 0;
    double loss = of.score() - penalty;
    if (!Double.isFinite(loss)) {
      throw new NotFiniteException(
          "the loss is " + loss + ": " + FirstNotFinite.of(of, input(part)), true);
    }
    return loss * part.labels().length;
  }

  private void adjust(int parts, int rows) {
    double squares = 0;
    for (Map.Entry<String, INDArray> entry : graph.gradient().gradientForVariable().entrySet()) {
      if (isStatistic(entry.getKey())) {
        entry.getValue().divi(parts);
      } else if (gradientClipping > 0) {
        double length = entry.getValue().norm2Number().doubleValue() / rows;
        squares += length * length;
      }
    }
    double length = Math.sqrt(squares);
    if (gradientClipping > 0 && length > gradientClipping) {
      graph
          .gradient()
          .gradientForVariable()
          .forEach(
              (name, values) -> {
                if (!isStatistic(name)) {
                  values.muli(gradientClipping / length);
                }
              });
    }
  }

  private static boolean isStatistic(String variable) {
    return STATISTICS.contains(variable.substring(variable.lastIndexOf('_') + 1));
  }

  /** In place: {@code ComputationGraph.setLearningRate} copies the optimiser's whole state. */
  private void setLearningRate(double rate) {
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer base) {
        double own = rate * factors.of(base.getLayerName());
        setLearningRate(base.getIUpdater(), own);
        setLearningRate(base.getBiasUpdater(), own);
      }
    }
  }

  private static void setLearningRate(IUpdater updater, double rate) {
    if (updater != null && updater.hasLearningRate()) {
      updater.setLrAndSchedule(rate, null);
    }
  }

  @Override
  public Evaluation evaluate(MiniBatch batch) {
    INDArray[] outputs = graph.output(input(batch));
    List<TaskTally> tallies = new ArrayList<>();
    for (int task = 0; task < tasks.size(); task++) {
      tallies.add(TaskTally.of(tasks.get(task), outputs[task + 1], batch.taskLabels()[task]));
    }
    if (!classifies()) {
      return new Evaluation(Double.NaN, 0, tallies);
    }
    float[][] probabilities = outputs[0].toFloatMatrix();
    double loss = 0;
    int right = 0;
    for (int i = 0; i < probabilities.length; i++) {
      int label = batch.labels()[i];
      // The smallest positive float: a probability that underflowed is worse than all others.
      loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_VALUE));
      right += highest(probabilities[i]) == label ? 1 : 0;
    }
    return new Evaluation(loss, right, tallies);
  }

  static int highest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private INDArray input(MiniBatch batch) {
    long[] batched = new long[shape.length + 1];
    batched[0] = batch.labels().length;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return Nd4j.create(batch.rows(), batched);
  }

  /** A column for each output, identities first. */
  static INDArray[] labels(MiniBatch batch) {
    INDArray[] columns = new INDArray[1 + batch.taskLabels().length];
    columns[0] = column(batch.labels());
    for (int task = 1; task < columns.length; task++) {
      columns[task] = column(batch.taskLabels()[task - 1]);
    }
    return columns;
  }

  static INDArray column(int[] labels) {
    float[] values = new float[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels[i];
    }
    return Nd4j.createFromArray(values).reshape(values.length, 1);
  }

  @Override
  public void close() {
    replicas.close();
  }
}
