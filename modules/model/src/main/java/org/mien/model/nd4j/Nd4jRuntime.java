package org.mien.model.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.mien.core.error.ConfigException;
import org.mien.model.hardware.Backend;
import org.mien.model.hardware.CudaBuild;
import org.mien.model.hardware.GpuSupport;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J as Mien runs it: 32-bit floats, oneDNN allowed, on the processor or on a GPU.
 *
 * @param backend for reports, for example {@code nd4j-native 1.0.0-M2.1, oneDNN on, 2 threads}
 * @param oneDnn whether convolutions run on oneDNN, and if not, why
 */
public record Nd4jRuntime(String backend, OneDnn.Status oneDnn) {

  /** Runs once, on whichever thread comes first; what it throws is thrown to everyone. */
  private static final FutureTask<Nd4jRuntime> START = new FutureTask<>(Nd4jRuntime::load);

  /**
   * Starts ND4J, once; later calls return the same description. Has to be called before anything
   * else touches ND4J: some properties are read when its classes load.
   *
   * <p>Properties that the launcher already set are left as they are. It runs on the GPU where
   * {@link Backend#wanted()} allows it and {@link GpuSupport} finds one.
   *
   * @throws ConfigException if {@link Backend#CUDA} is wanted and ND4J then cannot use the GPU
   */
  public static Nd4jRuntime start() {
    START.run();
    try {
      return START.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error fatal) {
        throw fatal;
      }
      throw new IllegalStateException("ND4J does not start", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ND4J started", e);
    }
  }

  /**
   * Starts ND4J on a thread of its own while the caller does something else; {@link #start()} then
   * waits for it, and throws what went wrong.
   */
  public static void startInBackground() {
    Thread thread = new Thread(START, "nd4j-start");
    thread.setDaemon(true);
    thread.start();
  }

  private static Nd4jRuntime load() {
    setUnlessGiven(OneDnn.DISABLE_PROPERTY, "false");
    // ND4J greets with a dozen lines on its start; the one line that matters is backend() below.
    setUnlessGiven("org.nd4j.log.initialization", "false");
    boolean onGpu = GpuSupport.ofMachine().nd4jOnGpu(Backend.wanted());
    if (CudaBuild.ofClassPath().nd4j() && !onGpu) {
      ND4JClassLoading.setNd4jClassloader(new ProcessorOnly(Nd4jRuntime.class.getClassLoader()));
    }
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    if (onGpu && Backend.wanted() == Backend.CUDA && Nd4j.getEnvironment().isCPU()) {
      throw new ConfigException(
          "backend cuda: "
              + GpuSupport.ofMachine().line()
              + ", but ND4J could not load its CUDA libraries; MIEN_DEBUG=1 shows why, and backend"
              + " auto goes on without");
    }
    OneDnn.Status oneDnn = OneDnn.status();
    String backend =
        String.format(
            "%s %s, %s, %d threads",
            Nd4j.getEnvironment().isCPU() ? "nd4j-native" : "nd4j-cuda",
            version(),
            oneDnn.active() ? "oneDNN on" : "oneDNN off",
            Nd4j.getEnvironment().maxThreads());
    return new Nd4jRuntime(backend, oneDnn);
  }

  /** Version of ND4J, such as {@code 1.0.0-M2.1}. */
  public static String version() {
    // The manifests of the release carry none; Maven's own note in the jar does.
    try (InputStream in =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "of unknown version");
    } catch (IOException e) {
      return "of unknown version";
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
