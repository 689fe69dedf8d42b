package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/** Scores pairs of images by the cosine of their embeddings. */
public final class PairScoring {
  private PairScoring() {}

  /**
   * Scores every pair, in the protocol's order.
   *
   * @throws DataException if an image of a pair has no embedding, or one that has no direction,
   *     naming the pair's number from 1
   */
  public static List<ScoredPair> score(PairList pairs, EmbeddingMatrix embeddings) {
    List<ScoredPair> scored = new ArrayList<>(pairs.pairs().size());
    for (Pair pair : pairs.pairs()) {
      int a = row(embeddings, pair.keyA(), pairs, scored.size());
      int b = row(embeddings, pair.keyB(), pairs, scored.size());
      double cosine;
      try {
        cosine = embeddings.cosine(a, b);
      } catch (IllegalArgumentException e) {
        throw new DataException(
            pairs.name() + ", pair " + (scored.size() + 1) + ": " + e.getMessage(), e);
      }
      scored.add(
          new ScoredPair(
              pair.identityA(),
              pair.identityB(),
              pair.genuine(),
              pairs.folds() > 1 ? pair.fold() : ScoredPair.NO_FOLD,
              new Similarity(cosine)));
    }
    return scored;
  }

  private static int row(EmbeddingMatrix embeddings, String key, PairList pairs, int index) {
    int row = embeddings.rowOf(key);
    if (row < 0) {
      throw new DataException(
          pairs.name() + ", pair " + (index + 1) + ": there is no image " + key);
    }
    return row;
  }
}
