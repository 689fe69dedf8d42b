package org.mien.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes the assignments of {@code --set} into the tree before it is bound. */
final class Overrides {
  private final Problems problems;

  Overrides(Problems problems) {
    this.problems = problems;
  }

  /** What stands for the position of a value that came from {@code --set}. */
  static String label(String path) {
    return "--set " + path;
  }

  void apply(Node root, List<String> assignments) {
    assignments.forEach(assignment -> apply(root, assignment));
  }

  private void apply(Node root, String assignment) {
    List<String> path = new ArrayList<>();
    int equals = splitPath(assignment, path);
    String label = label(equals < 0 ? assignment : assignment.substring(0, equals));
    if (equals < 0 || path.stream().anyMatch(String::isEmpty)) {
      problems.add(YamlReader.start(label), "", "expected key=value, such as training.epochs=3");
      return;
    }
    YamlReader.compose(assignment.substring(equals + 1), label, problems)
        .ifPresent(value -> new Assignment(path, value, label).into(root, 0));
  }

  /** Splits at dots up to the first '=', neither inside double quotes; returns where that is. */
  private static int splitPath(String assignment, List<String> path) {
    StringBuilder segment = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < assignment.length(); i++) {
      char c = assignment.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted || (c != '.' && c != '=')) {
        segment.append(c);
      } else {
        path.add(segment.toString());
        segment.setLength(0);
        if (c == '=') {
          return i;
        }
      }
    }
    return -1;
  }

  private final class Assignment {
    private final List<String> path;
    private final Node value;
    private final String label;

    Assignment(List<String> path, Node value, String label) {
      this.path = path;
      this.value = value;
      this.label = label;
    }

    /** Goes from a node that stands for the first {@code from} segments to the value's place. */
    void into(Node node, int from) {
      if (node instanceof MappingNode mapping) {
        intoMapping(mapping, from);
      } else if (node instanceof SequenceNode sequence) {
        intoSequence(sequence, from);
      } else {
        String at = from == 0 ? "the file" : String.join(".", path.subList(0, from));
        problems.add(
            YamlReader.start(label),
            "",
            "expected " + at + " to be a mapping or a list, was " + ScalarBinder.describe(node));
      }
    }

    private void intoMapping(MappingNode mapping, int from) {
      List<NodeTuple> entries = new ArrayList<>(mapping.getValue());
      // A key of the file may hold dots itself, so the longest match wins.
      for (int to = path.size(); to > from; to--) {
        int index = indexOf(entries, String.join(".", path.subList(from, to)));
        if (index >= 0) {
          NodeTuple old = entries.get(index);
          Node child = childFor(old.getValueNode(), to);
          entries.set(index, new NodeTuple(old.getKeyNode(), child));
          mapping.setValue(entries);
          return;
        }
      }
      Optional<Mark> mark = Optional.of(YamlReader.start(label));
      Node key = new ScalarNode(Tag.STR, true, path.get(from), ScalarStyle.PLAIN, mark, mark);
      entries.add(new NodeTuple(key, childFor(YamlReader.nullNode(label), from + 1)));
      mapping.setValue(entries);
    }

    private void intoSequence(SequenceNode sequence, int from) {
      List<Node> elements = sequence.getValue();
      int index = path.get(from).matches("[0-9]{1,6}") ? Integer.parseInt(path.get(from)) : -1;
      if (index < 0 || index > elements.size()) {
        problems.add(
            YamlReader.start(label),
            "",
            String.format(
                "expected an index from 0 to %d into %s, was %s",
                elements.size(), String.join(".", path.subList(0, from)), path.get(from)));
      } else if (index == elements.size()) {
        elements.add(childFor(YamlReader.nullNode(label), from + 1));
      } else {
        elements.set(index, childFor(elements.get(index), from + 1));
      }
    }

    /** Returns what belongs where {@code old} is, the first {@code to} segments being used. */
    private Node childFor(Node old, int to) {
      if (to == path.size()) {
        return value;
      }
      Node child = old;
      if (YamlReader.isNull(old)) {
        Optional<Mark> mark = Optional.of(YamlReader.start(label));
        child = new MappingNode(Tag.MAP, true, new ArrayList<>(), FlowStyle.BLOCK, mark, mark);
      }
      into(child, to);
      return child;
    }

    private static int indexOf(List<NodeTuple> entries, String key) {
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).getKeyNode() instanceof ScalarNode scalar
            && scalar.getValue().equals(key)) {
          return i;
        }
      }
      return -1;
    }
  }
}
