package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.graph.GraphSummary;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxSummary;

/** {@code mien models info}: what a model file holds. */
@Parameters(commandDescription = "What a model file holds")
final class ModelsInfoCommand extends HelpOption {
  @Parameter(description = "MODEL (a run folder, a .zip, or an .onnx)")
  private List<Path> models = new ArrayList<>();

  @Parameter(names = "--descriptor", description = "Descriptor of an .onnx that has none beside it")
  private Path descriptor;

  @Parameter(names = "--layers", description = "Show every layer")
  private boolean layers;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (models.size() != 1) {
      throw new ParameterException("expected one MODEL (a run folder, a .zip, or an .onnx)");
    }
    Nd4jRuntime.start();
    try (FaceModel model = ModelFiles.open(models.get(0), Optional.ofNullable(descriptor))) {
      Map<String, String> facts = facts(model);
      if (json) {
        console.resultJson(facts);
      } else {
        facts.forEach(
            (name, value) -> console.result(String.format(Locale.ROOT, "%-22s %s", name, value)));
      }
      if (layers) {
        summary(model).ifPresent(found -> console.result(found.toString()));
      }
      return 0;
    }
  }

  private static Optional<GraphSummary> summary(FaceModel model) {
    return model.graph().map(graph -> GraphSummary.of(graph, model.descriptor().preprocessing()));
  }

  private static Map<String, String> facts(FaceModel model) {
    ModelDescriptor descriptor = model.descriptor();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("name", descriptor.name());
    facts.put("embedding", descriptor.dimension() + " numbers");
    facts.put("features", model.backbone().dimension() + " numbers");
    facts.put("input", descriptor.preprocessing().describe());
    facts.put("engine", model.backbone().engine());
    facts.put("fingerprint", model.embedder().fingerprint());
    facts.put("licence", descriptor.licence());
    facts.put("source", descriptor.source());
    facts.put(
        "trained on",
        descriptor.trainingIdentities().isEmpty()
            ? "not known"
            : descriptor.trainingIdentities().size() + " identities");
    facts.put(
        "classifier",
        descriptor.classifierIdentities().isEmpty()
            ? "none"
            : descriptor.classifierIdentities().size() + " identities");
    if (!model.tasks().isEmpty()) {
      facts.put(
          "tasks",
          String.join(
              ", ",
              model.tasks().stream()
                  .map(task -> task.name() + " (" + task.outputs() + " outputs)")
                  .toList()));
    }
    descriptor.threshold().ifPresent(t -> facts.put("threshold", Double.toString(t)));
    summary(model).ifPresent(found -> cost(facts, found.parameters(), found.multiplyAdds()));
    model
        .onnxBackbone()
        .ifPresent(
            file -> {
              Preprocessing input = descriptor.preprocessing();
              OnnxSummary network = OnnxSummary.of(file, input.heightPixels(), input.widthPixels());
              Optional<GraphSummary> head =
                  model.head().map(h -> GraphSummary.of(h, model.backbone().dimension()));
              cost(
                  facts,
                  network.parameters() + head.map(GraphSummary::parameters).orElse(0L),
                  network.multiplyAdds() + head.map(GraphSummary::multiplyAdds).orElse(0L));
              facts.put(
                  "ONNX",
                  "operator set " + network.opset() + ", format version " + network.irVersion());
            });
    return facts;
  }

  private static void cost(Map<String, String> facts, long parameters, long multiplyAdds) {
    facts.put("parameters", String.format(Locale.ROOT, "%,d", parameters));
    facts.put("multiply-adds", String.format(Locale.ROOT, "%,d", multiplyAdds));
  }
}
