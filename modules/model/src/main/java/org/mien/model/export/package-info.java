/**
 * From a trained model to files that others read: ONNX, and DL4J's own zip. Every exporter reads
 * its file back and compares it with the model on real images before it lets the file be.
 */
package org.mien.model.export;
