package org.mien.model.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.head.HeadGraph;
import org.mien.model.task.ModelTask;

/**
 * The zip of {@link FaceModel#save}, which Deeplearning4j reads with {@code ComputationGraph.load}:
 * backbone, head and classifier as one graph; or the head alone, beside an ONNX backbone in the
 * same zip.
 */
public final class Dl4jExporter implements ModelExporter {
  /** The same engine and the same weights, but folded into each other here and not there. */
  private static final double TOLERANCE = 1e-4;

  Dl4jExporter() {}

  @Override
  public ExportFormat format() {
    return ExportFormat.DL4J;
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }

  @Override
  public ExportResult export(FaceModel model, Path target, float[] sampleImages, int count) {
    requireExtension(target);
    Parity[] parity = new Parity[1];
    AtomicFiles.replace(
        target,
        temporary -> {
          model.save(temporary);
          try (FaceModel loaded = FaceModel.load(temporary)) {
            if (!loaded.descriptor().equals(model.descriptor())) {
              throw DataException.in(
                  target, "the descriptor did not come back as it was written; nothing was kept");
            }
            parity[0] =
                ParityCheck.compare(
                    model.embedder(), loaded.embedder(), sampleImages, count, TOLERANCE);
            compareTasks(model, loaded, target, sampleImages, count);
          }
          requireParity(target, parity[0]);
          if (model.graph().isPresent()) {
            // Others read it without Mien's reader: that way has to give the same.
            Parity plain = withPlainReader(model, temporary, sampleImages, count);
            requireParity(target, plain);
            if (plain.largestRelativeDifference() > parity[0].largestRelativeDifference()) {
              parity[0] = plain;
            }
          }
        });
    return new ExportResult(
        format(),
        target,
        Optional.empty(),
        OnnxExporter.size(target),
        Fingerprint.ofFile(target),
        parity[0]);
  }

  private void compareTasks(
      FaceModel model, FaceModel loaded, Path target, float[] images, int count) {
    if (model.tasks().isEmpty()) {
      return;
    }
    Map<String, float[]> expected = model.predictTasks(model.features(images, count), count);
    Map<String, float[]> actual = loaded.predictTasks(loaded.features(images, count), count);
    for (ModelTask task : model.tasks()) {
      requireParity(
          target,
          ParityCheck.compare(
              expected.get(task.name()), actual.get(task.name()), task.outputs(), TOLERANCE));
    }
  }

  private static Parity withPlainReader(FaceModel model, Path zip, float[] sampleImages, int count)
      throws IOException {
    ComputationGraph graph = ComputationGraph.load(zip.toFile(), false);
    try (Embedder plain =
        new Nd4jEmbedder(graph, HeadGraph.EMBEDDING, model.descriptor().preprocessing())) {
      return ParityCheck.compare(model.embedder(), plain, sampleImages, count, TOLERANCE);
    }
  }
}
