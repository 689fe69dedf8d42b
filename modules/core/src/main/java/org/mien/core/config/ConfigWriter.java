package org.mien.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Writes a configuration record as YAML that {@link ConfigLoader} reads back into an equal record.
 *
 * <p>Keys come in the order of the components, {@code type:} first where a record has a {@link
 * TypeName}; every value is written, so nothing depends on a default; an empty {@code Optional} is
 * left out, or written {@code null} where its default would fill it. Variables were replaced when
 * the record was read and stay so.
 */
public final class ConfigWriter {
  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setSchema(new CoreSchema())
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setIndent(2)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .setSplitLines(false)
          .setBestLineBreak("\n")
          .build();

  private ConfigWriter() {}

  /**
   * Returns the record as YAML, ending with a newline.
   *
   * @throws IllegalArgumentException if {@code record} is not a configuration record or holds null
   *     or a number that is not finite
   */
  public static String toYaml(Object record) {
    if (!record.getClass().isRecord()) {
      throw new IllegalArgumentException("expected a record, was " + record.getClass().getName());
    }
    TextWriter out = new TextWriter();
    new Dump(SETTINGS).dumpNode(node(ConfigType.of(record.getClass()), record), out);
    return out.text.toString();
  }

  private static Node node(ConfigType type, Object value) {
    return switch (type.kind()) {
      case TEXT, PATH -> scalar(Tag.STR, Variables.escape(value.toString()));
      case CHOICE -> scalar(Tag.STR, ConfigType.choiceName((Enum<?>) value));
      case BOOLEAN -> scalar(Tag.BOOL, value.toString());
      case INT, LONG -> scalar(Tag.INT, value.toString());
      case DOUBLE -> number((Double) value);
      case LIST -> list(type.element(), (List<?>) value);
      case MAP -> map(type.element(), (Map<?, ?>) value);
      case OPTIONAL ->
          ((Optional<?>) value)
              .map(present -> node(type.element(), present))
              .orElseGet(() -> scalar(Tag.NULL, "null"));
      case RECORD, VARIANT -> record(value);
    };
  }

  private static Node number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("expected a finite number, was " + value);
    }
    return scalar(Tag.FLOAT, Double.toString(value)); // the shortest text that reads back equal
  }

  private static Node list(ConfigType element, List<?> values) {
    List<Node> nodes = new ArrayList<>();
    values.forEach(value -> nodes.add(node(element, value)));
    boolean flat = nodes.stream().allMatch(ScalarNode.class::isInstance);
    return new SequenceNode(Tag.SEQ, nodes, flat ? FlowStyle.FLOW : FlowStyle.BLOCK);
  }

  private static Node map(ConfigType element, Map<?, ?> values) {
    List<NodeTuple> entries = new ArrayList<>();
    values.forEach((key, value) -> entries.add(entry(key.toString(), node(element, value))));
    return mapping(entries);
  }

  private static Node record(Object record) {
    List<NodeTuple> entries = new ArrayList<>();
    ConfigType.typeName(record.getClass())
        .ifPresent(name -> entries.add(entry(Key.TYPE, scalar(Tag.STR, name))));
    for (Key key : Key.of(record.getClass())) {
      Object value = key.read(record);
      if (value == null) {
        throw new IllegalArgumentException(
            record.getClass().getName() + "." + key.name() + " is null");
      }
      if (key.hasDefault() || !value.equals(Optional.empty())) {
        entries.add(entry(key.name(), node(key.type(), value)));
      }
    }
    return mapping(entries);
  }

  private static NodeTuple entry(String key, Node value) {
    return new NodeTuple(scalar(Tag.STR, key), value);
  }

  private static Node mapping(List<NodeTuple> entries) {
    return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
  }

  private static Node scalar(Tag tag, String value) {
    // Plain is quoted by the emitter where it would be misread, but for some invisible characters,
    // such as U+0085, that it writes as they are and the parser takes for white space.
    boolean visible = value.codePoints().allMatch(c -> c == ' ' || isVisible(c));
    return new ScalarNode(tag, value, visible ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static final class TextWriter implements StreamDataWriter {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(String part) {
      text.append(part);
    }

    @Override
    public void write(String part, int offset, int length) {
      text.append(part, offset, offset + length);
    }
  }
}
