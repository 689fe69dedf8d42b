package org.mien.cli;

import com.beust.jcommander.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code mien data}: data sets before any training. */
@Parameters(commandDescription = "Data sets before any training")
final class DataCommand extends CommandGroup {
  private final Map<String, Command> commands = new LinkedHashMap<>();

  DataCommand() {
    commands.put("stats", new DataStatsCommand());
    commands.put("check", new DataCheckCommand());
    commands.put("preview", new DataPreviewCommand());
    commands.put("prepare", new DataPrepareCommand());
    commands.put("pack", new DataPackCommand());
    commands.put("megaface", new DataMegafaceCommand());
    commands.put("matrices", new DataMatricesCommand());
  }

  @Override
  Map<String, Command> commands() {
    return commands;
  }
}
