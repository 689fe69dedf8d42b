package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.data.format.FeatureMatrix;

/** {@code mien data matrices}: what a matrix file of the MegaFace kit holds. */
@Parameters(commandDescription = "What a feature or model file of the MegaFace kit holds")
final class DataMatricesCommand extends HelpOption {
  @Parameter(description = "FILE (.bin)")
  private List<Path> files = new ArrayList<>();

  @Parameter(names = "--out", description = "Write the matrices again, to this file")
  private Path out;

  @Override
  public int run(Console console) {
    if (files.size() != 1) {
      throw new ParameterException("expected one FILE, was " + files.size());
    }
    List<FeatureMatrix> matrices = FeatureMatrix.readAll(files.get(0));
    for (FeatureMatrix matrix : matrices) {
      console.result(
          String.format(
              Locale.ROOT,
              "%d x %d, %d bytes a row, type %d",
              matrix.rows(),
              matrix.columns(),
              matrix.strideBytes(),
              matrix.type()));
    }
    if (out != null) {
      FeatureMatrix.write(out, matrices);
    }
    return 0;
  }
}
