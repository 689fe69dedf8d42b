package org.mien.model.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.cpu.nativecpu.CpuBackend;
import org.nd4j.linalg.factory.Nd4jBackend;

/** ND4J's backends where the CUDA one is on the class path and shall not be tried. */
final class ProcessorOnlyTest {
  @TempDir private Path folder;

  @Test
  void theCudaBackendIsNotFoundAndTheOtherIsTheSameClass() throws IOException {
    Path services = folder.resolve(ProcessorOnly.SERVICE);
    Files.createDirectories(services.getParent());
    Files.writeString(services, "# the GPU\norg.nd4j.linalg.jcublas.JCublasBackend\n");
    Files.writeString(folder.resolve("other.txt"), "x");
    try (URLClassLoader withCuda =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, ProcessorOnlyTest.class.getClassLoader())) {
      assertEquals(2, Collections.list(withCuda.getResources(ProcessorOnly.SERVICE)).size());
      ProcessorOnly loader = new ProcessorOnly(withCuda);
      List<Nd4jBackend> found =
          ServiceLoader.load(Nd4jBackend.class, loader).stream()
              .<Nd4jBackend>map(ServiceLoader.Provider::get)
              .toList();
      assertEquals(1, found.size());
      assertSame(CpuBackend.class, found.get(0).getClass());
      assertEquals(1, Collections.list(loader.getResources("other.txt")).size());
    }
  }
}
