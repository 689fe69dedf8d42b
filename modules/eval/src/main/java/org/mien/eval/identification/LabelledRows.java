package org.mien.eval.identification;

import java.util.List;
import org.mien.eval.search.EmbeddingRows;

/**
 * Embeddings with who each shows: a gallery, or probes.
 *
 * @param rows the embeddings; scaled to unit length where they are compared
 * @param identities who each row shows, in the same order
 */
public record LabelledRows(EmbeddingRows rows, List<String> identities) {
  public LabelledRows {
    identities = List.copyOf(identities);
    if (rows.rows() != identities.size()) {
      throw new IllegalArgumentException(
          rows.rows() + " embeddings and " + identities.size() + " identities");
    }
  }

  public int size() {
    return identities.size();
  }
}
