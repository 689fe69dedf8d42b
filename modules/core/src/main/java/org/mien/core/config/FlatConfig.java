package org.mien.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A configuration as one line a value, for comparing two of them or telling another program: {@code
 * training.optimizer.learningRate} to {@code 0.001}. Elements of a list have their index, from 0,
 * as {@code --set} wants it; a list of plain values stays one value, {@code [0.5, 0.75]}.
 */
public final class FlatConfig {
  private FlatConfig() {}

  /**
   * Returns the values by key, in the order of the file.
   *
   * @param fileName stands before the line number in messages
   * @throws org.mien.core.error.ConfigException if the text is not YAML within {@link
   *     ConfigLoader}'s bounds
   */
  public static Map<String, String> of(String yaml, String fileName) {
    Problems problems = new Problems(fileName);
    Node root = YamlReader.compose(yaml, fileName, problems).orElse(null);
    problems.throwIfAny();
    Map<String, String> flat = new LinkedHashMap<>();
    put(flat, "", root);
    return Collections.unmodifiableMap(flat);
  }

  private static void put(Map<String, String> flat, String path, Node node) {
    if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
      for (NodeTuple entry : mapping.getValue()) {
        String key =
            entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "(not a text)";
        put(flat, path.isEmpty() ? key : path + "." + key, entry.getValueNode());
      }
    } else if (node instanceof SequenceNode sequence && !isFlat(sequence.getValue())) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        put(flat, path + "." + i, sequence.getValue().get(i));
      }
    } else if (node != null) {
      flat.put(path, text(node));
    }
  }

  private static boolean isFlat(List<Node> nodes) {
    return nodes.stream().allMatch(ScalarNode.class::isInstance);
  }

  private static String text(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    return node instanceof SequenceNode sequence
        ? sequence.getValue().stream().map(FlatConfig::text).toList().toString()
        : "{}";
  }
}
