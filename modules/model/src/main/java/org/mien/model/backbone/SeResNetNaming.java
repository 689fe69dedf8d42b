package org.mien.model.backbone;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.model.weights.TensorNaming;

/** From the names of pretrained-models, which the graph has, to those of an SE-ResNet's file. */
final class SeResNetNaming implements TensorNaming {
  private static final Pattern BLOCK = Pattern.compile("layer([1-9])\\.(\\d+)\\.(.+)");

  /** Parts of a block in VGGFace2's files, which are called after the Caffe network. */
  private static final Map<String, String> CAFFE_PARTS =
      Map.ofEntries(
          Map.entry("conv1", "1x1_reduce"),
          Map.entry("bn1", "1x1_reduce_bn"),
          Map.entry("conv2", "3x3"),
          Map.entry("bn2", "3x3_bn"),
          Map.entry("conv3", "1x1_increase"),
          Map.entry("bn3", "1x1_increase_bn"),
          Map.entry("se_module.fc1", "1x1_down"),
          Map.entry("se_module.fc2", "1x1_up"),
          Map.entry("downsample.0", "1x1_proj"),
          Map.entry("downsample.1", "1x1_proj_bn"));

  private static final TensorNaming TORCH =
      TensorNaming.torch(
          tensor -> tensor.matches("(last_linear|fc|classifier|feat_extract)\\.(weight|bias)"));

  private final UnaryOperator<String> layers;

  private SeResNetNaming(UnaryOperator<String> layers) {
    this.layers = layers;
  }

  /** Chooses by the name of the first convolution, which each layout calls differently. */
  static SeResNetNaming of(Set<String> found) {
    if (found.contains("conv1_7x7_s2.weight")) {
      return new SeResNetNaming(SeResNetNaming::caffe);
    }
    if (found.contains("conv1.weight")) {
      return new SeResNetNaming(SeResNetNaming::plain);
    }
    return new SeResNetNaming(UnaryOperator.identity());
  }

  private static String caffe(String layer) {
    Matcher block = BLOCK.matcher(layer);
    if (block.matches()) {
      return String.format(
          "conv%d_%d_%s",
          Integer.parseInt(block.group(1)) + 1,
          Integer.parseInt(block.group(2)) + 1,
          CAFFE_PARTS.get(block.group(3)));
    }
    return layer.equals("layer0.conv1") ? "conv1_7x7_s2" : "conv1_7x7_s2_bn";
  }

  private static String plain(String layer) {
    return layer
        .replace("layer0.", "")
        .replace("se_module.fc1", "conv4")
        .replace("se_module.fc2", "conv5");
  }

  @Override
  public Layout layout() {
    return Layout.TORCH;
  }

  @Override
  public Optional<String> tensor(String layer, Role role) {
    return TORCH.tensor(layers.apply(layer), role);
  }

  @Override
  public boolean leftOut(String tensor) {
    return TORCH.leftOut(tensor);
  }
}
