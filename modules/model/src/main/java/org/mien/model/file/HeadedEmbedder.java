package org.mien.model.file;

import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.embed.Embedder;

/** Images to embeddings: a backbone on whatever engine, then a head on ND4J. */
final class HeadedEmbedder implements Embedder {
  private final Embedder backbone;
  private final HeadRunner head;
  private final boolean closesBackbone;
  private final int dimension;
  private final String fingerprint;

  /**
   * @param closesBackbone whether the backbone is closed with it, or belongs to the model
   */
  HeadedEmbedder(Embedder backbone, HeadRunner head, boolean closesBackbone) {
    this.backbone = backbone;
    this.head = head;
    this.closesBackbone = closesBackbone;
    this.dimension = head.embeddings(new float[backbone.dimension()], 1).length;
    this.fingerprint = new Fingerprint().add(backbone.fingerprint()).add(head.fingerprint()).hex();
  }

  @Override
  public Preprocessing preprocessing() {
    return backbone.preprocessing();
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
    return backbone.engine() + "; head on ND4J";
  }

  @Override
  public float[] embed(float[] images, int count) {
    return head.embeddings(backbone.embed(images, count), count);
  }

  @Override
  public void close() {
    if (closesBackbone) {
      backbone.close();
    }
  }
}
