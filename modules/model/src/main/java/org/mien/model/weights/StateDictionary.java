package org.mien.model.weights;

import java.util.List;
import java.util.Map;

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
   */
  float[] values(String name);
}
