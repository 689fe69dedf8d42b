package org.mien.trainer.evaluation;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.eval.report.PerformanceSection;
import org.mien.eval.report.PerformanceSection.Latency;
import org.mien.model.embed.Embedder;
import org.mien.model.file.FaceModel;
import org.mien.model.graph.GraphSummary;
import org.mien.model.onnx.OnnxSummary;

/**
 * How fast a model is on a run's own images, and how large. The network is run until a warm-up is
 * over, then again and again for about half a second, one image and then {@value #BATCH} at once;
 * each run counts.
 */
public final class SpeedMeasurement {
  private static final int BATCH = 32;
  private static final int LEAST_REPETITIONS = 3;
  private static final int MOST_REPETITIONS = 200;
  private static final long WARM_UP_NANOSECONDS = 100_000_000L;
  private static final long NANOSECONDS = 400_000_000L;

  private SpeedMeasurement() {}

  /**
   * Measures.
   *
   * @param embedder what is timed, of the model
   * @param file of the model, or a run's folder
   * @param samples images that can be read; the first are used, over and over if there are few
   * @param crop the part of these images that shows the face
   * @return nothing if none of the images can be read
   */
  public static Optional<PerformanceSection> of(
      FaceModel model, Embedder embedder, Path file, List<FaceSample> samples, Crop crop) {
    FacePreprocessor preprocessor = new FacePreprocessor(embedder.preprocessing().withCrop(crop));
    int length = preprocessor.preprocessing().imageLength();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    float[] images = new float[BATCH * length];
    List<Long> reading = new ArrayList<>();
    int filled = 0;
    // The first image is read twice: once for the decoder to be loaded.
    for (int i = -1; i < samples.size() && filled < BATCH; i++) {
      long started = System.nanoTime();
      try {
        preprocessor.apply(samples.get(Math.max(0, i)).image().decode(), images, filled * length);
      } catch (DataException e) {
        continue;
      }
      if (i >= 0) {
        reading.add(System.nanoTime() - started);
        filled++;
      }
    }
    if (filled == 0) {
      return Optional.empty();
    }
    for (int i = filled; i < BATCH; i++) {
      System.arraycopy(images, i % filled * length, images, i * length, length);
    }
    return Optional.of(
        new PerformanceSection(
            machine(embedder, load),
            parameters(model),
            size(file),
            embedder.dimension(),
            List.of(
                Latency.of(
                    "from the file to the network's input (decoding, finding and aligning the face"
                        + " where that is asked for, scaling), one thread",
                    1,
                    reading.stream().mapToLong(Long::longValue).toArray()),
                Latency.of("network, one image", 1, timed(embedder, images, 1)),
                Latency.of("network, a batch", BATCH, timed(embedder, images, BATCH)))));
  }

  private static long[] timed(Embedder embedder, float[] images, int count) {
    long began = System.nanoTime();
    do {
      embedder.embed(images, count);
    } while (System.nanoTime() - began < WARM_UP_NANOSECONDS);
    long[] taken = new long[MOST_REPETITIONS];
    int repetitions = 0;
    began = System.nanoTime();
    while (repetitions < LEAST_REPETITIONS
        || (repetitions < MOST_REPETITIONS && System.nanoTime() - began < NANOSECONDS)) {
      long started = System.nanoTime();
      embedder.embed(images, count);
      taken[repetitions++] = Math.max(1, System.nanoTime() - started);
    }
    return Arrays.copyOf(taken, repetitions);
  }

  private static String machine(Embedder embedder, double load) {
    int processors = Runtime.getRuntime().availableProcessors();
    return String.format(
        Locale.ROOT,
        "Measured on images of this run after a warm-up, on %s, %d %s, by %s.%s",
        ProvenanceCollector.cpu(),
        processors,
        processors == 1 ? "processor" : "processors",
        embedder.engine(),
        load < 0
            ? ""
            : String.format(
                Locale.ROOT,
                " Just before, the system's load was %.1f%s.",
                load,
                load > processors
                    ? ", more than it has processors for: these figures are slower than those of"
                        + " a machine at rest"
                    : ""));
  }

  /** Returns how many numbers the network holds, or null where its file does not tell. */
  private static Long parameters(FaceModel model) {
    Preprocessing input = model.descriptor().preprocessing();
    try {
      if (model.graph().isPresent()) {
        return GraphSummary.of(model.graph().get(), input).parameters();
      }
      return model
          .onnxBackbone()
          .map(
              file ->
                  OnnxSummary.of(file, input.heightPixels(), input.widthPixels()).parameters()
                      + model
                          .head()
                          .map(h -> GraphSummary.of(h, model.backbone().dimension()).parameters())
                          .orElse(0L))
          .orElse(null);
    } catch (DataException e) {
      return null;
    }
  }

  private static Long size(Path file) {
    Path model = Files.isDirectory(file) ? file.resolve("model").resolve("model.zip") : file;
    try {
      return Files.isRegularFile(model) ? Files.size(model) : null;
    } catch (IOException e) {
      return null;
    }
  }
}
