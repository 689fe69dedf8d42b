package org.mien.model.hardware;

/**
 * What of CUDA is on the class path; the Maven profile {@code cuda} brings both.
 *
 * @param nd4j whether {@code nd4j-cuda-11.6} is there
 * @param onnxRuntime whether {@code onnxruntime_gpu} replaces ONNX Runtime for processors
 */
public record CudaBuild(boolean nd4j, boolean onnxRuntime) {
  private static final String ND4J_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
  private static final String ONNX_PROVIDER =
      "ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so";

  /** Whether anything in it could run on a GPU. */
  public boolean any() {
    return nd4j || onnxRuntime;
  }

  /** Looks at the class path of this process. */
  public static CudaBuild ofClassPath() {
    ClassLoader loader = CudaBuild.class.getClassLoader();
    return new CudaBuild(
        loader.getResource(ND4J_BACKEND) != null, loader.getResource(ONNX_PROVIDER) != null);
  }
}
