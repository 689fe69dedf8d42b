package org.mien.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One key of a configuration record: a component and what its {@link Setting} says. */
record Key(Class<?> record, String name, ConfigType type, Setting setting, Method accessor) {
  /** The key that chooses a variant; no component may be called so. */
  static final String TYPE = "type";

  /**
   * The keys of a record in the order of its components.
   *
   * @throws IllegalArgumentException if a component has no {@link Setting}, is called {@code type},
   *     or has a type that cannot be configured
   */
  static List<Key> of(Class<?> record) {
    List<Key> keys = new ArrayList<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String name = record.getName() + "." + component.getName();
      Setting setting = component.getAnnotation(Setting.class);
      if (setting == null) {
        throw new IllegalArgumentException(name + " lacks @Setting");
      }
      if (component.getName().equals(TYPE)) {
        throw new IllegalArgumentException(name + ": the key type is taken for choosing a variant");
      }
      try {
        ConfigType type = ConfigType.of(component.getGenericType());
        Method accessor = component.getAccessor();
        accessor.setAccessible(true); // the record may be package-private
        keys.add(new Key(record, component.getName(), type, setting, accessor));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
    return keys;
  }

  static Constructor<?> constructorOf(Class<?> record) {
    Class<?>[] types =
        Arrays.stream(record.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = record.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }

  /** Reads the component of a record. */
  Object read(Object owner) {
    try {
      return accessor.invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(record.getName() + "." + name + " cannot be read", e);
    }
  }

  boolean hasDefault() {
    return !setting.defaultValue().isEmpty();
  }

  boolean required() {
    return !hasDefault() && type.kind() != ConfigType.Kind.OPTIONAL;
  }
}
