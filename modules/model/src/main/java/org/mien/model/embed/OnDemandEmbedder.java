package org.mien.model.embed;

import java.util.function.Supplier;
import org.mien.core.preprocessing.Preprocessing;

/**
 * A network of which everything is known but that is only loaded for its first image. Where every
 * feature is in a cache it never is.
 */
final class OnDemandEmbedder implements Embedder {
  private final Preprocessing preprocessing;
  private final int dimension;
  private final String fingerprint;
  private final String engine;
  private final Supplier<Embedder> loader;
  private Embedder loaded;
  private boolean closed;

  /**
   * @param loader gives an embedder with these very properties; it is closed with this one
   */
  OnDemandEmbedder(
      Preprocessing preprocessing,
      int dimension,
      String fingerprint,
      String engine,
      Supplier<Embedder> loader) {
    this.preprocessing = preprocessing;
    this.dimension = dimension;
    this.fingerprint = fingerprint;
    this.engine = engine;
    this.loader = loader;
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String engine() {
    return engine;
  }

  @Override
  public float[] embed(float[] images, int count) {
    return loaded().embed(images, count);
  }

  private synchronized Embedder loaded() {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
    if (loaded == null) {
      loaded = loader.get();
    }
    return loaded;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (loaded != null) {
      loaded.close();
    }
  }
}
