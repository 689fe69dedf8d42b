/** Layers that Deeplearning4j lacks: a configuration that survives JSON, and what it computes. */
package org.mien.model.layer;
