package org.mien.core.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads single values. Every method returns null after adding a problem.
 *
 * <p>The YAML 1.2 core schema has already decided whether plain text is a number, a boolean, null
 * or text; its tag says so.
 */
final class ScalarBinder {
  private static final int MAX_SHOWN = 60;
  private static final int MAX_DIGITS = 400;

  private final Problems problems;
  private final Variables variables;

  ScalarBinder(Problems problems, Variables variables) {
    this.problems = problems;
    this.variables = variables;
  }

  String text(Node node, String path) {
    if (!has(node, Tag.STR)) {
      boolean scalar = node instanceof ScalarNode && !YamlReader.isNull(node);
      problems.add(
          node,
          path,
          "expected text, was " + describe(node) + (scalar ? "; put it in quotes" : ""));
      return null;
    }
    return variables.expand(valueOf(node), problem -> problems.add(node, path, problem));
  }

  Path path(Node node, String path) {
    String text = text(node, path);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      problems.add(node, path, "expected a file or folder, was " + describe(node));
      return null;
    }
  }

  Boolean bool(Node node, String path) {
    String value = has(node, Tag.BOOL) ? valueOf(node).toLowerCase(Locale.ROOT) : "";
    if (!value.equals("true") && !value.equals("false")) {
      problems.add(node, path, "expected true or false, was " + describe(node));
      return null;
    }
    return value.equals("true");
  }

  Object choice(ConfigType type, Node node, String path) {
    int index = type.choices().indexOf(has(node, Tag.STR) ? valueOf(node) : null);
    if (index < 0) {
      String hint =
          node instanceof ScalarNode scalar
              ? Suggestion.hint(scalar.getValue(), type.choices())
              : "";
      problems.add(
          node,
          path,
          "expected one of "
              + String.join(", ", type.choices())
              + ", was "
              + describe(node)
              + hint);
      return null;
    }
    return type.raw().getEnumConstants()[index];
  }

  Double number(Node node, String path, Range range) {
    try {
      String text = has(node, Tag.FLOAT) || has(node, Tag.INT) ? valueOf(node) : "";
      double value =
          text.startsWith("0x") || text.startsWith("0o")
              ? exact(text).doubleValue()
              : Double.parseDouble(text);
      if (Double.isFinite(value) && range.contains(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Not a number, .inf or .nan: told below.
    }
    problems.add(node, path, "expected a number" + range.describe() + ", was " + describe(node));
    return null;
  }

  /** Returns a whole number between {@code smallest} and {@code largest} and in the range. */
  Long wholeNumber(Node node, String path, Range range, long smallest, long largest) {
    String expected = "a whole number" + range.describe();
    try {
      BigDecimal value = exact(has(node, Tag.INT) || has(node, Tag.FLOAT) ? valueOf(node) : "");
      boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
      boolean fits =
          value.compareTo(BigDecimal.valueOf(smallest)) >= 0
              && value.compareTo(BigDecimal.valueOf(largest)) <= 0;
      if (whole && fits && range.contains(value.doubleValue())) {
        return value.longValue();
      }
      if (whole && !fits) {
        expected = "a whole number in [" + smallest + ", " + largest + "]";
      }
    } catch (NumberFormatException e) {
      // Not a finite number: told below.
    }
    problems.add(node, path, "expected " + expected + ", was " + describe(node));
    return null;
  }

  private static BigDecimal exact(String text) {
    if (text.length() > MAX_DIGITS) {
      throw new NumberFormatException("too many digits");
    } else if (text.startsWith("0x")) {
      return new BigDecimal(new BigInteger(text.substring(2), 16));
    } else if (text.startsWith("0o")) {
      return new BigDecimal(new BigInteger(text.substring(2), 8));
    }
    return new BigDecimal(text);
  }

  private static boolean has(Node node, Tag tag) {
    return node instanceof ScalarNode && node.getTag().equals(tag);
  }

  private static String valueOf(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  /** What a node is, to follow "was": {@code 28.6}, {@code "abc"}, {@code a list}. */
  static String describe(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    } else if (node instanceof SequenceNode) {
      return "a list";
    }
    String value = valueOf(node);
    if (node.getTag().equals(Tag.NULL)) {
      return value.isEmpty() ? "empty" : value;
    }
    if (value.length() > MAX_SHOWN) {
      value = value.substring(0, value.offsetByCodePoints(0, MAX_SHOWN / 2)) + "...";
    }
    return node.getTag().equals(Tag.STR) ? "\"" + value + "\"" : value;
  }
}
