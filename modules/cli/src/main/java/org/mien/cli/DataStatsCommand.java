package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.mien.core.error.ConfigException;
import org.mien.core.json.Json;
import org.mien.data.integrity.DatasetStatistics;
import org.mien.data.integrity.StatisticsOptions;
import org.mien.data.protocol.Protocol;
import org.mien.eval.report.DatasetPage;

/** {@code mien data stats}: what is in a data set. */
@Parameters(commandDescription = "Counts, images per identity, sizes, attributes, protocol")
final class DataStatsCommand extends HelpOption {
  private static final String BAR = "########################################";

  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @Parameter(
      names = "--images",
      description = "Most images whose files are opened for size and format, evenly spaced")
  private int images = StatisticsOptions.defaults().mostImages();

  @Parameter(names = "--out", description = "Folder for statistics.json and statistics.html")
  private Path out;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    DatasetArgument.Named named = source.single();
    if (images < 1) {
      throw new ConfigException("--images: expected at least 1, was " + images);
    }
    // A signal ends the process when the interruption is closed, so printing lies inside.
    try (Interruption interruption = Interruption.watch(console, "what was counted is printed")) {
      return run(named, console, interruption);
    }
  }

  private int run(DatasetArgument.Named named, Console console, Interruption interruption) {
    Map<String, Object> results = new LinkedHashMap<>();
    boolean complete = true;
    if (named.dataset().source().isPresent()) {
      DatasetStatistics statistics =
          DatasetStatistics.of(
              named.open(),
              new StatisticsOptions(images, StatisticsOptions.defaults().mostValues()),
              console.progress(),
              interruption::requested);
      results.put("statistics", statistics);
      complete = statistics.complete();
      if (!json) {
        print(statistics, console);
      }
      if (out != null) {
        DatasetPage.write(statistics, out.resolve(DatasetPage.FILE_NAME));
      }
    }
    if (complete && named.dataset().protocol().isPresent()) {
      Protocol protocol = named.dataset().protocol().get().open();
      results.put("protocol", Map.of("name", protocol.name(), "counts", protocol.counts()));
      if (!json) {
        console.result("protocol " + counts(protocol.name(), protocol.counts()));
      }
    }
    if (json) {
      console.resultJson(results);
    }
    if (out != null) {
      Json.write(out.resolve("statistics.json"), results);
      console.say("mien: wrote " + out);
    }
    return complete ? 0 : Main.INTERRUPTED;
  }

  /** Returns {@code name: pairs 6000, genuine 3000, ...}. */
  static String counts(String name, Map<String, Long> counts) {
    StringBuilder text = new StringBuilder(name).append(':');
    counts.forEach(
        (what, number) ->
            text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ")
                .append(what)
                .append(' ')
                .append(number));
    return text.toString();
  }

  private static void print(DatasetStatistics statistics, Console console) {
    fact(console, "data set", statistics.name());
    fact(console, "images", Long.toString(statistics.images()));
    fact(console, "identities", Long.toString(statistics.identities()));
    fact(console, "ordered mate pairs", Long.toString(statistics.matePairs()));
    DatasetStatistics.ImagesPerIdentity spread = statistics.imagesPerIdentity();
    fact(
        console,
        "images per identity",
        String.format(
            Locale.ROOT,
            "%d to %d, median %.1f, mean %.2f",
            spread.minimum(),
            spread.maximum(),
            spread.median(),
            spread.mean()));
    long most = spread.histogram().stream().mapToLong(DatasetStatistics.Bin::count).max().orElse(1);
    for (DatasetStatistics.Bin bin : spread.histogram()) {
      String range =
          bin.low() == bin.high()
              ? String.format(Locale.ROOT, "%.0f", bin.low())
              : String.format(Locale.ROOT, "%.0f to %.0f", bin.low(), bin.high());
      console.result(
          String.format(
              Locale.ROOT,
              "  %12s %8d %s",
              range,
              bin.count(),
              BAR.substring(0, (int) Math.ceil((double) BAR.length() * bin.count() / most))));
    }
    DatasetStatistics.Files files = statistics.files();
    if (files.sampled() < statistics.images()) {
      fact(console, "files looked at", files.sampled() + ", evenly spaced");
    }
    fact(console, "formats", list(files.formats()));
    fact(console, "sizes", list(files.sizes()));
    if (files.unreadable() > 0) {
      fact(console, "unreadable", Long.toString(files.unreadable()));
    }
    for (DatasetStatistics.Attribute attribute : statistics.attributes()) {
      fact(console, attribute.name(), text(attribute));
    }
    statistics
        .skipped()
        .forEach((reason, count) -> fact(console, "left out", count + ": " + reason));
  }

  private static String text(DatasetStatistics.Attribute attribute) {
    if (attribute.numbers() == null) {
      return attribute.differentValues() + " values: " + list(attribute.values());
    }
    DatasetStatistics.Numbers numbers = attribute.numbers();
    return String.format(
        Locale.ROOT,
        "%s to %s, median %s, mean %.2f",
        plain(numbers.minimum()),
        plain(numbers.maximum()),
        plain(numbers.median()),
        numbers.mean());
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String list(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      if (shown++ == 6) {
        return text + ", ...";
      }
      text.append(text.isEmpty() ? "" : ", ")
          .append(entry.getKey())
          .append(" (")
          .append(entry.getValue())
          .append(')');
    }
    return text.toString();
  }

  private static void fact(Console console, String name, String value) {
    console.result(String.format(Locale.ROOT, "%-20s %s", name, value));
  }
}
