package org.mien.cli;

import com.beust.jcommander.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code mien data}: data sets before any training. */
@Parameters(commandDescription = "Data sets before any training")
final class DataCommand extends CommandGroup {
  private final Map<String, Command> commands = new LinkedHashMap<>();

  DataCommand() {
    commands.put("prepare", new DataPrepareCommand());
    commands.put("matrices", new DataMatricesCommand());
  }

  @Override
  Map<String, Command> commands() {
    return commands;
  }
}
