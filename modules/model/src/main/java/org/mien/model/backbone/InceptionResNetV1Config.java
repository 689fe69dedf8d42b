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
 * Inception-ResNet v1 (Szegedy et al. 2017) as FaceNet's reimplementation by Sandberg uses it, in
 * the layout of facenet-pytorch, whose files {@code 20180402-114759-vggface2.pt} and {@code
 * 20180408-102900-casia-webface.pt} it takes; the names are after that project's source code and
 * were not checked against a file of weights. Keras conversions are not read.
 *
 * <p>Deviations: there is no dropout before the embedding, which matters only in training, and the
 * embedding is not scaled to length 1 here: whoever compares embeddings does that.
 *
 * @param features the vector that the network gives
 * @param weights a state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default 160x160 RGB, {@code (pixel - 127.5) / 128}
 */
@TypeName("inception-resnet-v1")
public record InceptionResNetV1Config(
    @Setting(
            value =
                "embedding: the 512 numbers that FaceNet was trained to give; pooled: the mean over"
                    + " each of the last 1792 planes.",
            defaultValue = "embedding")
        Features features,
    @Setting("A .pt file of facenet-pytorch; random weights without it.") Optional<Path> weights,
    @Setting("Input contract; by default 160x160 RGB with mean 127.5 and std 128.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  /** Which vector is the feature vector. */
  public enum Features {
    /** 512 numbers: {@code last_linear} and {@code last_bn}. */
    EMBEDDING,
    /** 1792 numbers: the mean over each of the last planes. */
    POOLED
  }

  private static final int SMALLEST_SIDE = 75;

  private static final Preprocessing DEFAULT_INPUT =
      new Preprocessing(
          160,
          160,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(128.0, 128.0, 128.0),
          new Crop.None(),
          "any");

  public InceptionResNetV1Config {
    preprocessing.ifPresent(input -> PlaneSize.requireAtLeast(input, SMALLEST_SIDE));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(DEFAULT_INPUT);
  }

  @Override
  public String describe() {
    return "Inception-ResNet v1";
  }

  @Override
  public ComputationGraph build(long seed) {
    return InceptionResNetV1Graph.build(plan(), input(), seed);
  }

  InceptionResNetV1Plan plan() {
    return InceptionResNetV1Plan.published(features == Features.EMBEDDING);
  }

  /** Facenet-pytorch's; the classifier {@code logits} is left out. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    boolean embedded = features == Features.EMBEDDING;
    TensorNaming torch =
        TensorNaming.torch(
            tensor -> tensor.startsWith("logits.") || (!embedded && tensor.startsWith("last_")));
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return torch.layout();
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        // The last layer has the name that every backbone's features have.
        return torch.tensor(layer.equals(NetworkBuilder.FEATURES) ? "last_bn" : layer, role);
      }

      @Override
      public boolean leftOut(String tensor) {
        return torch.leftOut(tensor);
      }
    };
  }
}
