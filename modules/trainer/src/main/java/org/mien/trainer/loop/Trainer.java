package org.mien.trainer.loop;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.mien.core.error.ConfigException;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TrainingLog;

/**
 * The training loop: mini-batches in an order that depends only on seed, epoch and the way of
 * sampling, steps by an engine, and after each epoch a look at the validation rows and a
 * checkpoint.
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
    if (config.earlyStopping().isPresent() && validation.isEmpty()) {
      throw new ConfigException(
          "training.earlyStopping: there are no validation images to judge by; see"
              + " data.split.validationEvery");
    }
  }

  /**
   * Trains the engine's graph in place until the configured number of epochs is reached, or until
   * nothing gets better any more where the recipe says so.
   *
   * @param start where to go on from; the graph must hold the weights and optimiser of that moment
   * @return the state at the end
   * @throws StoppedException if the stop signal came; a checkpoint was written
   * @throws TrainingDivergedException if a loss is not finite
   */
  public TrainingState train(TrainingEngine engine, TrainingState start) {
    TrainingState state = start;
    int[] labels = new int[training.size()];
    Arrays.setAll(labels, training::label);
    // Every epoch has as many rows as the first.
    long total = (long) config.epochs() * config.sampling().order(labels, 1, seeds).length;
    try (Progress bar = progress.start("train", "samples", total)) {
      while (!ended(state)) {
        state = epoch(engine, labels, state, bar);
        EpochRecord done = state.epochs().get(state.epochs().size() - 1);
        bar.message(summary(done));
        log.epoch(done);
        checkpoints.save(engine.graph(), state);
      }
    }
    return state;
  }

  private boolean ended(TrainingState state) {
    return state.epochs().size() >= config.epochs()
        || config.earlyStopping().filter(early -> early.endsAfter(state)).isPresent();
  }

  private TrainingState epoch(
      TrainingEngine engine, int[] labels, TrainingState state, Progress bar) {
    long started = System.nanoTime();
    int epoch = state.epochs().size() + 1;
    int[] order = config.sampling().order(labels, epoch, seeds);
    int rowsAStep = Math.multiplyExact(config.batchSize(), config.accumulateSteps());
    int stepsAnEpoch = (order.length + rowsAStep - 1) / rowsAStep;
    long steps = (long) config.epochs() * stepsAnEpoch;
    double lossSum = state.lossSum();
    double rate = config.optimizer().learningRate();
    for (int step = state.stepInEpoch(); step < stepsAnEpoch; step++) {
      long stepsDone = (long) (epoch - 1) * stepsAnEpoch + step;
      rate = config.optimizer().learningRate() * config.schedule().factor(stepsDone, steps);
      int from = step * rowsAStep;
      int count = Math.min(rowsAStep, order.length - from);
      double loss = engine.step(parts(epoch, order, from, count), count, rate);
      if (!Double.isFinite(loss)) {
        throw new TrainingDivergedException(
            epoch,
            stepsDone + 1,
            loss,
            "Lower training.optimizer.learningRate ("
                + rate
                + " at this step) or set training.gradientClipping.");
      }
      lossSum += loss * count;
      bar.advanceTo((long) (epoch - 1) * order.length + from + count);
      if (stop.requested()) {
        checkpoints.save(engine.graph(), new TrainingState(state.epochs(), step + 1, lossSum));
        throw new StoppedException(epoch, step + 1);
      }
    }
    double[] validated =
        validation
            .map(
                rows ->
                    engine.classifies()
                        ? validate(engine, rows)
                        : MetricValidation.of(training, rows).run(engine.graph()))
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

  /** The batches of one step, each read when it is asked for. */
  private Iterator<MiniBatch> parts(int epoch, int[] order, int from, int count) {
    return new Iterator<>() {
      private int done;

      @Override
      public boolean hasNext() {
        return done < count;
      }

      @Override
      public MiniBatch next() {
        if (done >= count) {
          throw new NoSuchElementException("all " + count + " rows were read");
        }
        int size = Math.min(config.batchSize(), count - done);
        MiniBatch batch = batch(training, epoch, order, from + done, size);
        done += size;
        return batch;
      }
    };
  }

  static MiniBatch batch(TrainingRows source, int epoch, int[] rows, int from, int count) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> source.label(rows[from + i]));
    int[][] taskLabels = new int[source.tasks()][count];
    for (int task = 0; task < taskLabels.length; task++) {
      for (int i = 0; i < count; i++) {
        taskLabels[task][i] = source.taskLabel(task, rows[from + i]);
      }
    }
    return new MiniBatch(source.read(epoch, rows, from, count), labels, taskLabels);
  }

  /** Returns mean cross-entropy and accuracy on the validation rows. */
  private static double[] validate(TrainingEngine engine, TrainingRows rows) {
    int[] order = new int[rows.size()];
    Arrays.setAll(order, i -> i);
    double loss = 0;
    int right = 0;
    for (int from = 0; from < order.length; from += VALIDATION_BATCH) {
      int count = Math.min(VALIDATION_BATCH, order.length - from);
      TrainingEngine.Evaluation part = engine.evaluate(batch(rows, 0, order, from, count));
      loss += part.lossSum();
      right += part.right();
    }
    return new double[] {loss / order.length, (double) right / order.length};
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
