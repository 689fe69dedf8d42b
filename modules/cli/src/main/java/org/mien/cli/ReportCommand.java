package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.eval.comparison.ComparisonOptions;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.ComparePage;
import org.mien.eval.report.ComparisonSection;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportCurves;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.RunComparisons;

/** {@code mien report}: report.html anew from the files of a run; of several, side by side too. */
@Parameters(
    commandDescription = "report.html of runs, rebuilt from their files; several side by side")
final class ReportCommand extends HelpOption {
  @Parameter(description = "RUN...")
  private List<Path> runs = new ArrayList<>();

  @Parameter(
      names = "--out",
      description =
          "Where several runs are put side by side; by default compare.html beside the first")
  private Path out;

  @Parameter(names = "--seed", description = "Seed of the bootstrap that compares runs")
  private long seed = 1;

  @Parameter(
      names = "--pdf",
      description = "Print each page as PDF beside it, with Chromium or Chrome (MIEN_CHROMIUM)")
  private boolean pdf;

  @Override
  public int run(Console console) {
    if (runs.isEmpty()) {
      throw new ParameterException("expected the folder of at least one run");
    }
    if (runs.size() > ComparePage.MOST_RUNS) {
      throw new ParameterException(
          "expected at most " + ComparePage.MOST_RUNS + " runs, were " + runs.size());
    }
    if (out != null && runs.size() < 2) {
      throw new ParameterException("--out: names the comparison of at least two runs");
    }
    Optional<PdfPrinter> printer =
        pdf ? Optional.of(PdfPrinter.find(System.getenv())) : Optional.empty();
    List<ReportData> all = new ArrayList<>();
    for (Path folder : runs) {
      ReportData data = ReportData.read(dataOf(folder));
      HtmlReport.write(data, folder.resolve(HtmlReport.FILE_NAME));
      ReportCurves.write(data, folder.resolve("curves"));
      console.result("report: " + folder.resolve(HtmlReport.FILE_NAME));
      printer.ifPresent(
          found -> console.result("PDF: " + found.print(folder.resolve(HtmlReport.FILE_NAME))));
      all.add(data);
    }
    if (all.size() > 1) {
      RunComparisons comparisons =
          RunComparisons.of(
              all,
              runs.stream().map(folder -> folder.resolve("scores")).toList(),
              ComparisonOptions.defaults(),
              seed);
      for (int i = 0; i < all.size(); i++) {
        console.result((char) ('A' + i) + ": " + runs.get(i) + ", " + all.get(i).title());
      }
      comparisons.paired().forEach(section -> figures(section).forEach(console::result));
      comparisons.notPaired().forEach(console::result);
      Path page =
          out != null
              ? out
              : runs.get(0).toAbsolutePath().normalize().resolveSibling(ComparePage.FILE_NAME);
      ComparePage.write(all, comparisons, page);
      console.result("comparison: " + page);
      printer.ifPresent(found -> console.result("PDF: " + found.print(page)));
    }
    return 0;
  }

  /** A run of mien train, or the folder that mien evaluate or mien megaface wrote. */
  private static Path dataOf(Path folder) {
    Path data = folder.resolve(ReportData.FILE_NAME);
    if (!Files.isRegularFile(data)) {
      throw DataException.in(
          folder,
          "holds no "
              + ReportData.FILE_NAME
              + "; expected a finished run of mien train, or the --out of mien evaluate or mien"
              + " megaface");
    }
    return data;
  }

  private static List<String> figures(ComparisonSection section) {
    List<String> lines = new ArrayList<>();
    lines.add(section.source() + ", " + section.second() + " minus " + section.first() + ":");
    for (ComparisonSection.Figure figure : section.figures()) {
      Metric difference = figure.difference();
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-14s %+.4f  %s  p %.3g  %s",
              figure.name(),
              difference.value(),
              difference.low() == null
                  ? "no interval"
                  : String.format(
                      Locale.ROOT, "[%+.4f, %+.4f]", difference.low(), difference.high()),
              figure.pValue(),
              figure.shown() ? "a difference has been shown" : "may be chance"));
    }
    if (section.pairing() != null) {
      lines.add("  " + section.pairing());
    }
    return lines;
  }
}
