package org.mien.model.backbone;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.model.weights.TensorNaming;

/** The two ways in which PyTorch files call MobileFaceNet's tensors. */
final class MobileFaceNetNaming {
  /** The eight parts that {@code arcface_torch} numbers. */
  private static final List<String> NUMBERED =
      List.of("conv1", "conv2_dw", "conv_23", "conv_3", "conv_34", "conv_4", "conv_45", "conv_5");

  private static final List<String> IN_BLOCK = List.of("conv", "bn", "prelu");
  private static final List<String> IN_BOTTLENECK = List.of("conv", "conv_dw", "project");
  private static final Pattern PART =
      Pattern.compile(
          "(?<part>conv[^.]+)(\\.model\\.(?<unit>\\d+))?(\\.(?<step>conv|conv_dw|project))?"
              + "\\.(?<layer>conv|bn|prelu)");

  private MobileFaceNetNaming() {}

  static TensorNaming of(Map<String, List<Long>> found) {
    boolean numbered = found.keySet().stream().anyMatch(name -> name.startsWith("layers."));
    TensorNaming torch = TensorNaming.torch(tensor -> false);
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return torch.layout();
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        return torch.tensor(numbered ? numbered(layer) : named(layer), role);
      }

      @Override
      public boolean leftOut(String tensor) {
        return torch.leftOut(tensor);
      }
    };
  }

  private static String named(String layer) {
    return layer.equals(NetworkBuilder.FEATURES) ? "bn" : layer;
  }

  private static String numbered(String layer) {
    if (layer.equals("linear")) {
      return "features.layers.2";
    }
    if (layer.equals(NetworkBuilder.FEATURES)) {
      return "features.layers.3";
    }
    Matcher matcher = PART.matcher(layer);
    if (!matcher.matches()) {
      throw new IllegalStateException("no name for the layer " + layer);
    }
    String last = ".layers." + IN_BLOCK.indexOf(matcher.group("layer"));
    String part = matcher.group("part");
    if (part.equals("conv_6_sep")) {
      return "conv_sep" + last;
    }
    if (part.equals("conv_6_dw")) {
      return "features.layers.0" + last;
    }
    String unit = matcher.group("unit");
    String step = matcher.group("step");
    return "layers."
        + NUMBERED.indexOf(part)
        + (unit == null ? "" : ".layers." + unit)
        + (step == null ? "" : ".layers." + IN_BOTTLENECK.indexOf(step))
        + last;
  }
}
