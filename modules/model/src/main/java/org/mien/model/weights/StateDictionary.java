package org.mien.model.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Named tensors, as PyTorch's {@code state_dict()} gives them. */
public interface StateDictionary {

  /** Where the tensors come from, for messages: a file's path. */
  String origin();

  /** The shape of every tensor, in the order of the file; a scalar's is empty. */
  Map<String, List<Long>> shapes();

  /**
   * Returns one tensor's values in C order, converted to 32-bit floats.
   *
   * @throws IllegalArgumentException if there is no such tensor
   * @throws org.mien.core.error.DataException if it can no longer be read
   */
  float[] values(String name);

  /**
   * How this file names and lays out its tensors, where the file itself says so; else the network
   * that is to be filled has to know.
   */
  default Optional<TensorNaming> naming() {
    return Optional.empty();
  }
}
