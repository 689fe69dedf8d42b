package org.mien.model.backbone;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;

/**
 * Multiplies each plane of its first input {@code (batch, channels, height, width)} by one number
 * of its second {@code (batch, channels, 1, 1)}.
 *
 * <p>Deeplearning4j's product computes that, forward and backward, but its configuration refuses
 * inputs of different sizes; only that is different here.
 */
public final class ChannelGateVertex extends ElementWiseVertex {
  private static final long serialVersionUID = 1;

  /** Public for Deeplearning4j, which reads graphs from JSON. */
  public ChannelGateVertex() {
    super(Op.Product);
  }

  @Override
  public ChannelGateVertex clone() {
    return new ChannelGateVertex();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelGateVertex;
  }

  @Override
  public int hashCode() {
    return ChannelGateVertex.class.hashCode();
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  /** The planes' type. */
  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length == 2
        && inputs[0] instanceof InputType.InputTypeConvolutional planes
        && inputs[1] instanceof InputType.InputTypeConvolutional gates
        && gates.getChannels() == planes.getChannels()
        && gates.getHeight() == 1
        && gates.getWidth() == 1) {
      return planes;
    }
    throw new InvalidInputTypeException(
        "expected planes and one number for each, was " + Arrays.toString(inputs));
  }
}
