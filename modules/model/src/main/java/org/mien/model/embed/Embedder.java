package org.mien.model.embed;

import org.mien.core.preprocessing.Preprocessing;

/**
 * A network seen as a function from images to vectors, whatever engine runs it: a frozen backbone
 * (its vectors are then called features) or a whole face model (embeddings).
 *
 * <p>Vectors are as the network gives them, not L2-normalised. Instances may be used by several
 * threads; an engine that can only run serially locks inside.
 */
public interface Embedder extends AutoCloseable {

  /** What the network expects of its input. */
  Preprocessing preprocessing();

  /** Length of a vector. */
  int dimension();

  /**
   * SHA-256 of the architecture and weights, whatever engine runs them. Equal fingerprints give
   * vectors that differ by rounding at most, and equal ones on one {@link #engine()}.
   */
  String fingerprint();

  /** The engine for reports, for example {@code ONNX Runtime 1.23.2, CPU}. */
  String engine();

  /**
   * Runs the network.
   *
   * @param images {@code (count, 3, height, width)} preprocessed pixels; may be longer than count
   *     images, the rest is not read
   * @param count number of images, at least 1
   * @return {@code (count, dimension)}
   */
  float[] embed(float[] images, int count);

  @Override
  void close();
}
