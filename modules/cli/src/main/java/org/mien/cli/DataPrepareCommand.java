package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.align.DetectorConfig;
import org.mien.data.align.FaceChoice;
import org.mien.data.align.TemplateRule;
import org.mien.data.manifest.FaceManifest;
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

  @Parameter(
      names = "--format",
      description = "Of the pictures: jpg or png",
      converter = LowerCaseImageFormat.class)
  private ImageFormat format = ImageFormat.JPG;

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
      options = new PreparationOptions(format, quality, threads);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--quality, --threads: " + e.getMessage(), e);
    }
    FaceManifest manifest = named.open();
    PreparationResult result;
    try (Interruption interruption =
        Interruption.watch(console, "the images in hand are finished")) {
      result =
          DatasetPreparation.run(
              manifest, alignment, out, options, console.progress(), interruption::requested);
    }
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
    if (result.skipped() > 0) {
      console.say("mien: " + result.skippedList() + " lists what could not be used and why");
    }
    console.result("list: " + result.manifest());
    return 0;
  }

  /** Turns {@code jpg} into its constant. */
  public static final class LowerCaseImageFormat
      implements com.beust.jcommander.IStringConverter<ImageFormat> {
    @Override
    public ImageFormat convert(String value) {
      for (ImageFormat format : ImageFormat.values()) {
        if (format.extension().equals(value)) {
          return format;
        }
      }
      throw new com.beust.jcommander.ParameterException(
          "--format: expected jpg or png, was " + value);
    }
  }
}
