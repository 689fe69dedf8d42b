package org.mien.cli;

import com.beust.jcommander.ParameterException;
import java.util.Map;

/** A command whose first word chooses one of several, such as {@code mien data check}. */
abstract class CommandGroup extends HelpOption {

  /** Returns the commands of the group by name, in the order of the help. */
  abstract Map<String, Command> commands();

  /** Reached only where the second word is missing. */
  @Override
  public final int run(Console console) {
    throw new ParameterException("expected one of " + String.join(", ", commands().keySet()));
  }
}
