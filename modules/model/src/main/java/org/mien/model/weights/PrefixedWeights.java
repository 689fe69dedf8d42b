package org.mien.model.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Those tensors of a file whose names share a prefix, without it. */
record PrefixedWeights(StateDictionary whole, String prefix) implements StateDictionary {
  @Override
  public String origin() {
    return whole.origin();
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    whole
        .shapes()
        .forEach(
            (name, shape) -> {
              if (name.startsWith(prefix)) {
                shapes.put(name.substring(prefix.length()), shape);
              }
            });
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    return whole.values(prefix + name);
  }

  @Override
  public Optional<TensorNaming> naming() {
    return whole.naming();
  }
}
