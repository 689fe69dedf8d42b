package org.mien.model.onnx;

/** The part of ONNX Runtime that computes. */
public enum Provider {
  /** The processor. */
  CPU,

  /**
   * An NVIDIA GPU. Needs {@code com.microsoft.onnxruntime:onnxruntime_gpu} on the class path in the
   * place of {@code onnxruntime}, and CUDA with cuDNN on the machine.
   */
  CUDA,

  /** The GPU where there is one that can be used, else the processor. */
  AUTO
}
