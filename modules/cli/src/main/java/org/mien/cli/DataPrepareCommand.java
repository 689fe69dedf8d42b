package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.align.DetectorConfig;
import org.mien.data.align.FaceChoice;
import org.mien.data.align.TemplateRule;
import org.mien.data.prepare.DatasetPreparation;
import org.mien.data.prepare.ImageFormat;
import org.mien.data.prepare.PreparationOptions;
import org.mien.data.prepare.PreparationResult;

/** {@code mien data prepare}: an aligned copy of a data set. */
@Parameters(commandDescription = "An aligned copy of a data set, with a manifest")
final class DataPrepareCommand extends HelpOption {
  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @Parameter(names = "--out", required = true, description = "Folder of the copy")
  private Path out;

  @Parameter(
      names = "--detector",
      description =
          "YuNet model (.onnx) that finds the faces: short for --set"
              + " alignment={type: detect, detector: {model: FILE}}")
  private Path detector;

  @Parameter(names = "--format", description = "Of the pictures: jpg or png")
  private String format = ImageFormat.JPG.extension();

  @Parameter(names = "--quality", description = "Quality of JPEG, 1 to 100")
  private int quality = 95;

  @Parameter(names = "--threads", description = "Images worked on at once")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public int run(Console console) {
    DatasetArgument.Named named = source.single();
    AlignmentConfig alignment = named.dataset().alignment();
    if (detector != null) {
      if (!(alignment instanceof AlignmentConfig.None)) {
        throw new ConfigException(
            "--detector: " + named.name() + " has an alignment of its own; leave one of them out");
      }
      alignment =
          new AlignmentConfig.Detect(
              DetectorConfig.of(detector), FaceChoice.CENTRAL, 112, 112, TemplateRule.INSIGHTFACE);
    }
    PreparationOptions options;
    try {
      options = new PreparationOptions(imageFormat(), quality, threads);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--quality, --threads: " + e.getMessage(), e);
    }
    requireOutside(named);
    // A signal ends the process when the interruption is closed, so printing lies inside.
    try (Interruption interruption =
        Interruption.watch(console, "the images in hand are finished")) {
      PreparationResult result =
          DatasetPreparation.run(
              named.open(), alignment, out, options, console.progress(), interruption::requested);
      console.result(
          String.format(
              Locale.ROOT,
              "%d images: %d written, %d there from an earlier run, %d could not be used",
              result.samples(),
              result.written(),
              result.reused(),
              result.skipped()));
      if (!result.complete()) {
        console.say("mien: stopped; the same command goes on");
        return Main.INTERRUPTED;
      }
      if (result.skipped() == result.samples()) {
        throw DataException.in(result.skippedList(), "no image could be used; it says why");
      }
      if (result.skipped() > 0) {
        console.say("mien: " + result.skippedList() + " lists what could not be used and why");
      }
      console.result("list: " + result.manifest());
      return 0;
    }
  }

  /** A copy inside its own source would be found there the next time. */
  private void requireOutside(DatasetArgument.Named named) {
    Path copy = out.toAbsolutePath().normalize();
    for (Path folder : named.folders()) {
      if (copy.startsWith(folder.toAbsolutePath().normalize())) {
        throw new ConfigException("--out: " + out + " lies inside the data set, " + folder);
      }
    }
  }

  private ImageFormat imageFormat() {
    for (ImageFormat known : ImageFormat.values()) {
      if (known.extension().equals(format)) {
        return known;
      }
    }
    throw new ConfigException("--format: expected jpg or png, was " + format);
  }
}
