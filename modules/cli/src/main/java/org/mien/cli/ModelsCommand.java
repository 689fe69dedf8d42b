package org.mien.cli;

import com.beust.jcommander.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code mien models}: what is known of models. */
@Parameters(commandDescription = "What is known of models")
final class ModelsCommand extends CommandGroup {
  private final Map<String, Command> commands = new LinkedHashMap<>();

  ModelsCommand() {
    commands.put("list", new ModelsListCommand());
    commands.put("info", new ModelsInfoCommand());
  }

  @Override
  Map<String, Command> commands() {
    return commands;
  }
}
