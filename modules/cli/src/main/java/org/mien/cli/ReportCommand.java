package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mien.core.run.RunDirectory;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportData;

/** {@code mien report}: report.html anew from the files of a run. */
@Parameters(commandDescription = "report.html of runs, rebuilt from their files")
final class ReportCommand extends HelpOption {
  @Parameter(description = "RUN...")
  private List<Path> runs = new ArrayList<>();

  @Override
  public int run(Console console) {
    if (runs.isEmpty()) {
      throw new ParameterException("expected the folder of at least one run");
    }
    for (Path folder : runs) {
      RunDirectory run = RunDirectory.open(folder);
      HtmlReport.write(ReportData.read(run.root().resolve(ReportData.FILE_NAME)), run.report());
      console.result("report: " + run.report());
    }
    return 0;
  }
}
