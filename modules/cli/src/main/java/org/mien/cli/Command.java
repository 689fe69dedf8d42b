package org.mien.cli;

/** One command, its options already parsed. */
interface Command {

  /**
   * Does the work.
   *
   * @return the process's exit code
   */
  int run(Console console);
}
