package org.mien.model.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.file.FaceModel;
import org.mien.model.weights.GraphWeights;
import org.mien.model.weights.OnnxWeights;
import org.mien.model.weights.StateDictionary;

/** Every tensor of a face model: of its graph, or of its head and its ONNX backbone. */
final class ModelWeights implements StateDictionary {
  /** Before the names of an ONNX backbone's initialisers. */
  static final String BACKBONE = "backbone/";

  private record Source(StateDictionary weights, String name, List<Long> shape) {}

  private final String origin;
  private final Map<String, Source> sources = new LinkedHashMap<>();

  private ModelWeights(String origin) {
    this.origin = origin;
  }

  static ModelWeights of(FaceModel model) {
    ModelWeights all = new ModelWeights("model " + model.descriptor().name());
    model.graph().or(model::head).ifPresent(graph -> all.add("", GraphWeights.of(graph)));
    model.onnxBackbone().ifPresent(onnx -> all.add(BACKBONE, OnnxWeights.of(onnx)));
    return all;
  }

  /** Sets every parameter of a graph to the tensor of its name. */
  static void restore(ComputationGraph graph, StateDictionary weights) {
    GraphWeights.of(graph).assign(weights);
  }

  private void add(String prefix, StateDictionary weights) {
    weights
        .shapes()
        .forEach((name, shape) -> sources.put(prefix + name, new Source(weights, name, shape)));
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    sources.forEach((name, source) -> shapes.put(name, source.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    Source source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException(origin + " has no tensor " + name);
    }
    return source.weights().values(source.name());
  }
}
