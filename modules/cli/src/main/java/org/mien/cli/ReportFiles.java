package org.mien.cli;

import java.nio.file.Path;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportCurves;
import org.mien.eval.report.ReportData;

/** What an evaluation leaves in a folder. */
final class ReportFiles {
  private ReportFiles() {}

  /** Writes the figures, the page with what it was made of, and each curve as CSV. */
  static void write(ReportData report, MetricsFile metrics, Path folder) {
    metrics.write(folder.resolve("metrics.json"));
    report.write(folder.resolve(ReportData.FILE_NAME));
    HtmlReport.write(report, folder.resolve(HtmlReport.FILE_NAME));
    ReportCurves.write(report, folder.resolve("curves"));
  }
}
