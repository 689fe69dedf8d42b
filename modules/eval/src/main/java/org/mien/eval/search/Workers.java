package org.mien.eval.search;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.mien.core.error.DataException;

/** Threads that share one piece of work and end together. */
final class Workers {
  private volatile boolean stopped;

  private Workers() {}

  /**
   * Runs the work on each thread, and returns or throws only when all have ended, for they work on
   * memory that is freed afterwards. The first failure stops the others.
   *
   * @param work is told how to ask whether to stop
   */
  static void run(int threads, Consumer<BooleanSupplier> work) {
    new Workers().runAll(threads, work);
  }

  private void runAll(int threads, Consumer<BooleanSupplier> work) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, Workers::daemon);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(() -> runOne(work)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("the search was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      stopped = true;
      end(pool);
    }
  }

  private void runOne(Consumer<BooleanSupplier> work) {
    try {
      work.accept(() -> stopped);
    } catch (RuntimeException | Error e) {
      stopped = true;
      throw e;
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "search");
    thread.setDaemon(true);
    return thread;
  }

  private static void end(ExecutorService pool) {
    pool.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = pool.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
