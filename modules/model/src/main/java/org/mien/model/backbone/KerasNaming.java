package org.mien.model.backbone;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.model.weights.TensorNaming;

/**
 * Keras' names in HDF5 files, which changed with its versions: {@code conv1_1/conv1_1_W:0}, {@code
 * conv1_1/conv1_1/kernel:0}, {@code conv1_1/conv1_1_1/kernel:0}, {@code conv1_1/kernel}, {@code
 * conv1_1_W_1}. The first part is the layer, the end of the last one says what the tensor is; a
 * number at the end is the session's.
 */
final class KerasNaming implements TensorNaming {
  private static final Pattern NAME =
      Pattern.compile(
          "/?(?:model_weights/)?(?:([^/]+)/(?:.*[/_])?|([^/]+)_)(kernel|W|bias|b|gamma|beta"
              + "|moving_mean|moving_variance|running_mean|running_std)(?:_\\d+)?(?::0)?");

  private static final Pattern SESSION = Pattern.compile("_\\d+$");

  private record Key(String layer, String part) {}

  private final Map<Key, String> tensors = new HashMap<>();
  private final Predicate<String> leftOutLayers;

  /**
   * @param found the file's tensors
   * @param leftOutLayers layers that the graph has no place for
   */
  KerasNaming(Set<String> found, Predicate<String> leftOutLayers) {
    this.leftOutLayers = leftOutLayers;
    for (String tensor : found) {
      Matcher matcher = NAME.matcher(tensor);
      if (matcher.matches()) {
        tensors.put(new Key(layer(matcher), part(matcher)), tensor);
      }
    }
  }

  /** Whether any tensor is called a kernel as Keras does. */
  static boolean isKeras(Set<String> found) {
    return found.stream()
        .map(NAME::matcher)
        .anyMatch(name -> name.matches() && part(name).equals("kernel"));
  }

  private static String layer(Matcher name) {
    return name.group(1) == null ? name.group(2) : name.group(1);
  }

  private static String part(Matcher name) {
    return switch (name.group(3)) {
      case "W" -> "kernel";
      case "b" -> "bias";
      case "running_mean" -> "moving_mean";
      case "running_std" -> "moving_variance";
      default -> name.group(3);
    };
  }

  @Override
  public Layout layout() {
    return Layout.TENSORFLOW;
  }

  @Override
  public Optional<String> tensor(String layer, Role role) {
    String part =
        switch (role) {
          case WEIGHT -> "kernel";
          case BIAS -> "bias";
          case GAMMA -> "gamma";
          case BETA -> "beta";
          case MEAN -> "moving_mean";
          case VARIANCE -> "moving_variance";
          case SLOPE -> "alpha";
        };
    String numbered = tensors.get(new Key(layer + "_1", part));
    // A name that is not there makes the loader say so.
    String otherwise = numbered == null ? layer + "/" + part : numbered;
    return Optional.of(tensors.getOrDefault(new Key(layer, part), otherwise));
  }

  @Override
  public boolean leftOut(String tensor) {
    Matcher matcher = NAME.matcher(tensor);
    return matcher.matches()
        && (leftOutLayers.test(layer(matcher))
            || leftOutLayers.test(SESSION.matcher(layer(matcher)).replaceFirst("")));
  }
}
