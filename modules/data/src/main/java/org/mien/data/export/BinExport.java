package org.mien.data.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.format.VerificationBin;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;

/**
 * Writes a list of pairs with its images as InsightFace's verification sets are ({@code .bin}).
 * InsightFace splits such a file into ten equal parts in its order, whatever folds the list has.
 */
public final class BinExport {
  private BinExport() {}

  /**
   * Writes one file. All images of the list are in memory once.
   *
   * @param samples hold every image of the list, and may hold others
   * @throws DataException if an image is missing, has no bytes of its own or cannot be read
   */
  public static void write(
      PairList list, FaceSamples samples, Path file, Progress.Factory progress) {
    Map<String, Integer> rows = new HashMap<>();
    for (String key : list.keys()) {
      rows.put(key, -1);
    }
    for (int i = 0; i < samples.size(); i++) {
      rows.replace(samples.key(i), i);
    }
    Map<String, byte[]> read = new HashMap<>();
    try (Progress shown = progress.start("bin", "images", rows.size())) {
      for (Map.Entry<String, Integer> row : rows.entrySet()) {
        if (row.getValue() < 0) {
          throw new DataException(
              list.name() + ": names " + row.getKey() + ", which the data set lacks");
        }
        read.put(row.getKey(), OriginalBytes.of(samples.get(row.getValue())));
        shown.advanceTo(read.size());
      }
    }
    List<byte[]> images = new ArrayList<>(2 * list.pairs().size());
    BitSet genuine = new BitSet();
    for (Pair pair : list.pairs()) {
      genuine.set(images.size() / 2, pair.genuine());
      images.add(read.get(pair.keyA()));
      images.add(read.get(pair.keyB()));
    }
    VerificationBin.of(images, genuine).write(file);
  }
}
