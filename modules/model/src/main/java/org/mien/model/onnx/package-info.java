/**
 * ONNX as such: reading files within bounds, making their batch dynamic, running them on ONNX
 * Runtime, writing graphs of Deeplearning4j as ONNX, and changing graphs: a head behind a network,
 * preprocessing in front of it, 8-bit integers instead of floats. Nothing here knows faces; {@code
 * embed} and {@code export} build on it.
 */
package org.mien.model.onnx;
