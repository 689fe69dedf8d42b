package org.mien.eval.report;

import java.nio.file.Path;
import org.mien.core.run.AtomicFiles;
import org.mien.data.integrity.DatasetStatistics;

/**
 * Turns the statistics of a data set into one self-contained HTML page, as {@link HtmlReport} does
 * with a run. It holds counts and plots, no picture and no name of a file or person.
 */
public final class DatasetPage {
  /** The name of the file in the folder given to {@code mien data stats}. */
  public static final String FILE_NAME = "statistics.html";

  private DatasetPage() {}

  /** Returns the page; the same statistics give the same page. */
  public static String render(DatasetStatistics statistics) {
    return HtmlReport.renderTemplate(
        "dataset.jte", new DatasetView(statistics, HtmlReport.style()));
  }

  /**
   * Writes the page to a temporary name beside {@code file}, then moves it there.
   *
   * @throws org.mien.core.error.DataException where it cannot be written; an older file is then
   *     unharmed
   */
  public static void write(DatasetStatistics statistics, Path file) {
    AtomicFiles.writeString(file, render(statistics));
  }
}
