package org.mien.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.mien.core.progress.Progress;

/** Progress for a log file: a line when work has gone on for a while, and one at the end. */
final class LineProgress {
  private static final long FIRST_AFTER_NANOS = 5_000_000_000L;
  private static final long THEN_EVERY_NANOS = 15_000_000_000L;

  private final PrintStream err;

  LineProgress(PrintStream err) {
    this.err = err;
  }

  Progress start(String task, String unit, long total) {
    long started = System.nanoTime();
    return new Progress() {
      private long done;
      private long nextLine = started + FIRST_AFTER_NANOS;
      private String message = "";

      @Override
      public void advanceTo(long newDone) {
        done = newDone;
        long now = System.nanoTime();
        if (now >= nextLine && done < total) {
          double rate = done / ((now - started) / 1e9);
          String pace =
              rate > 0
                  ? String.format(Locale.ROOT, ", %.0f/s, %.0f s left", rate, (total - done) / rate)
                  : "";
          err.printf(Locale.ROOT, "%s: %d of %d %s%s%s%n", task, done, total, unit, pace, message);
          nextLine = now + THEN_EVERY_NANOS;
        }
      }

      @Override
      public void message(String text) {
        message = ", " + text;
      }

      @Override
      public void close() {
        double seconds = (System.nanoTime() - started) / 1e9;
        err.printf(
            Locale.ROOT,
            "%s: %d %s in %.1f s (%.0f/s)%s%n",
            task,
            done,
            unit,
            seconds,
            done / Math.max(seconds, 1e-9),
            message);
      }
    };
  }
}
