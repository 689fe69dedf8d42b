package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.weights.TensorNaming;

/**
 * VGG-Face (Parkhi, Vedaldi and Zisserman, "Deep face recognition", 2015): a VGG-16 trained on 2622
 * identities, with its authors' names of layers, {@code conv1_1} to {@code conv5_3}, {@code fc6},
 * {@code fc7}.
 *
 * <p>Weights are read in two layouts, told apart by their tensors: keras-vggface's HDF5 file (axes
 * of TensorFlow, input BGR) and the authors' PyTorch conversion {@code vgg_face_dag.pth} (RGB). The
 * names are after keras-vggface's and the conversion's source code; they were not checked against a
 * file of weights.
 *
 * @param features the vector that the network gives
 * @param weights the file; without it the weights are random
 * @param preprocessing the input contract; by default 224x224, the training set's mean colour
 *     subtracted, no division; BGR for an HDF5 file, else RGB
 */
@TypeName("vgg-face")
public record VggFaceConfig(
    @Setting(
            value =
                "fc7: 4096 outputs of the second fully connected layer, for 224x224; pooled: the"
                    + " mean over each of the last 512 planes, for any size.",
            defaultValue = "fc7")
        VggFeatures features,
    @Setting(
            "keras-vggface's .h5 file or the authors' conversion vgg_face_dag.pth; random weights"
                + " without it.")
        Optional<Path> weights,
    @Setting(
            "Input contract; by default 224x224 with the mean 129.1863, 104.7624, 93.594 (R, G, B)"
                + " subtracted; BGR for an .h5 file, else RGB.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  private static final int DEPTH = 16;
  private static final double RED = 129.1863;
  private static final double GREEN = 104.7624;
  private static final double BLUE = 93.5940;

  public VggFaceConfig {
    preprocessing.ifPresent(features::require);
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElseGet(
        () ->
            new Preprocessing(
                224,
                224,
                isKeras() ? ColorOrder.BGR : ColorOrder.RGB,
                isKeras() ? List.of(BLUE, GREEN, RED) : List.of(RED, GREEN, BLUE),
                List.of(1.0, 1.0, 1.0),
                new Crop.None(),
                "any"));
  }

  private boolean isKeras() {
    return weights
        .map(file -> file.toString().toLowerCase(Locale.ROOT))
        .filter(name -> name.endsWith(".h5") || name.endsWith(".hdf5"))
        .isPresent();
  }

  @Override
  public String describe() {
    return "VGG-Face";
  }

  @Override
  public ComputationGraph build(long seed) {
    return VggGraph.build(plan(), input(), seed);
  }

  VggPlan plan() {
    return VggPlan.of(DEPTH, false, features, VggPlan.Names.AUTHORS);
  }

  /** Keras' if the file has a kernel, else PyTorch's; the classifier {@code fc8} is left out. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    List<String> unused =
        features == VggFeatures.FC7 ? List.of("fc8") : List.of("fc6", "fc7", "fc8");
    return KerasNaming.isKeras(found.keySet())
        ? new KerasNaming(found.keySet(), unused::contains)
        : TensorNaming.torch(tensor -> unused.contains(tensor.replaceFirst("\\..*", "")));
  }
}
