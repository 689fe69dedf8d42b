package org.mien.trainer.head;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Threads that share the tasks of one phase after another. Which thread runs which task is chance;
 * so tasks must not depend on it, and results do not where each task writes a place of its own.
 *
 * @param <L> what a thread keeps for itself, such as its scratch memory
 */
final class WorkerTeam<L> implements AutoCloseable {
  /** About 50 microseconds: phases follow each other faster than a thread wakes. */
  private static final int SPINS = 1500;

  /** One task of a phase. */
  interface Task<L> {
    void run(int index, L lane);
  }

  private static final class Phase<L> {
    private final Task<L> task;
    private final int tasks;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Phase(Task<L> task, int tasks) {
      this.task = task;
      this.tasks = tasks;
    }

    void work(L lane) {
      for (int index = next.getAndIncrement(); index < tasks; index = next.getAndIncrement()) {
        try {
          task.run(index, lane);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        if (done.incrementAndGet() == tasks && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }
  }

  private final class Worker extends Thread {
    private final L lane;
    private volatile boolean asleep;

    Worker(int index, L lane) {
      super("mien-head-" + index);
      this.lane = lane;
      setDaemon(true);
    }

    @Override
    public void run() {
      Phase<L> last = null;
      while (!closed) {
        Phase<L> now = await(last);
        if (now != last) {
          now.work(lane);
          last = now;
        }
      }
    }

    private Phase<L> await(Phase<L> last) {
      for (int i = 0; i < SPINS; i++) {
        if (phase != last || closed) {
          return phase;
        }
        Thread.onSpinWait();
      }
      asleep = true;
      while (phase == last && !closed) {
        LockSupport.park(this);
      }
      asleep = false;
      return phase;
    }
  }

  private final L callersLane;
  private final Worker[] workers;
  private volatile Phase<L> phase;
  private volatile boolean closed;

  /**
   * @param threads the calling thread among them, at least 1
   * @param lanes makes what a thread keeps for itself, given its number
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of an inner class of a generic one
  WorkerTeam(int threads, IntFunction<L> lanes) {
    callersLane = lanes.apply(0);
    workers = (Worker[]) new WorkerTeam.Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1, lanes.apply(i + 1));
      workers[i].start();
    }
  }

  /** Runs tasks 0 to {@code tasks - 1} and returns when all are done. */
  void run(int tasks, Task<L> task) {
    Phase<L> now = new Phase<>(task, tasks);
    if (tasks > 1) {
      phase = now;
      for (int i = 0; i < Math.min(workers.length, tasks - 1); i++) {
        if (workers[i].asleep) {
          LockSupport.unpark(workers[i]);
        }
      }
    }
    now.work(callersLane);
    for (int spins = 0; now.done.get() < tasks; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(now, 1_000_000);
      }
    }
    if (now.failure != null) {
      throw new IllegalStateException("a task of the head trainer failed", now.failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }
}
