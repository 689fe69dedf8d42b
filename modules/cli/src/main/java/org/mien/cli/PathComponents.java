package org.mien.cli;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files and folders that a configuration names. */
final class PathComponents {
  private PathComponents() {}

  /** Returns the values of a record's components of type {@link Path}. */
  static List<Path> of(Object configuration) {
    List<Path> paths = new ArrayList<>();
    for (RecordComponent component : configuration.getClass().getRecordComponents()) {
      try {
        if (component.getAccessor().invoke(configuration) instanceof Path path) {
          paths.add(path);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot look at " + component, e);
      }
    }
    return paths;
  }
}
