package org.mien.model.export;

/** A kind of file that a model can be written as. */
public enum ExportFormat {
  /** Backbone and head as one ONNX model, with a descriptor beside it. */
  ONNX(".onnx"),

  /**
   * The same in 8-bit integers, for edge devices: a quarter of the size, and not quite the same.
   */
  ONNX_INT8(".int8.onnx"),

  /** The zip that Deeplearning4j and Mien read. */
  DL4J(".zip"),

  /** Every tensor in PyTorch's names and order of axes, without an architecture. */
  SAFETENSORS(".safetensors");

  private final String extension;

  ExportFormat(String extension) {
    this.extension = extension;
  }

  /** How names of such files end, with the dot. */
  public String extension() {
    return extension;
  }
}
