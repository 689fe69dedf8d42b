package org.mien.model.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import onnx.Onnx;
import org.mien.core.config.ConfigWriter;
import org.mien.core.json.Json;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.run.AtomicFiles;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.head.HeadGraph;
import org.mien.model.onnx.OnnxGraphWriter;
import org.mien.model.onnx.OnnxHeadAppender;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.OnnxPreprocessing;
import org.mien.model.onnx.OnnxQuantizer;
import org.mien.model.task.ModelTask;
import org.mien.model.task.TaskHead;

/**
 * Backbone and head as one ONNX model from {@code images} to {@code embedding}, without the
 * classifier, and one output for each further task, called as the task; batch normalisation is
 * folded into the layers before it. On demand the preprocessing is part of it, and floats become
 * 8-bit integers ({@link OnnxQuantizer}). The descriptor {@code NAME.yaml} is written beside it, so
 * that it can be used like any other model.
 *
 * <p>A network of Deeplearning4j is compared with ND4J whatever engine runs the model, so that the
 * translation is not compared with itself.
 */
public final class OnnxExporter implements ModelExporter {
  /** Two engines add up in different orders: some 1e-6 in deep networks. */
  private static final double TOLERANCE = 1e-4;

  /** An 8-bit embedding that points elsewhere than this is not the same face any more. */
  private static final double LEAST_COSINE = 0.95;

  private final ExportFormat format;
  private final ExportOptions options;

  OnnxExporter(ExportFormat format, ExportOptions options) {
    this.format = format;
    this.options = options;
  }

  @Override
  public ExportFormat format() {
    return format;
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }

  @Override
  public ExportResult export(FaceModel model, Path target, float[] sampleImages, int count) {
    requireExtension(target);
    ModelDescriptor exported = exportedDescriptor(model.descriptor());
    byte[] bytes = network(model, sampleImages, count).toByteArray();
    Parity[] parity = new Parity[1];
    String[] sha256 = new String[1];
    AtomicFiles.replace(
        target,
        temporary -> {
          Files.write(temporary, bytes);
          OnnxModelFile written = OnnxModelFile.read(temporary);
          sha256[0] = written.sha256();
          for (Map.Entry<String, String> output : outputs(model).entrySet()) {
            Parity compared =
                compare(model, written, exported.preprocessing(), output, sampleImages, count);
            requireParity(target, compared);
            if (parity[0] == null
                || compared.largestRelativeDifference() > parity[0].largestRelativeDifference()) {
              parity[0] = compared;
            }
          }
        });
    ModelDescriptor descriptor =
        exported.withWeights(
            Optional.of(sha256[0]),
            // A file of several outputs has to say which one is the embedding.
            model.tasks().isEmpty() ? Optional.empty() : Optional.of(OnnxGraphWriter.OUTPUT),
            Optional.empty());
    Path yaml = ModelFiles.descriptorOf(target);
    AtomicFiles.writeString(yaml, ConfigWriter.toYaml(descriptor));
    return new ExportResult(
        format(), target, Optional.of(yaml), size(target), sha256[0], parity[0]);
  }

  /** The classifier stays behind, and with it the order of its outputs. */
  private ModelDescriptor exportedDescriptor(ModelDescriptor descriptor) {
    ModelDescriptor embedding =
        descriptor.withIdentities(descriptor.trainingIdentities(), List.of());
    return options.preprocessingInside()
        ? embedding.withPreprocessing(PixelInput.contract(descriptor.preprocessing()))
        : embedding;
  }

  private Onnx.ModelProto network(FaceModel model, float[] sampleImages, int count) {
    Preprocessing preprocessing = model.descriptor().preprocessing();
    Onnx.ModelProto network = toOnnx(model);
    if (format == ExportFormat.ONNX_INT8) {
      ExportOptions.Calibration calibration =
          options.calibration().orElseGet(() -> new ExportOptions.Calibration(sampleImages, count));
      network =
          OnnxQuantizer.quantize(
              network,
              model.descriptor().name(),
              calibration.images(),
              calibration.count(),
              preprocessing.heightPixels(),
              preprocessing.widthPixels());
    }
    if (options.preprocessingInside()) {
      network = OnnxPreprocessing.inside(network, preprocessing);
    }
    Onnx.ModelProto.Builder described =
        network.toBuilder()
            .clearMetadataProps()
            .setProducerVersion(ProvenanceCollector.mienVersion())
            .setDocString(
                "Face embedding network " + model.descriptor().name() + ", exported by Mien");
    Map<String, String> entries = new TreeMap<>();
    network.getMetadataPropsList().forEach(e -> entries.put(e.getKey(), e.getValue()));
    entries.put("mien.opset", String.valueOf(OnnxModelFile.opset(network)));
    entries.put("mien.irVersion", String.valueOf(network.getIrVersion()));
    entries.put("mien.weights", format == ExportFormat.ONNX_INT8 ? "int8" : "float32");
    entries.put(
        "mien.input",
        options.preprocessingInside()
            ? OnnxPreprocessing.INPUT
                + " (batch, height, width, 3), bytes 0 to 255, RGB; the rest is done inside"
            : OnnxGraphWriter.INPUT
                + " (batch, 3, height, width), 32-bit floats, preprocessed as"
                + " mien.preprocessing.* says");
    entries.put("mien.output", OnnxGraphWriter.OUTPUT + " (batch, dimension), not normalised");
    entries.forEach(
        (key, value) ->
            described.addMetadataProps(
                Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return described.build();
  }

  /** From the vertices of the model to the outputs of the file; the embedding is the first. */
  private static Map<String, String> outputs(FaceModel model) {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(HeadGraph.EMBEDDING, OnnxGraphWriter.OUTPUT);
    for (ModelTask task : model.tasks()) {
      outputs.put(TaskHead.vertex(task.name()), task.name());
    }
    return outputs;
  }

  private Parity compare(
      FaceModel model,
      OnnxModelFile written,
      Preprocessing input,
      Map.Entry<String, String> output,
      float[] sampleImages,
      int count) {
    Preprocessing preprocessing = model.descriptor().preprocessing();
    float[] expectedInput = sampleImages;
    float[] actualInput = sampleImages;
    if (options.preprocessingInside()) {
      // Bytes hold no halves: both sides get the nearest picture.
      actualInput = PixelInput.pixels(sampleImages, count, preprocessing);
      expectedInput = PixelInput.preprocessed(actualInput, count, preprocessing);
    }
    float[] expected;
    if (model.graph().isPresent()) {
      try (Embedder reference =
          new Nd4jEmbedder(model.graph().get(), output.getKey(), preprocessing)) {
        expected = reference.embed(expectedInput, count);
      }
    } else if (TaskHead.isTask(output.getKey())) {
      expected =
          model.predictTasks(model.features(expectedInput, count), count).get(output.getValue());
    } else {
      expected = model.embedder().embed(expectedInput, count);
    }
    OnnxEmbedder.Options chosen = OnnxEmbedder.Options.defaults();
    if (!model.tasks().isEmpty()) {
      chosen = chosen.withOutput(Optional.of(output.getValue()));
    }
    Parity parity;
    try (OnnxEmbedder exported = OnnxEmbedder.of(written, input, chosen)) {
      parity =
          ParityCheck.compare(
              expected, exported.embed(actualInput, count), exported.dimension(), TOLERANCE);
    }
    return format == ExportFormat.ONNX_INT8 ? parity.judgedByCosine(LEAST_COSINE) : parity;
  }

  /** The model as ONNX, in memory and not compared with anything yet. */
  static Onnx.ModelProto toOnnx(FaceModel model) {
    ModelDescriptor descriptor = model.descriptor();
    Map<String, String> metadata = metadata(descriptor);
    Preprocessing preprocessing = descriptor.preprocessing();
    if (model.graph().isPresent()) {
      return OnnxGraphWriter.write(model.graph().get(), outputs(model), preprocessing, metadata);
    }
    return OnnxHeadAppender.append(
        model.onnxBackbone().orElseThrow(),
        descriptor.output(),
        preprocessing,
        model.head(),
        outputs(model),
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
    if (!descriptor.classifierIdentities().isEmpty()) {
      entries.put("mien.labels", Json.toString(descriptor.classifierIdentities()));
    }
    descriptor
        .tasks()
        .orElse(List.of())
        .forEach(task -> entries.put("mien.task." + task.name(), describe(task)));
    descriptor.threshold().ifPresent(t -> entries.put("mien.threshold", String.valueOf(t)));
    descriptor.thresholdOrigin().ifPresent(o -> entries.put("mien.thresholdOrigin", o));
    descriptor.provenanceFingerprint().ifPresent(f -> entries.put("mien.provenance", f));
    descriptor.seed().ifPresent(s -> entries.put("mien.seed", s));
    descriptor.configSha256().ifPresent(c -> entries.put("mien.configSha256", c));
    return entries;
  }

  private static String describe(ModelTask task) {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("attribute", task.attribute());
    facts.put("kind", task.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!task.values().isEmpty()) {
      facts.put("values", task.values());
    }
    task.oldest().ifPresent(oldest -> facts.put("oldest", oldest));
    return Json.toString(facts);
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a file just written has no size", e);
    }
  }
}
