package org.mien.core.config;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns nodes into values. Every method returns null after adding a problem and goes on with the
 * rest, so that all problems are found in one pass.
 */
final class Binder {
  private static final Set<Tag> YAML_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

  private final Problems problems;
  private final ScalarBinder scalars;

  Binder(Problems problems, Variables variables) {
    this.problems = problems;
    this.scalars = new ScalarBinder(problems, variables);
  }

  /**
   * @param path the key the node stands at, such as {@code data.sources.0.folder}; empty at the
   *     root
   * @param range for each number in the value, but not for those in a nested record
   */
  Object bind(ConfigType type, Node node, String path, Range range) {
    if (!YAML_TAGS.contains(node.getTag())) {
      problems.add(node, path, "the tag " + node.getTag().getValue() + " is not allowed");
      return null;
    }
    return switch (type.kind()) {
      case TEXT -> scalars.text(node, path);
      case PATH -> scalars.path(node, path);
      case BOOLEAN -> scalars.bool(node, path);
      case CHOICE -> scalars.choice(type, node, path);
      case DOUBLE -> scalars.number(node, path, range);
      case LONG -> scalars.wholeNumber(node, path, range, Long.MIN_VALUE, Long.MAX_VALUE);
      case INT -> {
        Long value = scalars.wholeNumber(node, path, range, Integer.MIN_VALUE, Integer.MAX_VALUE);
        yield value == null ? null : Math.toIntExact(value);
      }
      case LIST -> list(type.element(), node, path, range);
      case MAP -> map(type.element(), node, path, range);
      case OPTIONAL ->
          YamlReader.isNull(node)
              ? Optional.empty()
              : optional(bind(type.element(), node, path, range));
      case RECORD -> record(type.raw(), node, path);
      case VARIANT -> variant(type, node, path);
    };
  }

  private static Object optional(Object value) {
    return value == null ? null : Optional.of(value);
  }

  private List<Object> list(ConfigType element, Node node, String path, Range range) {
    if (!(node instanceof SequenceNode sequence)) {
      problems.add(node, path, "expected a list, was " + ScalarBinder.describe(node));
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (Node child : sequence.getValue()) {
      values.add(bind(element, child, join(path, String.valueOf(values.size())), range));
    }
    return values.contains(null) ? null : Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(ConfigType element, Node node, String path, Range range) {
    Map<String, NodeTuple> entries = entries(node, path);
    if (entries == null) {
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) ->
            values.put(key, bind(element, entry.getValueNode(), join(path, key), range)));
    return values.containsValue(null) ? null : Collections.unmodifiableMap(values);
  }

  private Object variant(ConfigType type, Node node, String path) {
    Map<String, NodeTuple> entries = entries(node, path);
    if (entries == null) {
      return null;
    }
    NodeTuple chosen = entries.get(Key.TYPE);
    if (chosen == null) {
      problems.add(
          node,
          join(path, Key.TYPE),
          "required, missing (one of " + String.join(", ", type.choices()) + ")");
      return null;
    }
    String name = nameOf(chosen.getValueNode());
    Class<?> record = type.variants().get(name);
    if (record == null) {
      wrongType(type.choices(), chosen.getValueNode(), path);
      return null;
    }
    return record(record, entries, node, path);
  }

  private Object record(Class<?> record, Node node, String path) {
    Map<String, NodeTuple> entries = entries(node, path);
    if (entries == null) {
      return null;
    }
    // A variant's record that is asked for by itself may name its type, but need not.
    Optional<String> typeName = ConfigType.typeName(record);
    NodeTuple type = entries.get(Key.TYPE);
    if (type != null
        && typeName.isPresent()
        && !typeName.get().equals(nameOf(type.getValueNode()))) {
      wrongType(List.of(typeName.get()), type.getValueNode(), path);
    }
    return record(record, entries, node, path);
  }

  private void wrongType(List<String> choices, Node given, String path) {
    String hint =
        given instanceof ScalarNode scalar ? Suggestion.hint(scalar.getValue(), choices) : "";
    problems.add(
        given,
        join(path, Key.TYPE),
        "expected one of "
            + String.join(", ", choices)
            + ", was "
            + ScalarBinder.describe(given)
            + hint);
  }

  private Object record(Class<?> record, Map<String, NodeTuple> entries, Node node, String path) {
    List<Key> keys = Key.of(record);
    List<String> known = new ArrayList<>(keys.stream().map(Key::name).toList());
    if (ConfigType.typeName(record).isPresent()) {
      known.add(0, Key.TYPE);
    }
    entries.forEach(
        (name, entry) -> {
          if (!known.contains(name)) {
            problems.add(entry.getKeyNode(), join(path, name), unknown(name, known));
          }
        });
    List<Object> arguments = new ArrayList<>();
    for (Key key : keys) {
      arguments.add(component(key, entries.get(key.name()), node, path));
    }
    return arguments.contains(null) ? null : construct(record, arguments, node, path);
  }

  private static String unknown(String name, Collection<String> known) {
    String hint = Suggestion.hint(name, known);
    if (hint.isEmpty()) {
      hint = known.isEmpty() ? "; no keys are known here" : "; known: " + String.join(", ", known);
    }
    return "unknown key" + hint;
  }

  private Object component(Key key, NodeTuple entry, Node parent, String parentPath) {
    String path = join(parentPath, key.name());
    Range range = Range.of(key.setting());
    if (entry != null) {
      return bind(key.type(), entry.getValueNode(), path, range);
    } else if (key.hasDefault()) {
      return bind(key.type(), Defaults.node(key), path, range);
    } else if (!key.required()) {
      return Optional.empty();
    }
    problems.add(parent, path, "required, missing (" + key.setting().value() + ")");
    return null;
  }

  private Object construct(Class<?> record, List<Object> arguments, Node node, String path) {
    try {
      return Key.constructorOf(record).newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        problems.add(node, path, String.valueOf(refused.getMessage()));
        return null;
      }
      throw new IllegalStateException(record.getName() + " cannot be constructed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record.getName() + " cannot be constructed", e);
    }
  }

  /** Returns the entries of a mapping by key, the first of each, or null if it is none. */
  private Map<String, NodeTuple> entries(Node node, String path) {
    if (!(node instanceof MappingNode mapping)) {
      problems.add(node, path, "expected a mapping, was " + ScalarBinder.describe(node));
      return null;
    }
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key) || YamlReader.isNull(key)) {
        problems.add(
            entry.getKeyNode(),
            path,
            "expected a key, was " + ScalarBinder.describe(entry.getKeyNode()));
        continue;
      }
      NodeTuple earlier = entries.putIfAbsent(key.getValue(), entry);
      if (earlier != null) {
        int line = Problems.markOf(earlier.getKeyNode()).getLine() + 1;
        problems.add(key, join(path, key.getValue()), "given twice; the first is on line " + line);
      }
    }
    return entries;
  }

  private static String nameOf(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
