package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
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
 * The face network of dlib (King 2017, {@code dlib_face_recognition_resnet_model_v1}): ResNet-34
 * with fewer layers and half the filters, 128 numbers, trained with a metric loss so that two faces
 * of one person lie closer than 0.6. Layers have the names of face-api.js, from whose tfjs files
 * the weights come.
 *
 * <p>dlib trained with batch normalisation and published the network with every one replaced by the
 * scale and shift it amounts to. The same holds here: with {@code weights} each convolution is
 * followed by a scale and shift, without them by a batch normalisation, for training from scratch.
 *
 * @param weights the tfjs manifest of face-api.js; without it the weights are random
 * @param preprocessing the input contract; by default 150x150 RGB, less dlib's mean, divided by 256
 */
@TypeName("dlib-resnet29")
public record DlibResNetConfig(
    @Setting("The tfjs weights manifest of face-api.js; random weights without it.")
        Optional<Path> weights,
    @Setting("Input contract; by default 150x150 RGB with dlib's mean and std 256.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  /** The shortest side whose last stage still has 3 pixels for its convolution. */
  private static final int LEAST_SIDE = 103;

  private static final Preprocessing DLIB =
      new Preprocessing(
          150,
          150,
          ColorOrder.RGB,
          List.of(122.782, 117.001, 104.298),
          List.of(256.0, 256.0, 256.0),
          new Crop.None(),
          "dlib");

  public DlibResNetConfig {
    preprocessing.ifPresent(input -> FaceNetworkInput.requireSides(input, LEAST_SIDE));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(DLIB);
  }

  @Override
  public String describe() {
    return "dlib ResNet-29";
  }

  @Override
  public ComputationGraph build(long seed) {
    return DlibResNetGraph.build(this, seed);
  }

  /** That of face-api.js: {@code conv32_1/conv1/conv/filters}, {@code fc} and so on. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return DlibResNetGraph.naming();
  }
}
