package org.mien.model.export;

import java.nio.file.Path;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.model.file.FaceModel;

/**
 * Writes a model as a file of one format: under a temporary name first, where it is read back by
 * the engine that others will read it with and compared with the model on real images. A file that
 * differs is never seen under its name.
 */
public sealed interface ModelExporter permits OnnxExporter, Dl4jExporter, SafetensorsExporter {

  /** The exporter of a format. */
  static ModelExporter of(ExportFormat format) {
    return of(format, ExportOptions.PLAIN);
  }

  /**
   * The exporter of a format, with options.
   *
   * @throws ConfigException if the format has no place for preprocessing
   */
  static ModelExporter of(ExportFormat format, ExportOptions options) {
    return switch (format) {
      case ONNX, ONNX_INT8 -> new OnnxExporter(format, options);
      case DL4J -> {
        requirePreprocessingOutside(format, options);
        yield new Dl4jExporter();
      }
      case SAFETENSORS -> {
        requirePreprocessingOutside(format, options);
        yield new SafetensorsExporter();
      }
    };
  }

  private static void requirePreprocessingOutside(ExportFormat format, ExportOptions options) {
    if (options.preprocessingInside()) {
      throw new ConfigException(
          "preprocessing inside the file is for ONNX; "
              + (format == ExportFormat.DL4J ? "a zip of Deeplearning4j" : "a safetensors file")
              + " has no place for it");
    }
  }

  ExportFormat format();

  /**
   * Largest difference from the model's own embeddings, relative to their largest magnitude. An
   * 8-bit file is judged by its cosines instead.
   */
  double tolerance();

  /**
   * Exports a model.
   *
   * @param target the file, with the format's extension; replaced if it exists
   * @param sampleImages {@code (count, 3, height, width)} preprocessed pixels of real faces
   * @param count number of images to compare on, at least 1
   * @throws ConfigException if the target has another extension
   * @throws DataException if the model cannot be written in this format, the file cannot be
   *     written, or what was written differs from the model; the target is then as it was
   */
  ExportResult export(FaceModel model, Path target, float[] sampleImages, int count);

  /** Refuses a target that would be taken for another kind of file. */
  default void requireExtension(Path target) {
    if (!target.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(format().extension())) {
      throw new ConfigException(
          target
              + ": expected a name that ends in "
              + format().extension()
              + " for the format "
              + format().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  /** Refuses a file that is another function than the model. */
  default void requireParity(Path target, Parity parity) {
    if (!parity.passed()) {
      throw DataException.in(
          target,
          "the exported file differs from the model and was not kept; " + parity.describe());
    }
  }
}
