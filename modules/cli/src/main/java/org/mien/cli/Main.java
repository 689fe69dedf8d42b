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
    add(parser, commands);
    try {
      parser.parse(arguments);
    } catch (MissingCommandException e) {
      Chosen chosen = Chosen.of(parser, commands);
      return usage(
          console,
          "unknown command '" + chosen.words() + e.getUnknownCommand() + "'; " + chosen.seeHelp());
    } catch (ParameterException e) {
      return usage(console, e.getMessage() + "; " + Chosen.of(parser, commands).seeHelp());
    }
    if (global.version) {
      console.result("mien " + ProvenanceCollector.mienVersion());
      return 0;
    }
    Chosen chosen = Chosen.of(parser, commands);
    if (global.help || chosen.command() == null) {
      console.result(Help.overview(commands));
      return global.help ? 0 : USAGE;
    }
    if (((HelpOption) chosen.command()).help) {
      console.result(
          chosen.command() instanceof CommandGroup group
              ? Help.ofGroup(group, chosen.name())
              : Help.of(chosen.parser(), chosen.name()));
      return 0;
    }
    return guarded(chosen, console);
  }

  private static void add(JCommander parser, Map<String, Command> commands) {
    parser.setColumnSize(100);
    commands.forEach(
        (name, command) -> {
          parser.addCommand(name, command);
          if (command instanceof CommandGroup group) {
            add(parser.getCommands().get(name), group.commands());
          }
        });
  }

  /**
   * The innermost command that the command line names.
   *
   * @param command null where it names none
   * @param parser of that command
   * @param name all words that lead to it, such as {@code data check}
   */
  private record Chosen(Command command, JCommander parser, String name) {
    static Chosen of(JCommander parser, Map<String, Command> commands) {
      String word = parser.getParsedCommand();
      if (word == null) {
        return new Chosen(null, parser, "");
      }
      Command command = commands.get(word);
      JCommander inner = parser.getCommands().get(word);
      if (command instanceof CommandGroup group && inner.getParsedCommand() != null) {
        Chosen innermost = of(inner, group.commands());
        return new Chosen(innermost.command, innermost.parser, word + " " + innermost.name);
      }
      return new Chosen(command, inner, word);
    }

    String words() {
      return name.isEmpty() ? "" : name + " ";
    }

    String seeHelp() {
      return "mien "
          + words()
          + "--help "
          + (command == null || command instanceof CommandGroup ? "lists them" : "explains");
    }
  }

  private static int guarded(Chosen chosen, Console console) {
    try {
      return chosen.command().run(console);
    } catch (ParameterException e) {
      return usage(console, e.getMessage() + "; " + chosen.seeHelp());
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
    commands.put("search", new SearchCommand());
    commands.put("evaluate", new EvaluateCommand());
    commands.put("megaface", new MegafaceCommand());
    commands.put("embed", new EmbedCommand());
    commands.put("index", new IndexCommand());
    commands.put("calibrate", new CalibrateCommand());
    commands.put("verify", new VerifyCommand());
    commands.put("identify", new IdentifyCommand());
    commands.put("data", new DataCommand());
    commands.put("export", new ExportCommand());
    commands.put("report", new ReportCommand());
    commands.put("models", new ModelsCommand());
    commands.put("doctor", new DoctorCommand());
    return commands;
  }
}
