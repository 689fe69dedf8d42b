package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.FolderConfig;
import org.mien.model.export.ExportFormat;
import org.mien.model.export.ExportOptions;
import org.mien.model.export.ExportResult;
import org.mien.model.export.ModelExporter;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;

/** {@code mien export}: a model in another format, compared on real faces. */
@Parameters(commandDescription = "A model in another format; a file that differs is not kept")
final class ExportCommand extends HelpOption {
  private static final int IMAGES = 32;

  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @Parameter(
      names = "--format",
      required = true,
      description = "onnx, onnx-int8, dl4j or safetensors")
  private String format;

  @Parameter(names = "--out", required = true, description = "The file to write")
  private Path out;

  @Parameter(
      names = "--data",
      required = true,
      description = "Folder of faces, one folder a person, on which the file is compared")
  private Path data;

  @Parameter(
      names = "--with-preprocessing",
      description =
          "The ONNX file takes pixels (batch, height, width, 3), bytes, RGB, and does the rest")
  private boolean withPreprocessing;

  @Parameter(
      names = "--calibration-images",
      description = "onnx-int8: how many images of --data the ranges of numbers are taken from")
  private int calibrationImages = 200;

  @ParametersDelegate private final EngineOption engine = new EngineOption();

  @Override
  public int run(Console console) {
    ExportFormat wanted =
        switch (format) {
          case "onnx" -> ExportFormat.ONNX;
          case "onnx-int8" -> ExportFormat.ONNX_INT8;
          case "dl4j" -> ExportFormat.DL4J;
          case "safetensors" -> ExportFormat.SAFETENSORS;
          default ->
              throw new ConfigException(
                  "--format: expected onnx, onnx-int8, dl4j or safetensors, was " + format);
        };
    if (calibrationImages < 1) {
      throw new ConfigException(
          "--calibration-images: expected at least 1, was " + calibrationImages);
    }
    Nd4jRuntime.start();
    try (FaceModel opened = model.open(engine)) {
      List<FaceSample> samples = new FolderConfig(data, 1).open(new SeedStreams(0)).samples();
      FacePreprocessor preprocessor = new FacePreprocessor(opened.descriptor().preprocessing());
      int count = Math.min(IMAGES, samples.size());
      ExportOptions options =
          new ExportOptions(
              withPreprocessing,
              wanted == ExportFormat.ONNX_INT8
                  ? Optional.of(calibration(samples, preprocessor))
                  : Optional.empty());
      ExportResult result =
          ModelExporter.of(wanted, options)
              .export(opened, out, images(samples.subList(0, count), preprocessor), count);
      console.result("parity: " + result.parity().describe());
      console.result(
          String.format(
              "wrote: %s (%.1f MB, sha256 %s)",
              result.file(), result.sizeBytes() / 1e6, result.sha256()));
      return 0;
    }
  }

  /** Evenly spaced, so that they are of many people. */
  private ExportOptions.Calibration calibration(
      List<FaceSample> samples, FacePreprocessor preprocessor) {
    int count = Math.min(calibrationImages, samples.size());
    List<FaceSample> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(samples.get((int) ((long) i * samples.size() / count)));
    }
    return new ExportOptions.Calibration(images(chosen, preprocessor), count);
  }

  private static float[] images(List<FaceSample> samples, FacePreprocessor preprocessor) {
    int length = preprocessor.preprocessing().imageLength();
    float[] images = new float[Math.multiplyExact(samples.size(), length)];
    for (int i = 0; i < samples.size(); i++) {
      preprocessor.apply(samples.get(i).image().decode(), images, i * length);
    }
    return images;
  }
}
