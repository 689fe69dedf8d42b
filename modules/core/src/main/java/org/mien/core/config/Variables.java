package org.mien.core.config;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code ${NAME}} in text; <code>$${</code> stands for <code>${</code> itself. */
final class Variables {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?<name>[^{}]*)}|\\$\\{");

  private final Map<String, String> values;

  /**
   * @param values by name; null leaves every reference as it is
   */
  Variables(Map<String, String> values) {
    this.values = values;
  }

  /** Returns the text with its references replaced, or null after telling what is wrong. */
  String expand(String text, Consumer<String> problem) {
    if (values == null || !text.contains("${")) {
      return text;
    }
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    boolean fine = true;
    while (matcher.find()) {
      String name = matcher.group("name");
      String value = "${";
      if (name != null) {
        value = values.get(name);
      } else if (!matcher.group().startsWith("$$")) {
        problem.accept("${ without its }; write $${ for the characters themselves");
        fine = false;
      }
      if (value == null) {
        String known =
            values.isEmpty()
                ? "none is known"
                : "known: " + String.join(", ", new TreeSet<>(values.keySet()));
        problem.accept("unknown variable ${" + name + "}; " + known);
        fine = false;
        value = "";
      }
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return fine ? matcher.appendTail(expanded).toString() : null;
  }

  /** Returns text that {@link #expand} turns back into {@code text}. */
  static String escape(String text) {
    return text.replace("${", "$${");
  }
}
