package org.mien.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.Parameters;
import java.util.Map;

/** The help texts. */
final class Help {
  private Help() {}

  static String overview(Map<String, Command> commands) {
    StringBuilder text =
        new StringBuilder(
            """
            Mien trains and evaluates face-embedding models.

            Usage: mien COMMAND [options]

            Commands:
            """);
    commands.forEach(
        (name, command) -> {
          if (command instanceof CommandGroup group) {
            group.commands().forEach((word, inner) -> text.append(line(name + " " + word, inner)));
          } else {
            text.append(line(name, command));
          }
        });
    return text.append(
            """

            mien COMMAND --help explains a command, mien --version shows the version.
            Exit codes: 0 done, 1 an expectation of the recipe was not met, 2 configuration or usage,
            3 data, 4 training diverged, 70 a bug, 130 interrupted (training writes a checkpoint first).
            Environment: MIEN_DATA names the folder of data sets and models, MIEN_JAVA_OPTS adds
            options for Java, MIEN_DEBUG=1 shows everything that is logged.""")
        .toString();
  }

  static String ofGroup(CommandGroup group, String name) {
    StringBuilder text = new StringBuilder();
    text.append("Usage: mien ").append(name).append(" COMMAND [options]\n\nCommands:\n");
    group.commands().forEach((word, command) -> text.append(line(name + " " + word, command)));
    return text.append("\nmien ")
        .append(name)
        .append(" COMMAND --help explains a command.")
        .toString();
  }

  private static String line(String name, Command command) {
    return String.format(
        "  %-14s %s%n",
        name, command.getClass().getAnnotation(Parameters.class).commandDescription());
  }

  static String of(JCommander command, String name) {
    StringBuilder text = new StringBuilder();
    command.setProgramName("mien " + name);
    command.getUsageFormatter().usage(text);
    return text.toString().stripTrailing();
  }
}
