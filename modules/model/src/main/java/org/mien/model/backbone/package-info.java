/**
 * From a backbone's configuration to a network that ends in a feature vector, without head or loss.
 * Graphs are built here; a network given as an ONNX file is only described here. How a published
 * file calls its tensors is told here too: it belongs to the network.
 */
package org.mien.model.backbone;
