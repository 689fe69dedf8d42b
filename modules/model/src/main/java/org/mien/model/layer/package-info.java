/**
 * Layers that Deeplearning4j lacks: output layers over cosines and with centres, a dropout that is
 * a function of its seed, batch normalisation with fixed statistics. Each is a configuration that
 * survives JSON and what it computes; what they minimise is decided in {@code loss}.
 */
package org.mien.model.layer;
