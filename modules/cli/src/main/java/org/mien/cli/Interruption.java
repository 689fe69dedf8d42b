package org.mien.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C: asks the training to stop after its step and to write a checkpoint, and holds the process
 * until that is done. Java itself then exits with 130.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 120;
  private static final AtomicBoolean REQUESTED = new AtomicBoolean();
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  private Interruption() {}

  /** From now on a signal to stop is waited for. */
  static void install(Console console) {
    Thread hook =
        new Thread(
            () -> {
              if (FINISHED.getCount() == 0) {
                return;
              }
              REQUESTED.set(true);
              console.say("\nmien: stopping after this step; a checkpoint is written ...");
              try {
                if (!FINISHED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                  console.say("mien: the step did not end; stopped without a new checkpoint");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Returns whether a signal came. */
  static boolean underWay() {
    return REQUESTED.get();
  }

  /** The work has ended: the process may go. */
  static void finished() {
    FINISHED.countDown();
  }
}
