/**
 * ONNX files as such: reading them within bounds, making their batch dimension dynamic, and running
 * them on ONNX Runtime. Nothing here knows faces; {@code embed} and {@code export} build on it.
 */
package org.mien.model.onnx;
