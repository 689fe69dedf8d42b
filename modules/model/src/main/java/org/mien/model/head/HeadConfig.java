package org.mien.model.head;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** The trainable layers from features to the embedding, chosen by {@code type:}. */
public sealed interface HeadConfig permits LinearHeadConfig, BnFcHeadConfig {

  /** Length of the embedding. */
  int dimension();

  /**
   * Length that each embedding is scaled to before a linear classifier; 0 leaves it as it is.
   * Losses over cosines or distances do not depend on it: they normalise by themselves.
   */
  double embeddingLength();

  /**
   * Refuses features that the head cannot start from, as {@link #addTo} does: for those who would
   * compute them first.
   *
   * @param features length of a feature vector
   * @throws org.mien.core.error.ConfigException saying what length is needed
   */
  default void requireFeatures(int features) {}

  /**
   * Adds the layers from the vertex {@value HeadGraph#INPUT} to the vertex {@value
   * HeadGraph#EMBEDDING}.
   *
   * @param graph has the input already
   * @param features length of a feature vector
   * @param seed of what is random in training
   */
  void addTo(GraphBuilder graph, int features, long seed);
}
