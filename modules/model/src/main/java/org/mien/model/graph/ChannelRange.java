package org.mien.model.graph;

import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Takes a range of planes. It computes what {@link SubsetVertex} computes; that one, however,
 * miscounts the planes that come out when shapes are inferred.
 */
public final class ChannelRange extends SubsetVertex {

  /**
   * @param from first plane, from 0
   * @param to last plane, inclusive
   */
  public ChannelRange(@JsonProperty("from") int from, @JsonProperty("to") int to) {
    super(from, to);
  }

  @Override
  public SubsetVertex clone() {
    return new ChannelRange(getFrom(), getTo());
  }

  /** As many planes as are taken, of the size that they had. */
  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    if (inputs.length == 1 && inputs[0] instanceof InputType.InputTypeConvolutional planes) {
      return InputType.convolutional(
          planes.getHeight(), planes.getWidth(), getTo() - getFrom() + 1L);
    }
    return super.getOutputType(layerIndex, inputs);
  }
}
