package org.mien.model.head;

/** The trainable layers from features to the embedding, chosen by {@code type:}. */
public sealed interface HeadConfig permits LinearHeadConfig {

  /** Length of the embedding. */
  int dimension();
}
