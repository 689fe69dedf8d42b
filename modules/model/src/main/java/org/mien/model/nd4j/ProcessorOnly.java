package org.mien.model.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A class loader under which ND4J's service loader does not find the CUDA backend. Without it ND4J
 * would try that backend first and, where there is no driver, print a stack trace of an
 * UnsatisfiedLinkError before it goes on with the processor. ND4J's own setting for this, the
 * priority of its backends, is read from environment variables alone.
 */
final class ProcessorOnly extends ClassLoader {
  static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";
  private static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final int MOST_BYTES = 1 << 16;

  ProcessorOnly(ClassLoader parent) {
    super(parent);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    Enumeration<URL> all = super.getResources(name);
    if (!name.equals(SERVICE)) {
      return all;
    }
    List<URL> left = new ArrayList<>();
    for (URL file : Collections.list(all)) {
      if (!namesCuda(file)) {
        left.add(file);
      }
    }
    return Collections.enumeration(left);
  }

  private static boolean namesCuda(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    // A cached connection would close the jar for everybody.
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
          .lines()
          .anyMatch(line -> line.strip().equals(CUDA_BACKEND));
    }
  }
}
