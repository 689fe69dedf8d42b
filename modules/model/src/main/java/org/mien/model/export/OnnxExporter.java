package org.mien.model.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import onnx.Onnx;
import org.mien.core.config.ConfigWriter;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.run.AtomicFiles;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.head.HeadGraph;
import org.mien.model.onnx.OnnxModelFile;

/**
 * Backbone and head as one ONNX model from {@code images} to {@code embedding}, without the
 * classifier; batch normalisation is folded into the layers before it. The descriptor {@code
 * NAME.yaml} is written beside it, so that it can be used like any other model.
 */
public final class OnnxExporter implements ModelExporter {
  /** Two engines add up in different orders: some 1e-6 in deep networks. */
  private static final double TOLERANCE = 1e-4;

  OnnxExporter() {}

  @Override
  public ExportFormat format() {
    return ExportFormat.ONNX;
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }

  @Override
  public ExportResult export(FaceModel model, Path target, float[] sampleImages, int count) {
    requireExtension(target);
    byte[] bytes = toOnnx(model).toByteArray();
    Parity[] parity = new Parity[1];
    String[] sha256 = new String[1];
    AtomicFiles.replace(
        target,
        temporary -> {
          Files.write(temporary, bytes);
          OnnxModelFile written = OnnxModelFile.read(temporary);
          sha256[0] = written.sha256();
          try (OnnxEmbedder exported =
              OnnxEmbedder.of(
                  written, model.descriptor().preprocessing(), OnnxEmbedder.Options.defaults())) {
            parity[0] =
                ParityCheck.compare(model.embedder(), exported, sampleImages, count, TOLERANCE);
          }
          requireParity(target, parity[0]);
        });
    // The classifier stays behind, and with it the order of its outputs.
    ModelDescriptor descriptor =
        model
            .descriptor()
            .withWeights(Optional.of(sha256[0]), Optional.empty(), Optional.empty())
            .withIdentities(model.descriptor().trainingIdentities(), List.of());
    Path yaml = ModelFiles.descriptorOf(target);
    AtomicFiles.writeString(yaml, ConfigWriter.toYaml(descriptor));
    return new ExportResult(
        format(), target, Optional.of(yaml), size(target), sha256[0], parity[0]);
  }

  /** The model as ONNX, in memory and not compared with anything yet. */
  static Onnx.ModelProto toOnnx(FaceModel model) {
    ModelDescriptor descriptor = model.descriptor();
    Map<String, String> metadata = metadata(descriptor);
    Preprocessing preprocessing = descriptor.preprocessing();
    if (model.graph().isPresent()) {
      return OnnxGraphWriter.write(
          model.graph().get(), HeadGraph.EMBEDDING, preprocessing, metadata);
    }
    return OnnxHeadAppender.append(
        model.onnxBackbone().orElseThrow(),
        descriptor.output(),
        preprocessing,
        model.head(),
        HeadGraph.EMBEDDING,
        model.backbone().dimension(),
        metadata);
  }

  /** What a file says of the model it came from. */
  static Map<String, String> metadata(ModelDescriptor descriptor) {
    Preprocessing preprocessing = descriptor.preprocessing();
    Map<String, String> entries = new TreeMap<>();
    entries.put("mien.name", descriptor.name());
    entries.put("mien.dimension", String.valueOf(descriptor.dimension()));
    entries.put("mien.identities", String.valueOf(descriptor.trainingIdentities().size()));
    entries.put("mien.licence", descriptor.licence());
    entries.put("mien.source", descriptor.source());
    String prefix = "mien.preprocessing.";
    entries.put(prefix + "widthPixels", String.valueOf(preprocessing.widthPixels()));
    entries.put(prefix + "heightPixels", String.valueOf(preprocessing.heightPixels()));
    entries.put(prefix + "colorOrder", preprocessing.colorOrder().name());
    entries.put(prefix + "mean", preprocessing.mean().toString());
    entries.put(prefix + "std", preprocessing.std().toString());
    entries.put(prefix + "crop", preprocessing.crop().describe());
    entries.put(prefix + "alignment", preprocessing.alignment());
    descriptor.threshold().ifPresent(t -> entries.put("mien.threshold", String.valueOf(t)));
    descriptor.provenanceFingerprint().ifPresent(f -> entries.put("mien.provenance", f));
    descriptor.seed().ifPresent(s -> entries.put("mien.seed", s));
    descriptor.configSha256().ifPresent(c -> entries.put("mien.configSha256", c));
    return entries;
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a file just written has no size", e);
    }
  }
}
