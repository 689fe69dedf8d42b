package org.mien.eval.identification;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.IdentityRanks;
import org.mien.eval.search.TopMatches;
import org.mien.eval.search.UnitLength;

/**
 * What all figures of identification are counted from: for each probe the most similar identity of
 * the gallery, and, for a probe that has a mate there, the mate's similarity and rank. A mate is
 * the identity of the gallery that the probe shows.
 *
 * <p>The rank is 1 plus the number of other identities that are more similar than the mate. An
 * equally similar one does not push the mate back; {@link #ties} counts those. The best match of a
 * probe is, of equally similar rows, the earliest in the gallery.
 */
public final class IdentificationScores {
  private final List<String> galleryNames;
  private final List<String> probeIdentities;
  private final int[] mate;
  private final float[] mateSimilarity;
  private final float[] topSimilarity;
  private final int[] topIdentity;
  private final IdentityRanks ranks;
  private final int mated;

  private IdentificationScores(
      List<String> galleryNames,
      List<String> probeIdentities,
      int[] mate,
      float[] mateSimilarity,
      float[] topSimilarity,
      int[] topIdentity,
      IdentityRanks ranks) {
    this.galleryNames = galleryNames;
    this.probeIdentities = probeIdentities;
    this.mate = mate;
    this.mateSimilarity = mateSimilarity;
    this.topSimilarity = topSimilarity;
    this.topIdentity = topIdentity;
    this.ranks = ranks;
    this.mated = (int) Arrays.stream(mate).filter(one -> one != IdentityRanks.NO_MATE).count();
  }

  /**
   * Searches a gallery.
   *
   * @param gallery one or several rows for each identity, in any order
   * @param probes a probe whose identity is not in the gallery is unknown to it, or non-mated
   * @param fusion of several rows of an identity
   * @throws DataException if the gallery or the probes are empty, the dimensions differ, or an
   *     embedding is not finite or zero, naming the row
   */
  public static IdentificationScores of(
      LabelledRows gallery,
      LabelledRows probes,
      GalleryFusion fusion,
      int threads,
      Progress.Factory progress) {
    if (gallery.size() == 0) {
      throw new DataException("the gallery is empty; there is nobody to find");
    }
    Map<String, Integer> numbers = new LinkedHashMap<>();
    gallery.identities().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
    int[] identityOfRow = gallery.identities().stream().mapToInt(numbers::get).toArray();
    EmbeddingRows rows = gallery.rows();
    if (fusion == GalleryFusion.MEAN_EMBEDDING && numbers.size() < gallery.size()) {
      rows = means(rows, identityOfRow, List.copyOf(numbers.keySet()));
      identityOfRow = new int[numbers.size()];
      Arrays.setAll(identityOfRow, i -> i);
    }
    int[] mate =
        probes.identities().stream()
            .mapToInt(name -> numbers.getOrDefault(name, IdentityRanks.NO_MATE))
            .toArray();
    float[] mateSimilarity = mateSimilarities(rows, identityOfRow, probes.rows(), mate);
    IdentityRanks ranks = new IdentityRanks(identityOfRow, mate, mateSimilarity);
    TopMatches top = new TopMatches(1);
    ExactSearch.run(probes.rows(), rows, List.of(ranks, top), threads, progress);
    float[] topSimilarity = new float[mate.length];
    int[] topIdentity = new int[mate.length];
    for (int probe = 0; probe < mate.length; probe++) {
      topSimilarity[probe] = top.similarity(probe, 0);
      topIdentity[probe] = identityOfRow[top.row(probe, 0)];
    }
    return new IdentificationScores(
        List.copyOf(numbers.keySet()),
        probes.identities(),
        mate,
        mateSimilarity,
        topSimilarity,
        topIdentity,
        ranks);
  }

  private static EmbeddingRows means(EmbeddingRows rows, int[] identityOfRow, List<String> names) {
    int dimension = rows.dimension();
    float[] sums = new float[Math.multiplyExact(names.size(), dimension)];
    float[] row = new float[dimension];
    for (int r = 0; r < identityOfRow.length; r++) {
      rows.read(r, 1, row);
      UnitLength.scale(rows.select(r), 0, 1, row);
      int at = identityOfRow[r] * dimension;
      for (int i = 0; i < dimension; i++) {
        sums[at + i] += row[i];
      }
    }
    // A sum has the direction of the mean, and only that counts.
    EmbeddingRows named = new NamedRows(dimension, sums, "the mean of gallery identity ", names);
    UnitLength.scale(named, 0, names.size(), sums);
    return named;
  }

  /** The similarity of each probe with the best row of its mate. */
  private static float[] mateSimilarities(
      EmbeddingRows gallery, int[] identityOfRow, EmbeddingRows probes, int[] mate) {
    if (gallery.dimension() != probes.dimension()) {
      throw new DataException(
          "the probes have dimension "
              + probes.dimension()
              + " and the gallery "
              + gallery.dimension()
              + "; both must come from one model");
    }
    int identities = Arrays.stream(identityOfRow).max().orElseThrow() + 1;
    int[] first = new int[identities + 1];
    for (int identity : identityOfRow) {
      first[identity + 1]++;
    }
    for (int i = 0; i < identities; i++) {
      first[i + 1] += first[i];
    }
    int[] next = first.clone();
    int[] rowsByIdentity = new int[identityOfRow.length];
    for (int row = 0; row < identityOfRow.length; row++) {
      rowsByIdentity[next[identityOfRow[row]]++] = row;
    }
    int dimension = gallery.dimension();
    float[] probe = new float[dimension];
    float[] row = new float[dimension];
    float[] best = new float[mate.length];
    for (int p = 0; p < mate.length; p++) {
      if (mate[p] == IdentityRanks.NO_MATE) {
        continue;
      }
      probes.read(p, 1, probe);
      UnitLength.scale(probes.select(p), 0, 1, probe);
      best[p] = Float.NEGATIVE_INFINITY;
      for (int i = first[mate[p]]; i < first[mate[p] + 1]; i++) {
        int r = rowsByIdentity[i];
        gallery.read(r, 1, row);
        UnitLength.scale(gallery.select(r), 0, 1, row);
        best[p] = Math.max(best[p], Cosine.of(probe, 0, row, 0, dimension));
      }
    }
    return best;
  }

  /** Returns how many probes there are. */
  public int probes() {
    return mate.length;
  }

  /** Returns how many probes have a mate in the gallery. */
  public int matedProbes() {
    return mated;
  }

  /** Returns how many identities the gallery has. */
  public int galleryIdentities() {
    return galleryNames.size();
  }

  /** Returns who is on a probe. */
  public String identity(int probe) {
    return probeIdentities.get(probe);
  }

  List<String> probeIdentities() {
    return probeIdentities;
  }

  /** Returns whether a probe has a mate in the gallery. */
  public boolean isMated(int probe) {
    return mate[probe] != IdentityRanks.NO_MATE;
  }

  /** Returns the similarity of a probe with its mate. */
  public float mateSimilarity(int probe) {
    requireMate(probe);
    return mateSimilarity[probe];
  }

  /** Returns the rank of a probe's mate, from 1. */
  public int rank(int probe) {
    requireMate(probe);
    return 1 + ranks.above(probe);
  }

  /** Returns how many other identities are exactly as similar to a probe as its mate. */
  public int ties(int probe) {
    requireMate(probe);
    return ranks.equal(probe);
  }

  /** Returns the similarity of a probe with the most similar identity. */
  public float topSimilarity(int probe) {
    return topSimilarity[probe];
  }

  /** Returns the identity that is most similar to a probe. */
  public String topIdentity(int probe) {
    return galleryNames.get(topIdentity[probe]);
  }

  /**
   * Checks that every probe has a mate, as closed-set protocols demand.
   *
   * @throws DataException naming the first probe without a mate
   */
  public IdentificationScores requireMates() {
    for (int probe = 0; probe < mate.length; probe++) {
      if (!isMated(probe)) {
        throw new DataException(
            "probe "
                + probe
                + " shows "
                + identity(probe)
                + ", who is not among the "
                + galleryNames.size()
                + " identities of the gallery; a closed set needs a mate for every probe");
      }
    }
    return this;
  }

  private void requireMate(int probe) {
    if (!isMated(probe)) {
      throw new IllegalArgumentException(
          "probe " + probe + " of " + identity(probe) + " has no mate in the gallery");
    }
  }
}
