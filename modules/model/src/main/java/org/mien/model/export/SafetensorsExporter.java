package org.mien.model.export;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.weights.SafetensorsWeights;
import org.mien.model.weights.StateDictionary;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * Every number of a model as one {@code .safetensors} file, for other frameworks: PyTorch's names
 * and order of axes for what is a graph of Deeplearning4j, classifier included, and the
 * initialisers of an ONNX backbone under {@value ModelWeights#BACKBONE}. The file holds weights and
 * no architecture.
 *
 * <p>The file is read back and compared bit for bit; then the model is built anew with the numbers
 * of the file and its embeddings are compared.
 */
public final class SafetensorsExporter implements ModelExporter {
  /** The same engine and the same numbers, but folded into each other here and not there. */
  private static final double TOLERANCE = 1e-4;

  SafetensorsExporter() {}

  @Override
  public ExportFormat format() {
    return ExportFormat.SAFETENSORS;
  }

  @Override
  public double tolerance() {
    return TOLERANCE;
  }

  @Override
  public ExportResult export(FaceModel model, Path target, float[] sampleImages, int count) {
    requireExtension(target);
    ModelWeights weights = ModelWeights.of(model);
    Parity[] parity = new Parity[1];
    AtomicFiles.replace(
        target,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary)) {
            SafetensorsWeights.write(out, weights, metadata(model));
          }
          SafetensorsWeights written = SafetensorsWeights.read(temporary);
          requireSameBits(target, weights, written);
          parity[0] =
              ParityCheck.compare(
                  model.embedder().embed(sampleImages, count),
                  embeddings(model, written, sampleImages, count),
                  model.embedder().dimension(),
                  TOLERANCE);
          requireParity(target, parity[0]);
        });
    return new ExportResult(
        format(),
        target,
        Optional.empty(),
        OnnxExporter.size(target),
        Fingerprint.ofFile(target),
        parity[0]);
  }

  private static Map<String, String> metadata(FaceModel model) {
    Map<String, String> entries = new LinkedHashMap<>();
    // What the libraries that read such files look for.
    entries.put("format", "pt");
    entries.put("producer", "Mien");
    entries.put("mien.fingerprint", model.embedder().fingerprint());
    entries.putAll(OnnxExporter.metadata(model.descriptor()));
    return entries;
  }

  /** Compares names, shapes and every bit of every number. */
  static void requireSameBits(Path target, StateDictionary expected, StateDictionary written) {
    if (!List.copyOf(expected.shapes().entrySet())
        .equals(List.copyOf(written.shapes().entrySet()))) {
      throw DataException.in(
          target, "the names or shapes did not come back as they were written; nothing was kept");
    }
    for (String name : expected.shapes().keySet()) {
      // Arrays.equals takes every NaN for the same and 0 for another number than -0.
      if (!Arrays.equals(expected.values(name), written.values(name))) {
        throw DataException.in(
            target, "'" + name + "' did not come back as it was written; nothing was kept");
      }
    }
  }

  /** Of the same architecture with the numbers of the file. */
  private static float[] embeddings(
      FaceModel model, StateDictionary written, float[] images, int count) {
    if (model.graph().isPresent()) {
      ComputationGraph graph = filled(model.graph().get(), written);
      try (Embedder embedder =
          new Nd4jEmbedder(graph, HeadGraph.EMBEDDING, model.descriptor().preprocessing())) {
        return embedder.embed(images, count);
      }
    }
    float[] features = features(model, written, images, count);
    if (model.head().isEmpty()) {
      return features;
    }
    ComputationGraph head =
        FaceGraph.upTo(filled(model.head().get(), written), HeadGraph.EMBEDDING);
    try (INDArray input =
        Nd4j.create(features, new long[] {count, model.backbone().dimension()}, 'c')) {
      return head.outputSingle(false, input).dup('c').data().asFloat();
    }
  }

  private static ComputationGraph filled(ComputationGraph graph, StateDictionary written) {
    ComputationGraph copy = graph.clone();
    copy.params().assign(0);
    ModelWeights.restore(copy, written);
    return copy;
  }

  private static float[] features(
      FaceModel model, StateDictionary written, float[] images, int count) {
    OnnxModelFile original = model.onnxBackbone().orElseThrow();
    Onnx.ModelProto.Builder proto = original.proto().toBuilder();
    for (Onnx.TensorProto.Builder tensor : proto.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT.getNumber()) {
        float[] values = written.values(ModelWeights.BACKBONE + tensor.getName());
        tensor.clearFloatData().setRawData(littleEndian(values));
      }
    }
    OnnxModelFile filled =
        OnnxModelFile.of(
            proto.build().toByteArray(), original.name() + ", with the tensors written");
    try (OnnxEmbedder embedder =
        OnnxEmbedder.of(
            filled,
            model.descriptor().preprocessing(),
            OnnxEmbedder.Options.defaults().withOutput(model.descriptor().output()))) {
      return embedder.embed(images, count);
    }
  }

  private static ByteString littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }
}
