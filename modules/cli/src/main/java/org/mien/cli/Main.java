package org.mien.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.MissingCommandException;
import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mien.core.error.MienException;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.trainer.loop.StoppedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point: parses the command line, runs one command, and turns errors into exit codes. */
public final class Main {
  static final int USAGE = 2;
  static final int BUG = 70;
  static final int INTERRUPTED = 130;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Options before the command. */
  private static final class GlobalOptions {
    @Parameter(
        names = {"--help", "-h"},
        help = true,
        description = "Show this help; COMMAND --help shows a command's own")
    private boolean help;

    @Parameter(names = "--version", help = true, description = "Show the version")
    private boolean version;
  }

  public static void main(String[] arguments) {
    int code = run(arguments, Console.ofProcess());
    System.out.flush();
    // Libraries may leave threads behind that would keep the process alive.
    System.exit(code);
  }

  /** Runs one command line and returns its exit code; everything is said on the console. */
  static int run(String[] arguments, Console console) {
    GlobalOptions global = new GlobalOptions();
    Map<String, Command> commands = commands();
    JCommander parser = JCommander.newBuilder().programName("mien").addObject(global).build();
    parser.setColumnSize(100);
    commands.forEach(parser::addCommand);
    try {
      parser.parse(arguments);
    } catch (MissingCommandException e) {
      return usage(
          console, "unknown command '" + e.getUnknownCommand() + "'; mien --help lists them");
    } catch (ParameterException e) {
      String name = parser.getParsedCommand();
      return usage(
          console,
          e.getMessage() + "; mien " + (name == null ? "" : name + " ") + "--help explains");
    }
    if (global.version) {
      console.result("mien " + ProvenanceCollector.mienVersion());
      return 0;
    }
    String name = parser.getParsedCommand();
    if (global.help || name == null) {
      console.result(Help.overview(commands));
      return global.help ? 0 : USAGE;
    }
    Command command = commands.get(name);
    if (((HelpOption) command).help) {
      console.result(Help.of(parser.getCommands().get(name), name));
      return 0;
    }
    return guarded(command, console);
  }

  private static int guarded(Command command, Console console) {
    try {
      return command.run(console);
    } catch (ParameterException e) {
      return usage(console, e.getMessage());
    } catch (StoppedException e) {
      return INTERRUPTED;
    } catch (MienException e) {
      LOG.debug("the error in full", e);
      console.say("mien: " + e.getMessage());
      return e.exitCode();
    } catch (OutOfMemoryError e) {
      LOG.error("out of memory", e);
      console.say(
          "mien: out of memory ("
              + e.getMessage()
              + "); MIEN_JAVA_OPTS=-Xmx8g gives the heap more");
      return BUG;
    } catch (RuntimeException | Error e) {
      LOG.error("a bug", e);
      console.say(
          "mien: this is a bug: "
              + e
              + (Logging.file() == null
                  ? "; MIEN_DEBUG=1 shows where"
                  : "; where it happened is in " + Logging.file()));
      return BUG;
    }
  }

  private static int usage(Console console, String problem) {
    console.say("mien: " + problem);
    return USAGE;
  }

  private static Map<String, Command> commands() {
    Map<String, Command> commands = new LinkedHashMap<>();
    commands.put("train", new TrainCommand());
    commands.put("evaluate", new EvaluateCommand());
    commands.put("export", new ExportCommand());
    commands.put("report", new ReportCommand());
    commands.put("models", new ModelsCommand());
    commands.put("doctor", new DoctorCommand());
    return commands;
  }
}
