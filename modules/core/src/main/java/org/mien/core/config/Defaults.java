package org.mien.core.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The defaults of {@link Setting}s, written as YAML and bound as if they stood in the file. */
final class Defaults {
  private Defaults() {}

  /** Returns the default of a key that has one. */
  static Node node(Key key) {
    String label = "default of " + key.record().getSimpleName() + "." + key.name();
    Problems problems = new Problems("");
    return YamlReader.compose(key.setting().defaultValue(), label, problems)
        .orElseThrow(() -> new IllegalStateException(String.join("\n", problems.lines())));
  }

  /** See {@link ConfigLoader#checkDefaults}. */
  static void check(Class<?> type) {
    List<String> wrong = new ArrayList<>();
    check(ConfigType.of(type), new HashSet<>(), wrong);
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(String.join("\n", wrong));
    }
  }

  private static void check(ConfigType type, Set<Class<?>> seen, List<String> wrong) {
    switch (type.kind()) {
      case LIST, MAP, OPTIONAL -> check(type.element(), seen, wrong);
      case VARIANT -> type.variants().values().forEach(v -> check(ConfigType.of(v), seen, wrong));
      case RECORD -> {
        if (seen.add(type.raw())) {
          Key.of(type.raw()).forEach(key -> check(key, seen, wrong));
        }
      }
      case TEXT, PATH, INT, LONG, DOUBLE, BOOLEAN, CHOICE -> {}
    }
  }

  private static void check(Key key, Set<Class<?>> seen, List<String> wrong) {
    if (key.hasDefault()) {
      Problems problems = new Problems("");
      new Binder(problems, new Variables(null))
          .bind(key.type(), node(key), key.name(), Range.of(key.setting()));
      wrong.addAll(problems.lines());
    }
    check(key.type(), seen, wrong);
  }
}
