package org.mien.trainer.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.mien.core.error.ConfigException;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TaskScore;
import org.mien.trainer.observe.TrainingLog;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The training loop: mini-batches in an order that depends only on seed, epoch and the way of
 * sampling, steps by an engine, and after each epoch a look at the validation rows and a
 * checkpoint.
 */
public final class Trainer {
  static final int VALIDATION_BATCH = 256;
  private static final int IMAGES_NAMED = 5;

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
    requireChoice();
  }

  private void requireChoice() {
    EpochChoice choice = config.choice();
    if (!choice.equals(EpochChoice.ACCURACY) && validation.isEmpty()) {
      throw new ConfigException(
          "training.chooseBy: there are no validation images to choose by; see"
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
   * @throws TrainingDivergedException if a loss, a gradient or a weight is not finite, or the loss
   *     exploded; no checkpoint is written of that
   */
  public TrainingState train(TrainingEngine engine, TrainingState start) {
    return train(engine, start, Optional.empty());
  }

  /**
   * As the other, going on with an average of weights.
   *
   * @param saved the average of that moment; empty at the start, or where nothing is averaged
   */
  public TrainingState train(TrainingEngine engine, TrainingState start, Optional<INDArray> saved) {
    Optional<WeightAverage> average = WeightAverage.of(config.averaging(), engine.graph(), saved);
    TrainingState state = start;
    int[] labels = new int[training.size()];
    Arrays.setAll(labels, training::label);
    // Every epoch has as many rows as the first.
    long total = (long) config.epochs() * config.sampling().order(labels, 1, seeds).length;
    try (Progress bar = progress.start("train", "samples", total)) {
      while (!ended(state)) {
        state = epoch(engine, average, labels, state, bar);
        EpochRecord done = state.epochs().get(state.epochs().size() - 1);
        bar.message(summary(done));
        log.epoch(done);
        checkpoints.save(engine.graph(), average.map(WeightAverage::values), state);
      }
    }
    return state;
  }

  private boolean ended(TrainingState state) {
    return state.epochs().size() >= config.epochs()
        || config
            .earlyStopping()
            .filter(early -> early.endsAfter(state, config.choice()))
            .isPresent();
  }

  private TrainingState epoch(
      TrainingEngine engine,
      Optional<WeightAverage> average,
      int[] labels,
      TrainingState state,
      Progress bar) {
    long started = System.nanoTime();
    int epoch = state.epochs().size() + 1;
    int[] order = config.sampling().order(labels, epoch, seeds);
    int rowsAStep = Math.multiplyExact(config.batchSize(), config.accumulateSteps());
    int stepsAnEpoch = (order.length + rowsAStep - 1) / rowsAStep;
    long steps = (long) config.epochs() * stepsAnEpoch;
    double lossSum = state.lossSum();
    double firstLoss = state.firstLoss();
    double rate = config.optimizer().learningRate();
    for (int step = state.stepInEpoch(); step < stepsAnEpoch; step++) {
      long stepsDone = (long) (epoch - 1) * stepsAnEpoch + step;
      rate = config.optimizer().learningRate() * config.schedule().factor(stepsDone, steps);
      int from = step * rowsAStep;
      int count = Math.min(rowsAStep, order.length - from);
      Step here = new Step(epoch, stepsDone + 1, rate, order, from, count);
      Parts parts = new Parts(epoch, order, from, count);
      double loss = step(engine, parts, here, state);
      firstLoss = Double.isNaN(firstLoss) ? loss : firstLoss;
      requireNoExplosion(engine, loss, firstLoss, here, state);
      average.ifPresent(weights -> weights.add(stepsDone));
      lossSum += loss * count;
      bar.advanceTo((long) (epoch - 1) * order.length + from + count);
      if (stop.requested()) {
        requireSound(engine, here, state);
        checkpoints.save(
            engine.graph(),
            average.map(WeightAverage::values),
            new TrainingState(state.epochs(), step + 1, lossSum, firstLoss));
        throw new StoppedException(epoch, step + 1);
      }
    }
    Step last =
        new Step(
            epoch,
            (long) epoch * stepsAnEpoch,
            rate,
            order,
            Math.max(0, order.length - rowsAStep),
            Math.min(rowsAStep, order.length));
    requireSound(engine, last, state);
    Validated validated =
        average.isPresent() ? average.get().applied(() -> validate(engine)) : validate(engine);
    if (validation.isPresent() && !Double.isFinite(validated.loss())) {
      throw diverged(
          "the loss of the validation images is " + validated.loss(), last, false, 0, state);
    }
    return state.with(
        new EpochRecord(
            epoch,
            (long) epoch * stepsAnEpoch,
            rate,
            lossSum / order.length,
            validated.loss(),
            validated.accuracy(),
            (System.nanoTime() - started) / 1e9,
            validated.tasks()),
        firstLoss);
  }

  /** Where the training is: for messages. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(int epoch, long number, double rate, int[] order, int from, int count) {}

  private double step(TrainingEngine engine, Parts parts, Step step, TrainingState state) {
    try {
      double loss = engine.step(parts, step.count(), step.rate());
      if (!Double.isFinite(loss)) {
        throw new NotFiniteException("the loss is " + loss, false);
      }
      return loss;
    } catch (NotFiniteException e) {
      int read = Math.max(1, parts.done);
      int lastPart = (read - 1) / config.batchSize() * config.batchSize();
      throw diverged(e.getMessage(), step, e.ofLastPart(), lastPart, state);
    }
  }

  private void requireNoExplosion(
      TrainingEngine engine, double loss, double firstLoss, Step step, TrainingState state) {
    double most = config.lossExplosion() * Math.max(1, firstLoss);
    if (config.lossExplosion() > 0 && loss > most) {
      throw diverged(
          String.format(
              Locale.ROOT,
              "the loss exploded to %.4g, that of the first step was %.4g (training.lossExplosion:"
                  + " %s); every number is still finite, the largest weight: %s",
              loss,
              firstLoss,
              config.lossExplosion(),
              engine.largest()),
          step,
          false,
          0,
          state);
    }
  }

  /** Before a checkpoint: it is never written over with what cannot go on. */
  private void requireSound(TrainingEngine engine, Step step, TrainingState state) {
    Optional<String> damage = engine.damage();
    if (damage.isPresent()) {
      throw diverged("after the step " + damage.get(), step, false, 0, state);
    }
  }

  /**
   * @param ofLastPart whether one batch of the step is to blame: the one from {@code lastPart} on
   */
  private TrainingDivergedException diverged(
      String problem, Step step, boolean ofLastPart, int lastPart, TrainingState state) {
    int from = ofLastPart ? step.from() + lastPart : step.from();
    int to = step.from() + step.count();
    if (ofLastPart) {
      to = Math.min(to, from + config.batchSize());
    }
    List<String> names = new ArrayList<>();
    for (int i = from; i < to && names.size() < IMAGES_NAMED; i++) {
      names.add(training.name(step.order()[i]));
    }
    int others = to - from - names.size();
    List<String> spoilt = notFiniteRows(step, from, to);
    String where =
        String.format(
            Locale.ROOT,
            "%s. The learning rate was %.4g; the batch was %s%s%s",
            problem,
            step.rate(),
            String.join(", ", names),
            others > 0 ? " and " + others + " more" : "",
            spoilt.isEmpty()
                ? ""
                : ", of which these are not finite themselves: " + String.join(", ", spoilt));
    String checkpoint =
        state.epochs().isEmpty() && state.stepInEpoch() == 0
            ? "there is no checkpoint yet, so begin a new run"
            : "the last checkpoint, of before, is sound, so a resumed run may go on from there with"
                + " other values of these";
    return new TrainingDivergedException(
        step.epoch(),
        step.number(),
        where,
        "What helps: a lower training.optimizer.learningRate, a training.schedule with warmUp, or"
            + " training.gradientClipping (5, say); "
            + checkpoint);
  }

  private List<String> notFiniteRows(Step step, int from, int to) {
    List<String> spoilt = new ArrayList<>();
    for (int i = from; i < to && spoilt.size() < IMAGES_NAMED; i++) {
      for (float value : training.read(step.epoch(), step.order(), i, 1)) {
        if (!Float.isFinite(value)) {
          spoilt.add(training.name(step.order()[i]) + " (" + value + ")");
          break;
        }
      }
    }
    return spoilt;
  }

  /** The batches of one step, each read when it is asked for. */
  private final class Parts implements Iterator<MiniBatch> {
    private final int epoch;
    private final int[] order;
    private final int from;
    private final int count;
    private int done;

    Parts(int epoch, int[] order, int from, int count) {
      this.epoch = epoch;
      this.order = order;
      this.from = from;
      this.count = count;
    }

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
    Optional<float[]> inPlace = source.inPlace();
    if (inPlace.isEmpty()) {
      return new MiniBatch(source.read(epoch, rows, from, count), labels, taskLabels);
    }
    int width = inPlace.get().length / source.size();
    int[] starts = new int[count];
    Arrays.setAll(starts, i -> rows[from + i] * width);
    return new MiniBatch(inPlace.get(), starts, width, labels, taskLabels);
  }

  /** Figures of the validation rows, NaN without any. */
  private record Validated(double loss, double accuracy, List<TaskScore> tasks) {}

  private Validated validate(TrainingEngine engine) {
    if (validation.isEmpty()) {
      return new Validated(Double.NaN, Double.NaN, List.of());
    }
    TrainingRows rows = validation.get();
    if (engine.classifies()) {
      return evaluate(engine, rows);
    }
    double[] figures = MetricValidation.of(training, rows).run(engine.graph());
    List<TaskScore> tasks = rows.tasks() == 0 ? List.of() : evaluate(engine, rows).tasks();
    return new Validated(figures[0], figures[1], tasks);
  }

  private static Validated evaluate(TrainingEngine engine, TrainingRows rows) {
    int[] order = new int[rows.size()];
    Arrays.setAll(order, i -> i);
    double loss = 0;
    int right = 0;
    List<TaskTally> tallies = new ArrayList<>();
    for (int from = 0; from < order.length; from += VALIDATION_BATCH) {
      int count = Math.min(VALIDATION_BATCH, order.length - from);
      TrainingEngine.Evaluation part = engine.evaluate(batch(rows, 0, order, from, count));
      loss += part.lossSum();
      right += part.right();
      for (int task = 0; task < part.tasks().size(); task++) {
        TaskTally tally = part.tasks().get(task);
        if (from == 0) {
          tallies.add(tally);
        } else {
          tallies.set(task, tallies.get(task).plus(tally));
        }
      }
    }
    return new Validated(
        loss / order.length,
        (double) right / order.length,
        tallies.stream().map(TaskTally::score).toList());
  }

  private static String summary(EpochRecord epoch) {
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "loss %.4f", epoch.trainingLoss()));
    if (!Double.isNaN(epoch.validationAccuracy())) {
      text.append(
          String.format(
              Locale.ROOT, ", validation accuracy %.2f %%", 100 * epoch.validationAccuracy()));
    }
    for (TaskScore task : epoch.tasks()) {
      if (!Double.isNaN(task.value())) {
        text.append(
            task.measure() == TaskScore.Measure.MAE
                ? String.format(Locale.ROOT, ", %s +-%.2f", task.name(), task.value())
                : String.format(Locale.ROOT, ", %s %.2f %%", task.name(), 100 * task.value()));
      }
    }
    return text.toString();
  }
}
