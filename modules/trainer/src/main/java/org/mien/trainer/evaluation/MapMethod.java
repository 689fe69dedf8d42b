package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.eval.report.EmbeddingMap;
import org.mien.eval.search.EmbeddingRows;

/** How embeddings are laid out on a plane, for illustration only. */
public enum MapMethod {
  /** There is no map. */
  NONE,
  /** The two directions of largest variance. */
  PCA,
  /** Neighbours stay neighbours; distances and sizes mean nothing. */
  TSNE;

  private static final int MOST_IMAGES_A_PERSON = 20;

  /**
   * Maps the people with the most images, at most {@value #MOST_IMAGES_A_PERSON} of each and
   * {@value EmbeddingMap#MOST_ROWS} in all.
   *
   * @param title what was tested
   * @return nothing for {@link #NONE}, or where there are fewer than three embeddings
   */
  public Optional<EmbeddingMap> map(String title, EmbeddingMatrix embeddings) {
    if (this == NONE) {
      return Optional.empty();
    }
    Map<String, List<Integer>> rowsOf = new LinkedHashMap<>();
    for (int row = 0; row < embeddings.rows(); row++) {
      rowsOf.computeIfAbsent(embeddings.identities().get(row), name -> new ArrayList<>()).add(row);
    }
    List<List<Integer>> people = new ArrayList<>(rowsOf.values());
    people.sort((a, b) -> Integer.compare(b.size(), a.size()));
    int[] rows =
        people.stream()
            .flatMap(own -> own.stream().limit(MOST_IMAGES_A_PERSON))
            .limit(EmbeddingMap.MOST_ROWS)
            .mapToInt(Integer::intValue)
            .toArray();
    if (rows.length < 3) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (int row : rows) {
      names.add(embeddings.identities().get(row));
    }
    String description =
        String.format(
            "%s: %d of %d images, of the people with the most images, at most %d of each. The map is"
                + " an illustration and no result.",
            title, rows.length, embeddings.rows(), MOST_IMAGES_A_PERSON);
    EmbeddingRows chosen = EmbeddingRows.of(embeddings).select(rows);
    return Optional.of(
        this == PCA
            ? EmbeddingMap.of(description, chosen, names)
            : EmbeddingMap.byNeighbours(description, chosen, names));
  }
}
