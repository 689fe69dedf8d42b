package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.model.catalogue.Catalogue;
import org.mien.model.catalogue.PretrainedNetwork;

/** {@code mien models list}: the field's pretrained networks. */
@Parameters(commandDescription = "Pretrained networks: origin, terms, input, figures, recipe")
final class ModelsListCommand extends HelpOption {
  private static final int WIDTH = 100;

  @Parameter(description = "[NAME] (all that is known of one network)")
  private List<String> names = new ArrayList<>();

  @Parameter(names = "--file", description = "The network's file on this machine, for its recipe")
  private Path file;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (names.size() > 1) {
      throw new ParameterException("expected one NAME at most, was " + names);
    }
    Catalogue catalogue = Catalogue.shipped();
    if (names.isEmpty()) {
      if (file != null) {
        throw new ParameterException("--file: expected a NAME with it");
      }
      if (json) {
        console.resultJson(catalogue);
      } else {
        table(catalogue).forEach(console::result);
      }
      return 0;
    }
    PretrainedNetwork network =
        catalogue
            .named(names.get(0))
            .orElseThrow(
                () ->
                    new ConfigException(
                        "no network is called "
                            + names.get(0)
                            + "; expected one of "
                            + String.join(
                                ", ",
                                catalogue.networks().stream()
                                    .map(PretrainedNetwork::name)
                                    .toList())));
    if (json) {
      console.resultJson(network);
    } else {
      facts(network).forEach(console::result);
    }
    return 0;
  }

  private static List<String> table(Catalogue catalogue) {
    List<String> lines = new ArrayList<>();
    lines.add(row("name", "network", "dim", "terms"));
    for (PretrainedNetwork network : catalogue.networks()) {
      lines.add(
          row(
              network.name(),
              network.network(),
              Integer.toString(network.dimension()),
              network.terms()));
    }
    lines.add("");
    lines.addAll(
        wrapped(
            "",
            "mien models list NAME shows origin, input, published figures, what is verified of them"
                + " and how to name a local file in a recipe. Nothing is downloaded."));
    return lines;
  }

  private static String row(String name, String network, String dimension, String terms) {
    String line =
        String.format(Locale.ROOT, "%-26s %-35s %5s  %s", name, network, dimension, terms);
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
  }

  private List<String> facts(PretrainedNetwork network) {
    List<String> lines = new ArrayList<>();
    fact(lines, "name", network.name());
    fact(lines, "network", network.network());
    fact(lines, "trained on", network.trainedOn());
    fact(lines, "origin", network.origin());
    fact(lines, "file", network.file());
    fact(lines, "terms", network.terms());
    fact(lines, "input", network.input());
    fact(lines, "dimension", Integer.toString(network.dimension()));
    fact(lines, "published", network.published());
    fact(lines, "verified", network.verified());
    fact(lines, "unverified", network.unverified());
    // Not wrapped: it is to be copied.
    String recipe = file == null ? network.recipe() : network.recipeFor(file.toString());
    lines.add(String.format(Locale.ROOT, "%-12s model.backbone: %s", "recipe", recipe));
    return lines;
  }

  private static void fact(List<String> lines, String name, String value) {
    lines.addAll(wrapped(String.format(Locale.ROOT, "%-12s ", name), value));
  }

  /** Breaks at spaces; further lines begin below the first word. */
  private static List<String> wrapped(String heading, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(heading);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(heading.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
    return lines;
  }
}
