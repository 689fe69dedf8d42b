package org.mien.trainer.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies of a network that work on shares of a batch at the same time, each on a thread, and where
 * there are several GPUs on a device, of its own: synchronous data parallelism. The gradients are
 * added in the order of the shares, so the sum has the same bits whichever is ready first.
 *
 * <p>Copies on the first one's device use its weights where they lie; the others fetch them before
 * each batch. A copy costs a gradient and the activations of its share, on another device the
 * weights too.
 *
 * <p>Batch normalisation takes mean and variance of its own share, as it does in PyTorch's {@code
 * DistributedDataParallel}.
 */
final class GraphReplicas implements AutoCloseable {
  /** What a copy does with its share: leaves the summed gradient in it, returns the summed loss. */
  interface Work {
    double gradient(ComputationGraph graph, MiniBatch share);
  }

  /** Where copies run. */
  interface Devices {
    /** Returns how many there are, at least 1. */
    int count();

    /** Binds the calling thread to one, numbered from 0. */
    void use(int device);

    /** Returns the same numbers on another device. */
    INDArray copy(INDArray array, int device);
  }

  /** Those of ND4J: GPUs, or the processors as one device. */
  static final class Nd4jDevices implements Devices {
    private final List<Integer> gpus;

    /**
     * @param gpus those that ND4J has code for, in CUDA's numbers; not looked at on a processor
     */
    Nd4jDevices(List<Integer> gpus) {
      this.gpus = List.copyOf(gpus);
    }

    @Override
    public int count() {
      return Nd4j.getEnvironment().isCPU() ? 1 : Math.max(1, gpus.size());
    }

    private int gpu(int device) {
      return gpus.isEmpty() ? 0 : gpus.get(device);
    }

    @Override
    public void use(int device) {
      Nd4j.getAffinityManager().unsafeSetDevice(gpu(device));
    }

    @Override
    public INDArray copy(INDArray array, int device) {
      return Nd4j.getAffinityManager().replicateToDevice(gpu(device), array);
    }
  }

  /** A copy and the thread that it belongs to. */
  private record Replica(ExecutorService thread, int device, ComputationGraph graph) {}

  private final ComputationGraph first;
  private final Devices devices;
  private final List<Replica> others = new ArrayList<>();

  /**
   * @param first the network that is trained; it takes the first share, on the caller's thread and
   *     device, the first
   * @param replicas how many networks share a batch, this one among them
   */
  GraphReplicas(ComputationGraph first, int replicas, Devices devices) {
    this.first = first;
    this.devices = devices;
    if (replicas > 1 && devices.count() > 1) {
      devices.use(0);
    }
    try {
      for (int i = 1; i < replicas; i++) {
        others.add(replica("mien-replica-" + i, i % devices.count()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Replica replica(String name, int device) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    try {
      return new Replica(
          thread,
          device,
          result(CompletableFuture.supplyAsync(() -> copyOf(first, device), thread)));
    } catch (RuntimeException | Error e) {
      thread.shutdown();
      throw e;
    }
  }

  private ComputationGraph copyOf(ComputationGraph graph, int device) {
    ComputationGraph copy = new ComputationGraph(graph.getConfiguration().clone());
    if (devices.count() > 1) {
      devices.use(device);
    }
    copy.init(device == 0 ? graph.params() : devices.copy(graph.params(), device), false);
    FasterLayers.install(copy);
    return copy;
  }

  int count() {
    return 1 + others.size();
  }

  /**
   * Leaves in the first network the gradient of a batch, summed over its rows.
   *
   * @param step number of the step, which decides what is dropped out; each share has its own
   * @return the summed loss, and how many shares there were: each has two rows at least, where the
   *     batch has
   * @throws NotFiniteException if a share's loss is not finite: that of the first such share
   */
  Sum gradient(MiniBatch batch, int step, Work work) {
    List<MiniBatch> shares = shares(batch);
    if (shares.size() == 1) {
      return new Sum(gradient(first, batch, step, 0, work), 1);
    }
    List<CompletableFuture<Double>> running = new ArrayList<>();
    for (int i = 1; i < shares.size(); i++) {
      Replica replica = others.get(i - 1);
      MiniBatch share = shares.get(i);
      int place = i;
      running.add(
          CompletableFuture.supplyAsync(
              () -> {
                if (replica.device() != 0) {
                  replica.graph().params().assign(devices.copy(first.params(), replica.device()));
                }
                double loss = gradient(replica.graph(), share, step, place, work);
                // A GPU may still be at it; another thread reads the gradient next.
                Nd4j.getExecutioner().commit();
                return loss;
              },
              replica.thread()));
    }
    CompletableFuture<Double> own = new CompletableFuture<>();
    try {
      own.complete(gradient(first, shares.get(0), step, 0, work));
    } catch (RuntimeException | Error e) {
      own.completeExceptionally(e);
    }
    running.add(0, own);
    // All of them, before one may fail: nothing runs on when this returns.
    running.forEach(future -> future.handle((loss, failure) -> loss).join());
    double loss = 0;
    for (int i = 0; i < running.size(); i++) {
      loss += result(running.get(i));
      if (i > 0) {
        Replica replica = others.get(i - 1);
        INDArray gradient = replica.graph().getFlattenedGradients();
        first
            .getFlattenedGradients()
            .addi(replica.device() == 0 ? gradient : devices.copy(gradient, 0));
      }
    }
    return new Sum(loss, shares.size());
  }

  private double gradient(ComputationGraph graph, MiniBatch share, int step, int place, Work work) {
    int before = graph.getIterationCount();
    // What layers draw, they draw from this number: equal ones would drop the same out.
    graph.getConfiguration().setIterationCount(Math.multiplyExact(step, count()) + place);
    try {
      return work.gradient(graph, share);
    } finally {
      graph.getConfiguration().setIterationCount(before);
    }
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      } else if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  private List<MiniBatch> shares(MiniBatch batch) {
    int rows = batch.labels().length;
    int shares = Math.max(1, Math.min(count(), rows / 2));
    return IntStream.range(0, shares)
        .mapToObj(
            i -> {
              int from = (int) ((long) rows * i / shares);
              int to = (int) ((long) rows * (i + 1) / shares);
              return new MiniBatch(
                  batch.source(),
                  Arrays.copyOfRange(batch.starts(), from, to),
                  batch.width(),
                  Arrays.copyOfRange(batch.labels(), from, to),
                  Arrays.stream(batch.taskLabels())
                      .map(labels -> Arrays.copyOfRange(labels, from, to))
                      .toArray(int[][]::new));
            })
        .toList();
  }

  /**
   * What shares add up to.
   *
   * @param loss summed over the rows
   * @param shares how many there were
   */
  record Sum(double loss, int shares) {}

  @Override
  public void close() {
    others.forEach(replica -> replica.thread().shutdown());
    others.clear();
  }
}
