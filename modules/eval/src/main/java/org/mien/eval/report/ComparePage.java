package org.mien.eval.report;

import java.nio.file.Path;
import java.util.List;
import org.mien.core.run.AtomicFiles;

/** Turns the data of several runs into one self-contained HTML page, side by side. */
public final class ComparePage {
  /** The usual name of the file. */
  public static final String FILE_NAME = "compare.html";

  /** As many as curves can be told apart. */
  public static final int MOST_RUNS = 6;

  private ComparePage() {}

  /**
   * Returns the page; the same runs give the same page.
   *
   * @param runs two to {@value #MOST_RUNS}, in the order of the columns
   * @param comparisons of runs on the same pairs
   */
  public static String render(List<ReportData> runs, RunComparisons comparisons) {
    if (runs.size() < 2 || runs.size() > MOST_RUNS) {
      throw new IllegalArgumentException(
          "expected 2 to " + MOST_RUNS + " runs, were " + runs.size());
    }
    return HtmlReport.renderTemplate(
        "compare.jte", new CompareView(runs, comparisons, HtmlReport.style()));
  }

  /**
   * Writes the page to a temporary name beside {@code file}, then moves it there.
   *
   * @throws org.mien.core.error.DataException where it cannot be written; an older file is then
   *     unharmed
   */
  public static void write(List<ReportData> runs, RunComparisons comparisons, Path file) {
    AtomicFiles.writeString(file, render(runs, comparisons));
  }
}
