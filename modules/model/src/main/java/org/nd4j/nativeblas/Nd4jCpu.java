package org.nd4j.nativeblas;

/**
 * The class Deeplearning4j 1.0.0-M2.1 asks whether oneDNN may be used.
 *
 * <p>Its {@code BaseMKLDNNHelper} calls {@code
 * org.nd4j.nativeblas.Nd4jCpu$Environment.getInstance().isUseMKLDNN()} by reflection. The class
 * moved to {@code org.nd4j.linalg.cpu.nativecpu.bindings} and the method was renamed before that
 * release, so the look-up fails, and every convolution silently takes the path that is five to nine
 * times slower. This class answers under the old names from the new ones. No jar of the release has
 * a class of this name, so nothing is shadowed.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** Answers for the native environment, under the name and methods of older releases. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /** Returns the one instance. */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Returns whether the native library was built with oneDNN and has it switched on. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
