package org.mien.model.nd4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether Deeplearning4j runs its convolutions on oneDNN, found out by looking at a layer rather
 * than at settings.
 */
public final class OneDnn {
  /** Deeplearning4j creates no oneDNN helper unless this system property is {@code false}. */
  static final String DISABLE_PROPERTY = "org.eclipse.deeplearning4j.helpers.disable";

  private OneDnn() {}

  /**
   * @param active whether convolution and batch normalisation layers get their oneDNN helper
   * @param explanation one sentence: what was found, or what is missing and how to get it
   */
  public record Status(boolean active, String explanation) {}

  /** Checks the property, the native library and a small network; a few milliseconds. */
  public static Status status() {
    String disable = System.getProperty(DISABLE_PROPERTY, "true");
    if (Boolean.parseBoolean(disable)) {
      return off("the system property " + DISABLE_PROPERTY + " is " + disable + ", not false");
    }
    String backend =
        Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend", "unknown");
    if (!"CPU".equalsIgnoreCase(backend)) {
      return off("the backend is " + backend + "; oneDNN belongs to the CPU");
    }
    if (!nativeLibraryHasIt()) {
      return off(
          "the native library was built without it; an nd4j-native classifier such as"
              + " linux-x86_64-onednn-avx2 is needed");
    }
    if (!Nd4j.getEnvironment().helpersAllowed()) {
      return off("ND4J's environment does not allow helpers");
    }
    ComputationGraph probe = probe();
    Object convolution = probe.getLayer("conv").getHelper();
    Object normalization = probe.getLayer("bn").getHelper();
    if (convolution == null || normalization == null) {
      return off(
          String.format(
              "Deeplearning4j gave %s no helper although the native library has oneDNN",
              convolution == null ? "a convolution" : "batch normalisation"));
    }
    return new Status(
        true, "oneDNN is on: convolutions run on " + convolution.getClass().getSimpleName());
  }

  private static Status off(String why) {
    return new Status(false, "oneDNN is off: " + why);
  }

  private static boolean nativeLibraryHasIt() {
    try {
      return Nd4jCpu.Environment.getInstance().isUseONEDNN();
    } catch (LinkageError e) {
      return false;
    }
  }

  private static ComputationGraph probe() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("images")
                .addLayer(
                    "conv", new ConvolutionLayer.Builder(1, 1).nIn(1).nOut(1).build(), "images")
                .addLayer("bn", new BatchNormalization.Builder().nIn(1).nOut(1).build(), "conv")
                .addLayer("pool", new GlobalPoolingLayer(), "bn")
                .setOutputs("pool")
                .build());
    graph.init();
    return graph;
  }
}
