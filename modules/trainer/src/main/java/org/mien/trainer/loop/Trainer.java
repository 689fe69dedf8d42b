package org.mien.trainer.loop;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.model.head.HeadGraph;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TrainingLog;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The training loop: mini-batches in an order that depends only on seed, epoch and the way of
 * sampling, backprop on ND4J, and after each epoch a look at the validation rows and a checkpoint.
 */
public final class Trainer {
  static final int VALIDATION_BATCH = 256;

  private final TrainingConfig config;
  private final SeedStreams seeds;
  private final TrainingRows training;
  private final Optional<TrainingRows> validation;
  private final CheckpointSink checkpoints;
  private final TrainingLog log;
  private final Progress.Factory progress;
  private final StopSignal stop;

  /**
   * @param training rows to learn from
   * @param validation rows to choose the best epoch by
   * @param checkpoints called after each epoch
   * @param log told the figures of each epoch
   * @param stop asked after each step
   */
  public Trainer(
      TrainingConfig config,
      SeedStreams seeds,
      TrainingRows training,
      Optional<TrainingRows> validation,
      CheckpointSink checkpoints,
      TrainingLog log,
      Progress.Factory progress,
      StopSignal stop) {
    this.config = config;
    this.seeds = seeds;
    this.training = training;
    this.validation = validation;
    this.checkpoints = checkpoints;
    this.log = log;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * Trains the graph in place until the configured number of epochs is reached.
   *
   * @param graph one input of the rows' shape; one output whose loss takes a column of identity
   *     indices: a classifier of identities, or embeddings
   * @param start where to go on from; the graph must hold the weights and optimiser of that moment
   * @return the state at the end
   * @throws StoppedException if the stop signal came; a checkpoint was written
   * @throws TrainingDivergedException if a loss is not finite
   */
  public TrainingState train(ComputationGraph graph, TrainingState start) {
    TrainingState state = start;
    int[] labels = new int[training.size()];
    Arrays.setAll(labels, training::label);
    // Every epoch has as many rows as the first.
    long total = (long) config.epochs() * config.sampling().order(labels, 1, seeds).length;
    try (Progress bar = progress.start("train", "samples", total)) {
      while (state.epochs().size() < config.epochs()) {
        state = epoch(graph, labels, state, bar);
        EpochRecord done = state.epochs().get(state.epochs().size() - 1);
        bar.message(summary(done));
        log.epoch(done);
        checkpoints.save(graph, state);
      }
    }
    return state;
  }

  private TrainingState epoch(
      ComputationGraph graph, int[] labels, TrainingState state, Progress bar) {
    long started = System.nanoTime();
    int epoch = state.epochs().size() + 1;
    int[] order = config.sampling().order(labels, epoch, seeds);
    int batch = config.batchSize();
    int stepsAnEpoch = (order.length + batch - 1) / batch;
    long steps = (long) config.epochs() * stepsAnEpoch;
    double lossSum = state.lossSum();
    double rate = config.optimizer().learningRate();
    for (int step = state.stepInEpoch(); step < stepsAnEpoch; step++) {
      long stepsDone = (long) (epoch - 1) * stepsAnEpoch + step;
      rate = applyLearningRate(graph, stepsDone, steps);
      int from = step * batch;
      int count = Math.min(batch, order.length - from);
      graph.fit(batch(epoch, order, from, count));
      double loss = graph.score();
      if (!Double.isFinite(loss)) {
        throw new TrainingDivergedException(
            epoch,
            stepsDone + 1,
            loss,
            "Lower training.optimizer.learningRate (" + rate + " at this step).");
      }
      lossSum += loss * count;
      bar.advanceTo((long) (epoch - 1) * order.length + from + count);
      if (stop.requested()) {
        checkpoints.save(graph, new TrainingState(state.epochs(), step + 1, lossSum));
        throw new StoppedException(epoch, step + 1);
      }
    }
    double[] validated =
        validation
            .map(
                rows ->
                    HeadGraph.classifies(graph)
                        ? validate(graph, rows)
                        : MetricValidation.of(training, rows).run(graph))
            .orElse(new double[] {Double.NaN, Double.NaN});
    return state.with(
        new EpochRecord(
            epoch,
            (long) epoch * stepsAnEpoch,
            rate,
            lossSum / order.length,
            validated[0],
            validated[1],
            (System.nanoTime() - started) / 1e9));
  }

  private DataSet batch(int epoch, int[] rows, int from, int count) {
    float[] labels = new float[count];
    for (int i = 0; i < count; i++) {
      labels[i] = training.label(rows[from + i]);
    }
    return new DataSet(
        input(training, epoch, rows, from, count), Nd4j.createFromArray(labels).reshape(count, 1));
  }

  static INDArray input(TrainingRows source, int epoch, int[] rows, int from, int count) {
    long[] shape = source.shape();
    long[] batched = new long[shape.length + 1];
    batched[0] = count;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return Nd4j.create(source.read(epoch, rows, from, count), batched);
  }

  /** A constant rate is left alone: setting it copies the optimiser's state. */
  private double applyLearningRate(ComputationGraph graph, long step, long steps) {
    double factor = config.schedule().factor(step, steps);
    double rate = config.optimizer().learningRate() * factor;
    if (factor != 1 || (step > 0 && config.schedule().factor(step - 1, steps) != 1)) {
      graph.setLearningRate(rate);
    }
    return rate;
  }

  /** Returns mean cross-entropy and accuracy on the validation rows. */
  private static double[] validate(ComputationGraph graph, TrainingRows rows) {
    int[] order = new int[rows.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    double loss = 0;
    int right = 0;
    for (int from = 0; from < order.length; from += VALIDATION_BATCH) {
      int count = Math.min(VALIDATION_BATCH, order.length - from);
      float[][] probabilities =
          graph.outputSingle(input(rows, 0, order, from, count)).toFloatMatrix();
      for (int i = 0; i < count; i++) {
        int label = rows.label(from + i);
        // The smallest positive float: a probability that underflowed is worse than all others.
        loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_VALUE));
        right += highest(probabilities[i]) == label ? 1 : 0;
      }
    }
    return new double[] {loss / order.length, (double) right / order.length};
  }

  private static int highest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static String summary(EpochRecord epoch) {
    String text = String.format(Locale.ROOT, "loss %.4f", epoch.trainingLoss());
    return Double.isNaN(epoch.validationAccuracy())
        ? text
        : text
            + String.format(
                Locale.ROOT, ", validation accuracy %.2f %%", 100 * epoch.validationAccuracy());
  }
}
