package org.mien.cli;

import com.beust.jcommander.Parameter;

/** The option that every command has. */
abstract class HelpOption implements Command {
  @Parameter(
      names = {"--help", "-h"},
      help = true,
      description = "Show this help")
  boolean help;
}
