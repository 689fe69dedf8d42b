package org.mien.core.run;

import java.io.IOException;

/** What to do with a stream or file while I/O errors may occur. */
@FunctionalInterface
public interface IoConsumer<T> {
  void accept(T target) throws IOException;
}
