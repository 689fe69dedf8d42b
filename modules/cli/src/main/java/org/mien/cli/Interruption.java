package org.mien.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.mien.trainer.loop.StoppedException;

/**
 * Ctrl-C during long work: asks it to stop at its next good moment and holds the process until that
 * is done. Java itself then exits with 130 (or 143 after a SIGTERM).
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Console console, String what) {
    hook =
        new Thread(
            () -> {
              requested.set(true);
              console.say("\nmien: stopping; " + what + " ...");
              await(console);
            },
            "stop");
  }

  /**
   * From now on until it is closed, a signal to stop waits for the work.
   *
   * @param what happens before the process ends, for the message
   */
  static Interruption watch(Console console, String what) {
    Interruption interruption = new Interruption(console, what);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /**
   * Does work that a signal may stop. How to go on is said before the process is let go: afterwards
   * it may end at any moment.
   *
   * @param what as in {@link #watch}
   * @param command that goes on where the work was stopped
   * @throws StoppedException if the work was stopped
   */
  static <T> T during(
      Console console, String what, String command, Function<Interruption, T> work) {
    try (Interruption interruption = watch(console, what)) {
      try {
        return work.apply(interruption);
      } catch (StoppedException e) {
        console.say("mien: " + e.getMessage() + "; " + command + " goes on");
        throw e;
      }
    }
  }

  /** Returns whether a signal came. */
  boolean requested() {
    return requested.get();
  }

  private void await(Console console) {
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.say("mien: it did not end in time; stopped as after a kill");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work has ended: the process may go. */
  @Override
  public void close() {
    if (requested()) {
      finished.countDown();
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The signal came this very moment: the hook runs, and must not wait.
      finished.countDown();
    }
  }
}
