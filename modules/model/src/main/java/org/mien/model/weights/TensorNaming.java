package org.mien.model.weights;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a file of weights calls the tensors of a network and how it lays them out: what {@link
 * WeightLoader} has to know besides the names of the graph's layers.
 */
public interface TensorNaming {

  /** What a parameter does in its layer. */
  enum Role {
    /** Of a convolution or a dense layer. */
    WEIGHT,
    BIAS,
    /** Scale of a batch normalisation. */
    GAMMA,
    /** Shift of a batch normalisation. */
    BETA,
    /** Running mean of a batch normalisation. */
    MEAN,
    /** Running variance of a batch normalisation. */
    VARIANCE,
    /** Of a PReLU, one a channel. */
    SLOPE
  }

  /** The order of axes. */
  enum Layout {
    /**
     * Convolutions {@code (out, in, height, width)}, depthwise ones {@code (out, 1, height,
     * width)}, dense layers {@code (out, in)} on planes flattened as {@code (channels, height,
     * width)}: PyTorch, ONNX, MXNet.
     */
    TORCH,
    /**
     * Convolutions {@code (height, width, in, out)}, depthwise ones {@code (height, width, in,
     * multiplier)}, dense layers {@code (in, out)} on planes flattened as {@code (height, width,
     * channels)}: TensorFlow, Keras, tfjs.
     */
    TENSORFLOW,
    /**
     * As the graph has them: convolutions {@code (out, in, height, width)}, depthwise ones {@code
     * (height, width, in, multiplier)}, dense layers {@code (in, out)} on planes flattened as
     * {@code (channels, height, width)}.
     */
    DEEPLEARNING4J
  }

  /** The file's order of axes. */
  Layout layout();

  /**
   * Names the tensor that belongs to a parameter.
   *
   * @param layer the layer's name in the graph
   * @return the tensor's name; empty where this kind of file has none and the graph's initial value
   *     stands, for example the scale of a batch normalisation without one
   */
  Optional<String> tensor(String layer, Role role);

  /** Whether a tensor of the file is left out on purpose, for example a classifier's. */
  boolean leftOut(String tensor);

  /**
   * PyTorch's names: {@code LAYER.weight}, {@code LAYER.bias}, {@code LAYER.running_mean}, {@code
   * LAYER.running_var}; the counters {@code num_batches_tracked} have no counterpart.
   *
   * @param leftOut further tensors to leave out
   */
  static TensorNaming torch(Predicate<String> leftOut) {
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return Layout.TORCH;
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        return Optional.of(
            layer
                + switch (role) {
                  case WEIGHT, GAMMA, SLOPE -> ".weight";
                  case BIAS, BETA -> ".bias";
                  case MEAN -> ".running_mean";
                  case VARIANCE -> ".running_var";
                });
      }

      @Override
      public boolean leftOut(String tensor) {
        return tensor.endsWith(".num_batches_tracked") || leftOut.test(tensor);
      }
    };
  }

  /**
   * Deeplearning4j's names, {@code LAYER/PARAMETER}: {@code conv1/W}, {@code bn1/gamma}.
   *
   * @param leftOut tensors to leave out
   */
  static TensorNaming deeplearning4j(Predicate<String> leftOut) {
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return Layout.DEEPLEARNING4J;
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        return Optional.of(
            layer
                + switch (role) {
                  case WEIGHT, SLOPE -> "/W";
                  case BIAS -> "/b";
                  case GAMMA -> "/gamma";
                  case BETA -> "/beta";
                  case MEAN -> "/mean";
                  case VARIANCE -> "/var";
                });
      }

      @Override
      public boolean leftOut(String tensor) {
        return leftOut.test(tensor);
      }
    };
  }
}
