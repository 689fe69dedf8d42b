package org.mien.trainer.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.random.SeedStreams;
import org.mien.model.head.HeadConfig;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.LossConfig;
import org.mien.model.loss.MarginLoss;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.trainer.kernel.NativeFloats;
import org.mien.trainer.loop.OptimizerConfig;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingEngine;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the linear head of a graph in the graph's own memory: weights and optimiser state are
 * Deeplearning4j's arrays, so a checkpoint of the graph is whole at any step, and either engine
 * goes on from what the other left. Against {@link org.mien.trainer.loop.GraphEngine} weights
 * differ by rounding only. The same seed gives the same bits, for any number of threads.
 *
 * <p>With a share of sampled identities below 1, weights and state of identities outside a step's
 * sample stay as they are: their momentum neither acts nor fades until they are drawn again, and
 * Adam's correction for the first steps counts the steps of the training.
 */
public final class FusedHeadEngine implements TrainingEngine {
  /** A tenth of a millisecond at 40 thousand million a second. */
  private static final double MULTIPLICATIONS_A_THREAD = 4e6;

  private final ComputationGraph graph;
  private final FusedHead head;
  private final UpdateRule rule;
  private final double weightDecay;
  private final double gradientClipping;
  private final Optional<SampledIdentities> sampled;
  private final int threads;

  private FusedHeadEngine(
      ComputationGraph graph,
      FusedHead head,
      UpdateRule rule,
      TrainingConfig training,
      Optional<SampledIdentities> sampled,
      int threads) {
    this.graph = graph;
    this.head = head;
    this.rule = rule;
    this.weightDecay = training.decay();
    this.gradientClipping = training.gradientClipping();
    this.sampled = sampled;
    this.threads = threads;
  }

  /**
   * Says why this engine cannot train such a head.
   *
   * @return empty where it can
   */
  public static Optional<String> obstacle(HeadConfig head, LossConfig loss) {
    if (!Nd4j.getEnvironment().isCPU()) {
      return Optional.of("the backend is not the CPU");
    }
    if (!(head instanceof LinearHeadConfig linear)) {
      return Optional.of("it trains a head of type linear only");
    }
    if (linear.dropout() > 0) {
      return Optional.of("it has no dropout");
    }
    if (!(loss instanceof SoftmaxLossConfig) && !(loss instanceof MarginLoss)) {
      return Optional.of(
          "it trains with softmax, or a loss that puts a fixed margin on cosines (sphereface,"
              + " cosface, arcface, combined-margin) only");
    }
    return Optional.empty();
  }

  /**
   * Takes over a graph.
   *
   * @param graph made by {@link HeadGraph} from this head and this loss, with the updater of the
   *     training's optimiser; fresh or from a checkpoint
   * @param weights how much the rows of each identity count in the loss
   * @param seeds for the sample of identities
   * @param threads at least 1; the result does not depend on it
   */
  public static FusedHeadEngine of(
      ComputationGraph graph,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      TrainingConfig training,
      SeedStreams seeds,
      int threads) {
    obstacle(head, loss)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("the fused engine cannot do this: " + reason);
            });
    LinearHeadConfig linear = (LinearHeadConfig) head;
    Optional<MarginLoss> margin =
        loss instanceof MarginLoss found ? Optional.of(found) : Optional.empty();
    double smoothing = loss instanceof SoftmaxLossConfig softmax ? softmax.labelSmoothing() : 0;
    INDArray weights1 = parameter(graph, HeadGraph.EMBEDDING, "W");
    INDArray weights2 = parameter(graph, HeadGraph.CLASSIFIER, "W");
    HeadShape shape =
        new HeadShape(
            (int) weights1.size(0),
            (int) weights1.size(1),
            (int) weights2.size(1),
            linear.normalizeInput(),
            // Cosines know no other length than their scale.
            (float) margin.map(MarginLoss::scale).orElse(linear.embeddingLength()).doubleValue(),
            margin.map(MarginLoss::toMargin));
    UpdateRule rule = ruleOf(training.optimizer());
    INDArray state = rule.stateArrays() == 0 ? null : graph.getUpdater().getStateViewArray();
    INDArray all = graph.params();
    if (state != null && state.length() != rule.stateArrays() * all.length()) {
      throw new IllegalArgumentException(
          String.format(
              "expected an optimiser state of %d times %d numbers, was %d",
              rule.stateArrays(), all.length(), state.length()));
    }
    FusedHead.Memory memory =
        new FusedHead.Memory(
            NativeFloats.of(all),
            state == null ? null : NativeFloats.of(state),
            offset(weights1, all),
            offset(parameter(graph, HeadGraph.EMBEDDING, "b"), all),
            offset(weights2, all),
            margin.isPresent() ? -1 : offset(parameter(graph, HeadGraph.CLASSIFIER, "b"), all));
    double[] identityWeights =
        weights.values().isEmpty()
            ? null
            : weights.values().stream().mapToDouble(Double::doubleValue).toArray();
    FusedHead.Loss fusedLoss = new FusedHead.Loss(smoothing, identityWeights);
    double share = training.sampledIdentities();
    Optional<SampledIdentities> sampled =
        share < 1
            ? Optional.of(new SampledIdentities(shape.identities(), share, seeds))
            : Optional.empty();
    // Last: it has threads, and OpenBLAS's setting, that only a whole engine gives back.
    return new FusedHeadEngine(
        graph,
        new FusedHead(shape, memory, fusedLoss, rule.stateArrays(), threads),
        rule,
        training,
        sampled,
        threads);
  }

  /**
   * Returns how many threads a step is worth: work is shared out several times a step, and each
   * time costs tens of microseconds to wake and join threads. The result does not depend on it.
   *
   * @param graph of the head
   * @param rows of a step
   * @param available threads there are, at least 1
   */
  public static int sensibleThreads(ComputationGraph graph, int rows, int available) {
    // Forward, gradient of the weights, gradient of the layer before.
    double multiplications = 3.0 * rows * graph.numParams();
    return (int) Math.max(1, Math.min(available, multiplications / MULTIPLICATIONS_A_THREAD));
  }

  private static INDArray parameter(ComputationGraph graph, String layer, String name) {
    INDArray values = graph.getLayer(layer).getParam(name);
    if (values.rank() == 2 && values.size(0) > 1 && values.ordering() != 'f') {
      throw new IllegalArgumentException(
          layer + " " + name + ": expected column-major order, was " + values.shapeInfo());
    }
    return values;
  }

  private static long offset(INDArray part, INDArray all) {
    if (part.data().address() != all.data().address()) {
      throw new IllegalArgumentException("a layer's parameters are not a view of the graph's");
    }
    return part.offset() - all.offset();
  }

  private static UpdateRule ruleOf(OptimizerConfig optimizer) {
    if (optimizer instanceof OptimizerConfig.Adam adam) {
      return new UpdateRule.Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    } else if (optimizer instanceof OptimizerConfig.AdamW adam) {
      return new UpdateRule.Adam(adam.beta1(), adam.beta2(), adam.epsilon());
    } else if (optimizer instanceof OptimizerConfig.Sgd sgd) {
      return new UpdateRule.Sgd(sgd.momentum(), sgd.nesterov());
    }
    throw new IllegalArgumentException("no fused form of " + optimizer);
  }

  @Override
  public String name() {
    return "fused, " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public double step(Iterator<MiniBatch> parts, int rows, double learningRate) {
    int done = graph.getIterationCount();
    FusedHead.Change change =
        new FusedHead.Change(
            rule.step(done, learningRate), (float) (learningRate * weightDecay), gradientClipping);
    double loss;
    if (sampled.isPresent()) {
      // The sample needs the identities of all parts before the first is worked on.
      List<MiniBatch> kept = new ArrayList<>();
      parts.forEachRemaining(kept::add);
      int[] labels = kept.stream().flatMapToInt(part -> Arrays.stream(part.labels())).toArray();
      loss = head.step(kept.iterator(), rows, sampled.get().of(labels, done), change);
    } else {
      loss = head.step(parts, rows, null, change);
    }
    graph.getConfiguration().setIterationCount(done + 1);
    return loss;
  }

  @Override
  public Evaluation evaluate(MiniBatch batch) {
    return head.evaluate(batch);
  }

  @Override
  public ComputationGraph graph() {
    return graph;
  }

  @Override
  public void close() {
    head.close();
  }
}
