/** From images to vectors, on ND4J and on ONNX Runtime. */
package org.mien.model.embed;
