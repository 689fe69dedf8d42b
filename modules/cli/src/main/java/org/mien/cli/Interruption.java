package org.mien.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C while a training runs: asks it to stop after its step and to write a checkpoint, and holds
 * the process until that is done. Java itself then exits with 130 (or 143 after a SIGTERM).
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Console console) {
    hook =
        new Thread(
            () -> {
              requested.set(true);
              console.say("\nmien: stopping after this step; a checkpoint is written ...");
              await(console);
            },
            "stop");
  }

  /** From now on until it is closed, a signal to stop waits for the work. */
  static Interruption watch(Console console) {
    Interruption interruption = new Interruption(console);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Returns whether a signal came. */
  boolean requested() {
    return requested.get();
  }

  private void await(Console console) {
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.say("mien: the step did not end; stopped without a new checkpoint");
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
