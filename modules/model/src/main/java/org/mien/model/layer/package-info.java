/**
 * Layers that Deeplearning4j lacks: output layers over cosines and with centres, and a dropout that
 * is a function of its seed. What they minimise is decided in {@code loss}.
 */
package org.mien.model.layer;
