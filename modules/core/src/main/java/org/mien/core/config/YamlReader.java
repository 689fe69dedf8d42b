package org.mien.core.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** From text to a tree of nodes that know their position, within bounds. */
final class YamlReader {
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_DEPTH = 64;

  private YamlReader() {}

  /**
   * Returns the tree of the one document in {@code yaml}, a null node if there is none, or nothing
   * if a problem was added.
   *
   * @param label names the source in positions
   */
  static Optional<Node> compose(String yaml, String label, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(label)
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_BYTES)
            .setAllowDuplicateKeys(true) // the binder reports them, with both lines
            .build();
    try {
      if (!withinBounds(settings, yaml, problems)) {
        return Optional.empty();
      }
      Optional<Node> root = new Compose(settings).composeString(yaml);
      return root.isPresent() ? root : Optional.of(nullNode(label));
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(start(label));
      String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
      problems.add(mark, "", "not YAML: " + e.getProblem() + context);
    } catch (ReaderException e) {
      problems.add(
          markAt(yaml, e.getPosition(), label),
          "",
          String.format("not YAML: the character U+%04X is not allowed", e.getCodePoint()));
    } catch (YamlEngineException e) {
      problems.add(start(label), "", "not YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  /**
   * The composer calls itself for each level and shares aliased nodes, so both are checked first.
   */
  private static boolean withinBounds(LoadSettings settings, String yaml, Problems problems) {
    boolean fine = true;
    int depth = 0;
    for (Event event : new Parse(settings).parseString(yaml)) {
      Mark mark = event.getStartMark().orElse(start(settings.getLabel()));
      if (event instanceof NodeEvent node && isShared(node)) {
        problems.add(mark, "", "anchors (&) and aliases (*) are not allowed; repeat the value");
        fine = false;
      }
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        problems.add(mark, "", "nested deeper than " + MAX_DEPTH + " levels");
        return false;
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
    return fine;
  }

  private static boolean isShared(NodeEvent event) {
    return event instanceof AliasEvent || event.getAnchor().isPresent();
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
  }

  static Node nullNode(String label) {
    Optional<Mark> mark = Optional.of(start(label));
    return new ScalarNode(Tag.NULL, true, "", ScalarStyle.PLAIN, mark, mark);
  }

  /** The first character of a source. */
  static Mark start(String label) {
    return new Mark(label, 0, 0, 0, new int[0], 0);
  }

  private static Mark markAt(String yaml, int codePoints, String label) {
    int end =
        yaml.offsetByCodePoints(0, Math.min(codePoints, yaml.codePointCount(0, yaml.length())));
    String before = yaml.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count();
    int column = before.length() - (before.lastIndexOf('\n') + 1);
    return new Mark(label, codePoints, line, column, new int[0], 0);
  }
}
