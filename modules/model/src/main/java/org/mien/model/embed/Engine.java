package org.mien.model.embed;

/** What runs a frozen network of Deeplearning4j; an ONNX network always runs on ONNX Runtime. */
public enum Engine {
  /**
   * ONNX Runtime, about twice as fast, where the network can be written as ONNX and then
   * demonstrably gives the same vectors; else ND4J.
   */
  AUTO,

  /** Deeplearning4j itself: the reference. */
  ND4J,

  /** ONNX Runtime or an error. */
  ONNX_RUNTIME
}
