package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mien.core.run.RunDirectory;
import org.mien.eval.report.ComparePage;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportCurves;
import org.mien.eval.report.ReportData;

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
    List<ReportData> all = new ArrayList<>();
    for (Path folder : runs) {
      RunDirectory run = RunDirectory.open(folder);
      ReportData data = ReportData.read(run.root().resolve(ReportData.FILE_NAME));
      HtmlReport.write(data, run.report());
      ReportCurves.write(data, run.curves());
      console.result("report: " + run.report());
      all.add(data);
    }
    if (all.size() > 1) {
      Path page =
          out != null
              ? out
              : runs.get(0).toAbsolutePath().normalize().resolveSibling(ComparePage.FILE_NAME);
      ComparePage.write(all, page);
      console.result("comparison: " + page);
    }
    return 0;
  }
}
