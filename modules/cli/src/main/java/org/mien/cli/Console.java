package org.mien.cli;

import java.io.PrintStream;
import org.mien.core.json.Json;
import org.mien.core.progress.Progress;

/**
 * Where a command speaks: results on {@code out}, everything else on {@code err}.
 *
 * @param out results, and nothing but results
 * @param err progress and messages
 * @param terminal whether a person watches; bin/mien finds out, for Java can no longer tell
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {

  /** The console of this process. */
  static Console ofProcess() {
    return new Console(System.out, System.err, Boolean.getBoolean("mien.terminal"));
  }

  void result(String line) {
    out.println(line);
  }

  void resultJson(Object value) {
    out.println(Json.toString(value));
  }

  void say(String line) {
    err.println(line);
  }

  Progress.Factory progress() {
    return terminal ? new BarProgress(err)::start : new LineProgress(err)::start;
  }
}
