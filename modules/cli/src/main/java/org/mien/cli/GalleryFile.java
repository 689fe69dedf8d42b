package org.mien.cli;

import java.nio.file.Path;
import org.mien.core.embedding.EmbeddingFile;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.eval.search.UnitLength;

/** A gallery as embeddings in a file, and where its index lies. */
final class GalleryFile {
  private GalleryFile() {}

  static boolean is(Path gallery) {
    return gallery.toString().endsWith(".npy");
  }

  /** The index beside a gallery. */
  static Path indexOf(Path npy) {
    return npy.resolveSibling(npy.getFileName().toString().replaceFirst("\\.npy$", ".hnsw"));
  }

  /**
   * Reads a gallery, each row of which can be compared.
   *
   * @throws DataException if it is damaged, or naming the row that is not finite or zero, from 1 as
   *     its table of keys has them
   */
  static EmbeddingMatrix read(Path npy) {
    if (!is(npy)) {
      throw new ConfigException("expected a gallery NAME.npy that mien embed wrote, was " + npy);
    }
    EmbeddingMatrix read = EmbeddingFile.read(npy);
    for (int row = 0; row < read.rows(); row++) {
      try {
        UnitLength.squared("row " + (row + 1) + ", " + read.keys().get(row), read.row(row));
      } catch (DataException e) {
        throw DataException.in(npy, e.getMessage(), e);
      }
    }
    return read;
  }
}
