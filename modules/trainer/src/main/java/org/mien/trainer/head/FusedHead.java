package org.mien.trainer.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.mien.model.margin.TargetMargin;
import org.mien.trainer.kernel.FloatKernels;
import org.mien.trainer.kernel.NativeFloats;
import org.mien.trainer.loop.NotFiniteException;
import org.mien.trainer.loop.TrainingEngine.Evaluation;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;

/**
 * Steps of a linear head on parameters in place. With x the scaled features, E the scaled
 * embeddings, Z the logits and G the loss's derivative by Z, all rows first:
 *
 * <pre>
 *   H = x W1' + b1    E = length H / |H|    Z = E W2' + b2    G = weight (softmax(Z) - target) / batch
 *   dE = G W2    dH = length (dE - e (e dE)) / |H|    dW2 = G' E    dW1 = dH' x    e = H / |H|
 * </pre>
 *
 * <p>Each line is cut into tiles whose borders depend on the shapes alone; threads take tiles as
 * they come, every number is written by one tile, and sums over tiles are added in order. So the
 * result has the same bits for any timing and any number of threads on one machine. The optimiser
 * runs on each tile of the gradient while it is in the processor's cache.
 *
 * <p>With a margin (see {@link HeadShape}) {@code Z = E W2' / |W2|} by columns, and the gradient of
 * a row w of W2 loses its part along w.
 */
final class FusedHead implements AutoCloseable {
  /** Lengths below it count as it, as in Deeplearning4j's L2NormalizeVertex. */
  private static final double SMALLEST_LENGTH = 1e-8;

  private static final int RUN = 1024;

  /** Floats of a gradient's tile: with the parameters' and the optimiser's, what a cache holds. */
  private static final int TILE = 1 << 17;

  /** Outputs of a tile of a product: fewer, and OpenBLAS arranges the other side too often. */
  private static final int TILE_COLUMNS = 256;

  /** A probability below it counts as it in an evaluation. */
  private static final double HIGHEST_LOSS = -Math.log(Float.MIN_VALUE);

  /**
   * Where the parameters lie.
   *
   * @param parameters all of them
   * @param state the optimiser's arrays, each as long as the parameters; null for none
   * @param weights1 offset of {@code (dimension, features)}, rows one after the other
   * @param bias1 offset of {@code (dimension)}
   * @param weights2 offset of {@code (identities, dimension)}
   * @param bias2 offset of {@code (identities)}; not used with a margin
   */
  record Memory(
      NativeFloats parameters,
      NativeFloats state,
      long weights1,
      long bias1,
      long weights2,
      long bias2) {}

  /**
   * What a step does with the gradient.
   *
   * @param update the optimiser's step
   * @param decay what each weight, but no bias, loses of itself: learning rate times weight decay
   * @param clipping largest length of the whole gradient; 0 for any
   */
  record Change(UpdateRule.Step update, float decay, double clipping) {}

  /**
   * The loss.
   *
   * @param labelSmoothing in [0, 1)
   * @param identityWeights one an identity, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Loss(double labelSmoothing, double[] identityWeights) {}

  /** A piece of a matrix of weights. */
  private record Tile(boolean classifier, int row, int rows, int column, int columns) {}

  private interface GradientSink {
    void take(Tile tile, Lane lane);
  }

  /** A thread's own memory. */
  private static final class Lane {
    private final NativeFloats tile;
    private final float[] fold = new float[FloatKernels.FOLD];
    private final float[] row;
    private final float[] other;
    private final float[] weights;
    private final float[][] states;

    Lane(HeadShape shape, int tile) {
      this.tile = NativeFloats.allocate(tile);
      int longest = Math.max(Math.max(shape.features(), shape.dimension()), shape.identities());
      row = new float[Math.max(longest, RUN)];
      other = new float[row.length];
      int run = Math.max(RUN, shape.dimension());
      weights = new float[run];
      states = new float[2][run];
    }
  }

  private final HeadShape shape;
  private final Memory memory;
  private final Loss loss;
  private final int stateArrays;
  private final int classifierTileRows;
  private final WorkerTeam<Lane> team;
  private final float[] bias1;

  /** The lowest offset at which this step met a parameter that is no longer finite. */
  private final AtomicLong notFinite = new AtomicLong(Long.MAX_VALUE);

  private float[] bias2;
  private float[] inverseNorms;

  /** The identities of this step, ascending; null for all. */
  private int[] selected;

  private NativeFloats selectedWeights;
  private NativeFloats gradient;
  private List<Tile> tiles = List.of();
  private int capacity;
  private NativeFloats features;
  private NativeFloats embeddings;
  private NativeFloats embeddingGradients;
  private NativeFloats logits;
  private double[] lengths;
  private double[] losses;
  private boolean[] hits;

  /**
   * As long as there is a head: to ask OpenBLAS in every step took a tenth of a small one's time.
   */
  private final MatrixProduct.OneThreadEach oneThreadEach;

  FusedHead(HeadShape shape, Memory memory, Loss loss, int stateArrays, int threads) {
    this.shape = shape;
    this.memory = memory;
    this.loss = loss;
    this.stateArrays = stateArrays;
    this.classifierTileRows = Math.max(16, Math.min(256, TILE / shape.dimension()));
    int tile = Math.max(TILE, classifierTileRows * shape.dimension());
    this.team = new WorkerTeam<>(threads, index -> new Lane(shape, tile));
    this.bias1 = new float[shape.dimension()];
    oneThreadEach = MatrixProduct.OneThreadEach.begin();
  }

  @Override
  public void close() {
    team.close();
    oneThreadEach.close();
  }

  /**
   * One step.
   *
   * @param rows in all parts together
   * @param identities those that are trained, ascending, with every label among them; null for all
   * @return mean loss before the step
   */
  double step(Iterator<MiniBatch> parts, int rows, int[] identities, Change change) {
    select(identities);
    MiniBatch first = parts.next();
    double sum = backward(first, rows);
    requireFinite(sum, first);
    if (!parts.hasNext() && change.clipping() == 0) {
      eachTile((tile, lane) -> updateNow(tile, lane, first.labels().length, change));
      requireFiniteParameters(sum / rows, true);
      return sum / rows;
    }
    long needed = gradientOffset(new Tile(true, width(), 0, 0, shape.dimension()));
    if (gradient == null || gradient.length() < needed) {
      gradient = NativeFloats.allocate(needed);
    }
    eachTile((tile, lane) -> store(tile, lane, first.labels().length, false));
    boolean several = false;
    while (parts.hasNext()) {
      MiniBatch part = parts.next();
      double partSum = backward(part, rows);
      requireFinite(partSum, part);
      sum += partSum;
      several = true;
      eachTile((tile, lane) -> store(tile, lane, part.labels().length, true));
    }
    float scale = clippingFactor(change.clipping());
    eachTile((tile, lane) -> updateFromStore(tile, lane, scale, change));
    requireFiniteParameters(sum / rows, !several);
    return sum / rows;
  }

  /** Nothing is updated yet: the weights are those that gave the loss. */
  private void requireFinite(double lossSum, MiniBatch batch) {
    if (!Double.isFinite(lossSum)) {
      throw new NotFiniteException(
          "the loss is " + lossSum + ": " + whereNotFinite(batch.labels().length, batch.rows()),
          true);
    }
  }

  private String whereNotFinite(int count, float[] rows) {
    for (float value : rows) {
      if (!Float.isFinite(value)) {
        return "the input holds " + value + ", the first in the order of the network";
      }
    }
    long dimension = shape.dimension();
    NativeFloats parameters = memory.parameters();
    record Part(String name, NativeFloats numbers, long from, long length) {}
    List<Part> parts =
        new ArrayList<>(
            List.of(
                new Part(
                    "layer embedding: its W holds",
                    parameters,
                    memory.weights1(),
                    dimension * shape.features()),
                new Part("layer embedding: its b holds", parameters, memory.bias1(), dimension),
                new Part(
                    "the activations of layer embedding hold", embeddings, 0, count * dimension),
                new Part(
                    "layer classifier: its W holds",
                    parameters,
                    memory.weights2(),
                    dimension * shape.identities())));
    if (shape.margin().isEmpty()) {
      parts.add(
          new Part(
              "layer classifier: its b holds", parameters, memory.bias2(), shape.identities()));
    }
    for (Part part : parts) {
      Optional<Float> found = firstNotFinite(part.numbers(), part.from(), part.length());
      if (found.isPresent()) {
        return part.name() + " " + found.get() + ", the first in the order of the network";
      }
    }
    return "every weight and embedding is finite, and only the classifier's outputs are not";
  }

  private static Optional<Float> firstNotFinite(NativeFloats numbers, long from, long length) {
    float[] run = new float[RUN];
    for (long at = 0; at < length; at += RUN) {
      int n = (int) Math.min(RUN, length - at);
      numbers.read(from + at, run, 0, n);
      for (int i = 0; i < n; i++) {
        if (!Float.isFinite(run[i])) {
          return Optional.of(run[i]);
        }
      }
    }
    return Optional.empty();
  }

  private void requireFiniteParameters(double loss, boolean ofLastPart) {
    long at = notFinite.getAndSet(Long.MAX_VALUE);
    if (at == Long.MAX_VALUE) {
      return;
    }
    boolean ofGradient = (at & 1) == 0;
    long offset = at >> 1;
    long dimension = shape.dimension();
    String name;
    if (offset >= memory.weights1() && offset < memory.weights1() + dimension * shape.features()) {
      name = "embedding: %s its W";
    } else if (offset >= memory.bias1() && offset < memory.bias1() + dimension) {
      name = "embedding: %s its b";
    } else if (offset >= memory.weights2()
        && offset < memory.weights2() + dimension * shape.identities()) {
      name = "classifier: %s its W";
    } else {
      name = "classifier: %s its b";
    }
    throw new NotFiniteException(
        String.format(
            Locale.ROOT,
            "the loss is %s and the step is not finite: layer "
                + name
                + ", the first in the order of the network",
            loss,
            ofGradient ? "the gradient of" : "the new value of"),
        ofLastPart);
  }

  /** Whether a run of parameters is finite; a sum of squares may overflow, so it is no proof. */
  private void notice(long at, int n, Lane lane) {
    if (Double.isFinite(FloatKernels.dot(lane.weights, lane.weights, n, lane.fold))) {
      return;
    }
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(lane.weights[i])) {
        long code = 2 * (at + i) + (Float.isFinite(lane.row[i]) ? 1 : 0);
        notFinite.accumulateAndGet(code, Math::min);
        return;
      }
    }
  }

  /** Looks at rows with all identities. */
  Evaluation evaluate(MiniBatch batch) {
    select(null);
    int most = Math.max(1, (1 << 26) / shape.identities());
    double sum = 0;
    int right = 0;
    for (int from = 0; from < batch.labels().length; from += most) {
      int to = Math.min(batch.labels().length, from + most);
      int[] labels = Arrays.copyOfRange(batch.labels(), from, to);
      forward(batch, from, labels.length);
      team.run(labels.length, (row, lane) -> look(row, labels[row], lane));
      for (int i = 0; i < labels.length; i++) {
        sum += losses[i];
        right += hits[i] ? 1 : 0;
      }
    }
    return new Evaluation(sum, right);
  }

  private void look(int row, int label, Lane lane) {
    int n = width();
    float[] z = lane.row;
    logits.read((long) row * n, z, 0, n);
    if (shape.margin().isPresent()) {
      FloatKernels.multiply(z, inverseNorms, n);
    }
    float max = FloatKernels.max(z, n, lane.fold);
    float target = z[label];
    int best = 0;
    while (z[best] != max && best < n - 1) {
      best++;
    }
    hits[row] = best == label;
    FloatKernels.exponentials(z, n, max, lane.other);
    double total = FloatKernels.sum(z, n, lane.fold);
    losses[row] = Math.min(HIGHEST_LOSS, Math.log(total) - ((double) target - max));
  }

  /** Number of logits of a row in this step. */
  private int width() {
    return selected == null ? shape.identities() : selected.length;
  }

  private void select(int[] identities) {
    int before = bias2 == null ? -1 : width();
    selected = identities;
    int width = width();
    int dimension = shape.dimension();
    if (before != width) {
      bias2 = new float[width];
      inverseNorms = new float[width];
      tiles = tiles(width);
      capacity = 0;
    }
    memory.parameters().read(memory.bias1(), bias1, 0, dimension);
    if (identities != null
        && (selectedWeights == null || selectedWeights.length() < (long) width * dimension)) {
      selectedWeights = NativeFloats.allocate((long) width * dimension);
    }
    if (shape.margin().isEmpty() && identities == null) {
      memory.parameters().read(memory.bias2(), bias2, 0, width);
    } else if (shape.margin().isEmpty()) {
      for (int i = 0; i < width; i++) {
        memory.parameters().read(memory.bias2() + identities[i], bias2, i, 1);
      }
    }
    if (identities != null || shape.margin().isPresent()) {
      int block = Math.max(1, TILE / dimension);
      team.run(
          (width + block - 1) / block,
          (index, lane) -> {
            for (int i = index * block; i < Math.min(width, (index + 1) * block); i++) {
              memory.parameters().read(weights2(i), lane.row, 0, dimension);
              if (identities != null) {
                selectedWeights.write((long) i * dimension, lane.row, 0, dimension);
              }
              if (shape.margin().isPresent()) {
                inverseNorms[i] = (float) (1 / length(lane.row, dimension, lane));
              }
            }
          });
    }
  }

  /** Offset of the weights of the i-th identity of this step. */
  private long weights2(int i) {
    return memory.weights2() + (long) (selected == null ? i : selected[i]) * shape.dimension();
  }

  private static double length(float[] values, int n, Lane lane) {
    return Math.max(SMALLEST_LENGTH, Math.sqrt(FloatKernels.dot(values, values, n, lane.fold)));
  }

  private List<Tile> tiles(int width) {
    List<Tile> all = new ArrayList<>();
    for (int row = 0; row < width; row += classifierTileRows) {
      int rows = Math.min(classifierTileRows, width - row);
      all.add(new Tile(true, row, rows, 0, shape.dimension()));
    }
    for (int row = 0; row < shape.dimension(); row += 128) {
      int rows = Math.min(128, shape.dimension() - row);
      for (int column = 0; column < shape.features(); column += 512) {
        all.add(new Tile(false, row, rows, column, Math.min(512, shape.features() - column)));
      }
    }
    return all;
  }

  private void eachTile(GradientSink sink) {
    team.run(tiles.size(), (index, lane) -> sink.take(tiles.get(index), lane));
  }

  private void reserve(int rows) {
    if (rows <= capacity) {
      return;
    }
    capacity = rows;
    features = NativeFloats.allocate((long) rows * shape.features());
    embeddings = NativeFloats.allocate((long) rows * shape.dimension());
    embeddingGradients = NativeFloats.allocate((long) rows * shape.dimension());
    logits = NativeFloats.allocate((long) rows * width());
    lengths = new double[rows];
    losses = new double[rows];
    hits = new boolean[rows];
  }

  /** Fills features, embeddings and logits, the latter without a margin's scaling. */
  private void forward(MiniBatch batch, int from, int count) {
    reserve(count);
    int n = shape.features();
    team.run(
        (count + 15) / 16,
        (index, lane) -> {
          for (int i = index * 16; i < Math.min(count, (index + 1) * 16); i++) {
            int start = batch.starts()[from + i];
            if (shape.normalizeInput()) {
              System.arraycopy(batch.source(), start, lane.row, 0, n);
              double factor = Math.sqrt(n) / length(lane.row, n, lane);
              FloatKernels.scale(lane.row, n, (float) factor);
              features.write((long) i * n, lane.row, 0, n);
            } else {
              features.write((long) i * n, batch.source(), start, n);
            }
          }
        });
    int dimension = shape.dimension();
    linear(
        features, n, memory.parameters(), memory.weights1(), bias1, embeddings, count, dimension);
    if (shape.embeddingLength() > 0) {
      team.run(
          (count + 15) / 16,
          (index, lane) -> {
            for (int i = index * 16; i < Math.min(count, (index + 1) * 16); i++) {
              embeddings.read((long) i * dimension, lane.row, 0, dimension);
              lengths[i] = length(lane.row, dimension, lane);
              FloatKernels.scale(
                  lane.row, dimension, (float) (shape.embeddingLength() / lengths[i]));
              embeddings.write((long) i * dimension, lane.row, 0, dimension);
            }
          });
    }
    NativeFloats weights = selected == null ? memory.parameters() : selectedWeights;
    long at = selected == null ? memory.weights2() : 0;
    linear(embeddings, dimension, weights, at, bias2, logits, count, width());
  }

  /** {@code out = in weights' + bias} in tiles. */
  private void linear(
      NativeFloats in,
      int inner,
      NativeFloats weights,
      long at,
      float[] bias,
      NativeFloats out,
      int count,
      int width) {
    // Few outputs are cut by rows, so that there is a tile for each thread.
    int tileRows = width <= 256 ? 32 : 256;
    int tileColumns = width <= 256 ? width : width <= 2048 ? 128 : 512;
    int across = (width + tileColumns - 1) / tileColumns;
    int down = (count + tileRows - 1) / tileRows;
    team.run(
        across * down,
        (index, lane) -> {
          int row = index / across * tileRows;
          int rows = Math.min(tileRows, count - row);
          int column = index % across * tileColumns;
          int columns = Math.min(tileColumns, width - column);
          for (int i = row; i < row + rows; i++) {
            out.write((long) i * width + column, bias, column, columns);
          }
          MatrixProduct.timesTransposed(
              rows,
              columns,
              inner,
              in.at((long) row * inner),
              inner,
              weights.at(at + (long) column * inner),
              inner,
              1,
              out.at((long) row * width + column),
              width);
        });
  }

  /**
   * Leaves features, embeddings, and the derivatives by logits and embeddings of the rows' loss
   * divided by a number.
   *
   * @return the summed loss
   */
  private double backward(MiniBatch batch, int divisor) {
    int[] labels = batch.labels();
    int count = labels.length;
    forward(batch, 0, count);
    int block = Math.max(1, Math.min(16, (1 << 14) / width()));
    team.run(
        (count + block - 1) / block,
        (index, lane) -> {
          for (int i = index * block; i < Math.min(count, (index + 1) * block); i++) {
            softmax(i, labels[i], divisor, lane);
          }
        });
    embeddingGradients(count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += losses[i];
    }
    return sum;
  }

  /** Turns a row's logits into the derivative of its loss. */
  private void softmax(int row, int identity, int divisor, Lane lane) {
    int n = width();
    int label = selected == null ? identity : Arrays.binarySearch(selected, identity);
    float[] z = lane.row;
    logits.read((long) row * n, z, 0, n);
    double marginDerivative = 1;
    if (shape.margin().isPresent()) {
      FloatKernels.multiply(z, inverseNorms, n);
      TargetMargin margin = shape.margin().get();
      double cosine = Math.max(-1, Math.min(1, z[label] / shape.embeddingLength()));
      z[label] = (float) (shape.embeddingLength() * margin.value(cosine));
      marginDerivative = margin.derivative(cosine);
    }
    float max = FloatKernels.max(z, n, lane.fold);
    double smoothing = loss.labelSmoothing();
    double target = (1 - smoothing) * ((double) z[label] - max);
    if (smoothing > 0) {
      target += smoothing * (FloatKernels.sum(z, n, lane.fold) / n - max);
    }
    FloatKernels.exponentials(z, n, max, lane.other);
    double total = FloatKernels.sum(z, n, lane.fold);
    double weight = loss.identityWeights() == null ? 1 : loss.identityWeights()[identity];
    losses[row] = weight * (Math.log(total) - target);
    double scale = weight / divisor;
    FloatKernels.scaleAndAdd(z, n, (float) (scale / total), (float) (-smoothing * scale / n));
    z[label] -= (float) ((1 - smoothing) * scale);
    if (shape.margin().isPresent()) {
      z[label] *= (float) marginDerivative;
      FloatKernels.multiply(z, inverseNorms, n);
    }
    logits.write((long) row * n, z, 0, n);
  }

  private void embeddingGradients(int count) {
    int dimension = shape.dimension();
    int n = width();
    NativeFloats weights = selected == null ? memory.parameters() : selectedWeights;
    long at = selected == null ? memory.weights2() : 0;
    int tileRows = count <= 64 ? count : 256;
    int across = (dimension + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int down = (count + tileRows - 1) / tileRows;
    team.run(
        across * down,
        (index, lane) -> {
          int row = index / across * tileRows;
          int column = index % across * TILE_COLUMNS;
          MatrixProduct.times(
              Math.min(tileRows, count - row),
              Math.min(TILE_COLUMNS, dimension - column),
              n,
              logits.at((long) row * n),
              n,
              weights.at(at + column),
              dimension,
              embeddingGradients.at((long) row * dimension + column),
              dimension);
        });
    float length = shape.embeddingLength();
    if (length > 0) {
      team.run(
          (count + 15) / 16,
          (index, lane) -> {
            for (int i = index * 16; i < Math.min(count, (index + 1) * 16); i++) {
              long offset = (long) i * dimension;
              embeddingGradients.read(offset, lane.row, 0, dimension);
              embeddings.read(offset, lane.other, 0, dimension);
              double along =
                  FloatKernels.dot(lane.row, lane.other, dimension, lane.fold)
                      / ((double) length * length);
              float factor = (float) (length / lengths[i]);
              FloatKernels.project(lane.row, lane.other, dimension, (float) along, factor);
              embeddingGradients.write(offset, lane.row, 0, dimension);
            }
          });
    }
  }

  /** Leaves a tile of the weights' gradient in the thread's memory, rows one after the other. */
  private void multiply(Tile tile, Lane lane, int count) {
    NativeFloats left = tile.classifier() ? logits : embeddingGradients;
    int leftWidth = tile.classifier() ? width() : shape.dimension();
    NativeFloats right = tile.classifier() ? embeddings : features;
    int rightWidth = tile.classifier() ? shape.dimension() : shape.features();
    MatrixProduct.transposedTimes(
        tile.rows(),
        tile.columns(),
        count,
        left.at(tile.row()),
        leftWidth,
        right.at(tile.column()),
        rightWidth,
        lane.tile.at(0),
        tile.columns());
    if (tile.classifier() && shape.margin().isPresent()) {
      int n = tile.columns();
      for (int i = 0; i < tile.rows(); i++) {
        lane.tile.read((long) i * n, lane.row, 0, n);
        memory.parameters().read(weights2(tile.row() + i), lane.other, 0, n);
        float inverse = inverseNorms[tile.row() + i];
        double along = FloatKernels.dot(lane.row, lane.other, n, lane.fold) * inverse * inverse;
        FloatKernels.project(lane.row, lane.other, n, (float) along, 1);
        lane.tile.write((long) i * n, lane.row, 0, n);
      }
    }
  }

  private boolean hasBias(Tile tile) {
    return tile.column() == 0 && !(tile.classifier() && shape.margin().isPresent());
  }

  /** Leaves the gradient of the biases of a tile's rows in {@code lane.row}. */
  private void biasGradient(Tile tile, Lane lane, int count) {
    NativeFloats left = tile.classifier() ? logits : embeddingGradients;
    int width = tile.classifier() ? width() : shape.dimension();
    Arrays.fill(lane.row, 0, tile.rows(), 0);
    for (int i = 0; i < count; i++) {
      left.read((long) i * width + tile.row(), lane.other, 0, tile.rows());
      FloatKernels.add(lane.row, lane.other, tile.rows());
    }
  }

  private void updateNow(Tile tile, Lane lane, int count, Change change) {
    multiply(tile, lane, count);
    updateWeights(tile, lane.tile, 0, 1, lane, change);
    if (hasBias(tile)) {
      biasGradient(tile, lane, count);
      updateBiases(tile, lane, change);
    }
  }

  /** Updates a tile's weights from a gradient whose rows lie one after the other. */
  private void updateWeights(
      Tile tile, NativeFloats from, long offset, float scale, Lane lane, Change change) {
    boolean onePiece = tile.classifier() && selected == null;
    int rows = onePiece ? 1 : tile.rows();
    int columns = onePiece ? tile.rows() * tile.columns() : tile.columns();
    for (int row = 0; row < rows; row++) {
      long at =
          tile.classifier()
              ? weights2(tile.row() + row)
              : memory.weights1() + (long) (tile.row() + row) * shape.features() + tile.column();
      for (int column = 0; column < columns; column += RUN) {
        int n = Math.min(RUN, columns - column);
        from.read(offset + (long) row * columns + column, lane.row, 0, n);
        if (scale != 1) {
          FloatKernels.scale(lane.row, n, scale);
        }
        updateRun(at + column, n, change.decay(), lane, change);
      }
    }
  }

  /** Updates the biases of a tile's rows from {@code lane.row}. */
  private void updateBiases(Tile tile, Lane lane, Change change) {
    if (!tile.classifier()) {
      updateRun(memory.bias1() + tile.row(), tile.rows(), 0, lane, change);
    } else if (selected == null) {
      updateRun(memory.bias2() + tile.row(), tile.rows(), 0, lane, change);
    } else {
      System.arraycopy(lane.row, 0, lane.other, 0, tile.rows());
      for (int i = 0; i < tile.rows(); i++) {
        lane.row[0] = lane.other[i];
        updateRun(memory.bias2() + selected[tile.row() + i], 1, 0, lane, change);
      }
    }
  }

  /** The optimiser on parameters from an offset, with the gradient in {@code lane.row}. */
  private void updateRun(long at, int n, float decay, Lane lane, Change change) {
    NativeFloats parameters = memory.parameters();
    parameters.read(at, lane.weights, 0, n);
    for (int i = 0; i < stateArrays; i++) {
      memory.state().read(i * parameters.length() + at, lane.states[i], 0, n);
    }
    if (decay != 0) {
      FloatKernels.scale(lane.weights, n, 1 - decay);
    }
    change.update().apply(lane.row, lane.weights, lane.states, n);
    notice(at, n, lane);
    parameters.write(at, lane.weights, 0, n);
    for (int i = 0; i < stateArrays; i++) {
      memory.state().write(i * parameters.length() + at, lane.states[i], 0, n);
    }
  }

  /** Where a tile's gradient is stored: rows one after the other, then its biases. */
  private long gradientOffset(Tile tile) {
    long dimension = shape.dimension();
    if (!tile.classifier()) {
      // The rows of tiles before it in whole, then its neighbours to the left.
      return tile.row() * (shape.features() + 1L)
          + (long) tile.rows() * tile.column()
          + (tile.column() == 0 ? 0 : tile.rows());
    }
    return dimension * (shape.features() + 1L) + tile.row() * (dimension + 1);
  }

  private void store(Tile tile, Lane lane, int count, boolean add) {
    multiply(tile, lane, count);
    int n = tile.rows() * tile.columns();
    long at = gradientOffset(tile);
    for (int i = 0; i < n; i += RUN) {
      int run = Math.min(RUN, n - i);
      lane.tile.read(i, lane.row, 0, run);
      put(at + i, run, add, lane);
    }
    if (hasBias(tile)) {
      biasGradient(tile, lane, count);
      put(at + n, tile.rows(), add, lane);
    }
  }

  private void put(long at, int n, boolean add, Lane lane) {
    if (add) {
      gradient.read(at, lane.other, 0, n);
      FloatKernels.add(lane.row, lane.other, n);
    }
    gradient.write(at, lane.row, 0, n);
  }

  /** What makes the stored gradient no longer than a length; 1 where it is not. */
  private float clippingFactor(double longest) {
    if (longest == 0) {
      return 1;
    }
    double[] squares = new double[tiles.size()];
    team.run(
        squares.length,
        (index, lane) -> {
          Tile tile = tiles.get(index);
          int n = tile.rows() * tile.columns() + (hasBias(tile) ? tile.rows() : 0);
          for (int i = 0; i < n; i += RUN) {
            int run = Math.min(RUN, n - i);
            gradient.read(gradientOffset(tile) + i, lane.row, 0, run);
            squares[index] += FloatKernels.dot(lane.row, lane.row, run, lane.fold);
          }
        });
    double length = Math.sqrt(Arrays.stream(squares).sum());
    return length > longest ? (float) (longest / length) : 1;
  }

  private void updateFromStore(Tile tile, Lane lane, float scale, Change change) {
    long at = gradientOffset(tile);
    updateWeights(tile, gradient, at, scale, lane, change);
    if (hasBias(tile)) {
      gradient.read(at + (long) tile.rows() * tile.columns(), lane.row, 0, tile.rows());
      FloatKernels.scale(lane.row, tile.rows(), scale);
      updateBiases(tile, lane, change);
    }
  }
}
