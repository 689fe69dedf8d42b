package org.mien.data.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.data.format.VerificationBin;
import org.mien.data.manifest.Skipped;

/**
 * The pairs of InsightFace's verification sets ({@code .bin}), which hold images and whether each
 * pair shows one person, but not who is shown.
 *
 * <p>Image {@code i} of the file has the key {@code 000000.jpg} with its number in six digits.
 * Identities are made: images with the same bytes are of one, and so are the two of a genuine pair;
 * an identity is called {@code person-000000} by the smallest number of its images. An impostor
 * pair of one identity contradicts these rules and is left out.
 *
 * <p>The file does not say that two images are of one person unless a chain of genuine pairs joins
 * them, so these identities are finer than the true ones: a person of two unconnected pairs counts
 * as two. A bootstrap over them resamples dependent pairs as if they were independent, and its
 * intervals are too narrow; overlap with the identities of a training set cannot be found at all.
 * Where the list of the set's names is at hand ({@code pairs.txt}), use it.
 *
 * @param pairs in the file's order, without the contradictory ones
 * @param identities of each image of the file
 * @param contradictions impostor pairs that were left out, keys {@code pair 17}, counted from 0
 */
public record BinPairs(PairList pairs, List<String> identities, List<Skipped> contradictions) {
  public BinPairs {
    identities = List.copyOf(identities);
    contradictions = List.copyOf(contradictions);
  }

  /** Returns the key of an image, for example {@code 000017.jpg}. */
  public static String key(int image) {
    return String.format(Locale.ROOT, "%06d.jpg", image);
  }

  /**
   * Makes the list of a set.
   *
   * @param name for reports
   * @param folds consecutive parts of the file as scikit-learn's {@code KFold} without shuffling
   *     makes them: sizes differ by one at most, the larger first. A pair that is left out makes
   *     its fold smaller and moves no other pair
   * @throws DataException if there are fewer pairs than folds
   */
  public static BinPairs of(String name, VerificationBin bin, int folds) {
    if (folds < 1) {
      throw new IllegalArgumentException("expected at least 1 fold, was " + folds);
    }
    if (bin.pairs() < folds) {
      throw new DataException(name + ": has " + bin.pairs() + " pairs for " + folds + " folds");
    }
    int[] parents = components(bin);
    List<String> identities = new ArrayList<>(parents.length);
    Map<Integer, String> names = new HashMap<>();
    for (int image = 0; image < parents.length; image++) {
      identities.add(
          names.computeIfAbsent(
              root(parents, image), root -> String.format(Locale.ROOT, "person-%06d", root)));
    }
    List<Pair> pairs = new ArrayList<>(bin.pairs());
    List<Skipped> contradictions = new ArrayList<>();
    int size = bin.pairs() / folds;
    int larger = bin.pairs() % folds;
    for (int i = 0; i < bin.pairs(); i++) {
      int inLarger = larger * (size + 1);
      int fold = i < inLarger ? i / (size + 1) : larger + (i - inLarger) / size;
      String first = identities.get(2 * i);
      String second = identities.get(2 * i + 1);
      if (!bin.genuine(i) && first.equals(second)) {
        contradictions.add(
            new Skipped(
                "pair " + i,
                "is said to show two people, but equal images and genuine pairs make them one ("
                    + first
                    + ")"));
      } else {
        pairs.add(new Pair(key(2 * i), first, key(2 * i + 1), second, bin.genuine(i), fold));
      }
    }
    return new BinPairs(new PairList(name, pairs, folds), identities, contradictions);
  }

  /** The image with the smallest number of each image's component is its root. */
  private static int[] components(VerificationBin bin) {
    int[] parents = new int[2 * bin.pairs()];
    Map<ByteBuffer, Integer> firsts = new HashMap<>();
    MessageDigest digest = sha256();
    for (int image = 0; image < parents.length; image++) {
      parents[image] = image;
      Integer same = firsts.putIfAbsent(ByteBuffer.wrap(digest.digest(bin.image(image))), image);
      if (same != null) {
        join(parents, same, image);
      }
    }
    for (int pair = 0; pair < bin.pairs(); pair++) {
      if (bin.genuine(pair)) {
        join(parents, 2 * pair, 2 * pair + 1);
      }
    }
    return parents;
  }

  private static void join(int[] parents, int a, int b) {
    int rootA = root(parents, a);
    int rootB = root(parents, b);
    parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private static int root(int[] parents, int image) {
    int at = image;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]]; // halves the way for the next one
      at = parents[at];
    }
    return at;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
