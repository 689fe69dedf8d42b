/**
 * What a trained model is, and how it lies on disk: one zip that plain Deeplearning4j reads, with
 * Mien's descriptor (and an ONNX backbone, where there is one) inside; or a foreign {@code .onnx}
 * with a descriptor beside it. Files come from anywhere, so everything read here is bounded first.
 */
package org.mien.model.file;
