package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.weights.TensorNaming;

/**
 * A network in an ONNX file, rebuilt layer by layer with the file's weights, so that it can be
 * trained on; {@code type: onnx} runs the file as it is, faster and frozen.
 *
 * <p>Understood are convolutions (whole, depthwise or in groups), matrix products, batch
 * normalisation, the usual activations, pooling, sums, products and concatenations; any other
 * operator is refused by name. A batch normalisation that the exporter folded away is not
 * recovered.
 *
 * @param file the network
 * @param preprocessing its input contract
 */
@TypeName("onnx-graph")
public record OnnxGraphConfig(
    @Setting("The network, an .onnx file, whose layers are rebuilt so that they can be trained.")
        Path file,
    @Setting("Input contract of the network.") Preprocessing preprocessing)
    implements GraphBackboneConfig {

  @Override
  public Preprocessing input() {
    return preprocessing;
  }

  @Override
  public Optional<Path> weights() {
    return Optional.of(file);
  }

  @Override
  public String describe() {
    return "ONNX graph " + file.getFileName();
  }

  /**
   * Builds the network with the file's weights.
   *
   * @param seed of the graph; nothing is random here
   * @throws org.mien.core.error.DataException if the file cannot be read or has an operator that is
   *     not understood
   */
  @Override
  public ComputationGraph build(long seed) {
    return OnnxGraphImport.read(file, preprocessing, seed);
  }

  /**
   * Builds the network of a file that has been read.
   *
   * @throws org.mien.core.error.DataException if it has an operator that is not understood
   */
  public static ComputationGraph rebuild(OnnxModelFile file, Preprocessing input) {
    return OnnxGraphImport.read(file, input, 0);
  }

  @Override
  public boolean buildsWithWeights() {
    return true;
  }

  /** Leaves everything out: {@link #build} has loaded it. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return Layout.TORCH;
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        return Optional.empty();
      }

      @Override
      public boolean leftOut(String tensor) {
        return true;
      }
    };
  }
}
