package org.mien.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a value of a configuration may be.
 *
 * @param raw the class without its type arguments; boxed for numbers and booleans
 * @param element what a list, map or optional holds; null for others
 */
record ConfigType(Kind kind, Class<?> raw, ConfigType element) {
  enum Kind {
    TEXT,
    PATH,
    INT,
    LONG,
    DOUBLE,
    BOOLEAN,
    CHOICE,
    LIST,
    MAP,
    OPTIONAL,
    RECORD,
    VARIANT
  }

  private static final Map<Class<?>, Kind> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, Kind.TEXT),
          Map.entry(Path.class, Kind.PATH),
          Map.entry(int.class, Kind.INT),
          Map.entry(Integer.class, Kind.INT),
          Map.entry(long.class, Kind.LONG),
          Map.entry(Long.class, Kind.LONG),
          Map.entry(double.class, Kind.DOUBLE),
          Map.entry(Double.class, Kind.DOUBLE),
          Map.entry(boolean.class, Kind.BOOLEAN),
          Map.entry(Boolean.class, Kind.BOOLEAN));

  /**
   * @throws IllegalArgumentException if values of this type cannot be configured
   */
  static ConfigType of(Type type) {
    if (type instanceof Class<?> raw) {
      if (SCALARS.containsKey(raw)) {
        return new ConfigType(SCALARS.get(raw), raw, null);
      } else if (raw.isEnum()) {
        return new ConfigType(Kind.CHOICE, raw, null);
      } else if (raw.isRecord()) {
        return new ConfigType(Kind.RECORD, raw, null);
      } else if (raw.isSealed() && raw.isInterface()) {
        return new ConfigType(Kind.VARIANT, raw, null);
      }
    } else if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ConfigType(Kind.LIST, List.class, of(arguments[0]));
      } else if (generic.getRawType() == Optional.class) {
        return new ConfigType(Kind.OPTIONAL, Optional.class, of(arguments[0]));
      } else if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new ConfigType(Kind.MAP, Map.class, of(arguments[1]));
      }
    }
    throw new IllegalArgumentException(
        "expected a String, int, long, double, boolean, Path, enum, record, sealed interface, or a"
            + " List, Map<String, ...> or Optional of these, was "
            + type.getTypeName());
  }

  /** How YAML writes an enum's constant: {@code LFW_VIEW1} is {@code lfw-view1}. */
  static String choiceName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The names of an enum's constants or of a sealed interface's variants. */
  List<String> choices() {
    return kind == Kind.CHOICE
        ? Arrays.stream(raw.getEnumConstants()).map(c -> choiceName((Enum<?>) c)).toList()
        : List.copyOf(variants().keySet());
  }

  /** The records of a sealed interface by their {@link TypeName}, in the order of its permits. */
  Map<String, Class<?>> variants() {
    Map<String, Class<?>> variants = new LinkedHashMap<>();
    collectVariants(raw, variants);
    return variants;
  }

  private static void collectVariants(Class<?> sealed, Map<String, Class<?>> variants) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        collectVariants(permitted, variants);
        continue;
      }
      String name =
          typeName(permitted)
              .orElseThrow(
                  () -> new IllegalArgumentException(permitted.getName() + " lacks @TypeName"));
      Class<?> earlier = variants.put(name, permitted);
      if (earlier != null) {
        throw new IllegalArgumentException(
            permitted.getName() + " and " + earlier.getName() + " share the type name " + name);
      }
    }
  }

  static Optional<String> typeName(Class<?> record) {
    return Optional.ofNullable(record.getAnnotation(TypeName.class)).map(TypeName::value);
  }
}
