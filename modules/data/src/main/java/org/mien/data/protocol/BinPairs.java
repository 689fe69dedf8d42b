package org.mien.data.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.data.format.VerificationBin;
import org.mien.data.manifest.Skipped;

/**
 * The pairs of a verification set ({@code .bin}), and who its images show as far as it tells.
 *
 * <p>Such a set names nobody. Two images are taken to show one person where their bytes are equal
 * or a genuine pair joins them; people are then the connected components, named after their first
 * image. A person whose images are joined by no pair counts as several, so a bootstrap over these
 * identities may give an interval that is too narrow, as one over pairs does.
 *
 * <p>An impostor pair whose two images are in one component contradicts the genuine pairs: it is
 * left out and listed.
 *
 * @param pairs in the file's order, in contiguous folds whose sizes differ by at most one
 * @param identities of each image, in the file's order
 * @param contradictions impostor pairs that were left out
 */
public record BinPairs(PairList pairs, List<String> identities, List<Skipped> contradictions) {
  public BinPairs {
    identities = List.copyOf(identities);
    contradictions = List.copyOf(contradictions);
  }

  /** Returns the key of an image: its place in the file as six digits and {@code .jpg}. */
  public static String key(int image) {
    return String.format(Locale.ROOT, "%06d.jpg", image);
  }

  /**
   * Finds pairs and people of a set.
   *
   * @param name for reports
   * @param folds in how many folds the pairs are divided, in their order; InsightFace takes 10
   */
  public static BinPairs of(String name, VerificationBin bin, int folds) {
    int[] person = people(bin);
    List<String> identities = new ArrayList<>(person.length);
    for (int root : person) {
      identities.add(String.format(Locale.ROOT, "person of %06d", root));
    }
    List<Pair> pairs = new ArrayList<>(bin.pairs());
    List<Skipped> contradictions = new ArrayList<>();
    for (int i = 0; i < bin.pairs(); i++) {
      int a = 2 * i;
      int b = a + 1;
      if (!bin.genuine(i) && person[a] == person[b]) {
        contradictions.add(
            new Skipped(
                "pair " + i,
                "is said to show two people, but equal images or genuine pairs make them one"));
        continue;
      }
      pairs.add(
          new Pair(
              key(a),
              identities.get(a),
              key(b),
              identities.get(b),
              bin.genuine(i),
              (int) ((long) i * folds / bin.pairs())));
    }
    return new BinPairs(new PairList(name, pairs, folds), identities, contradictions);
  }

  /** Returns for each image the first image of the person it shows: union-find. */
  private static int[] people(VerificationBin bin) {
    int[] parent = new int[2 * bin.pairs()];
    Map<ByteBuffer, Integer> firstWithBytes = new HashMap<>();
    for (int i = 0; i < parent.length; i++) {
      parent[i] = i;
      Integer equal = firstWithBytes.putIfAbsent(digest(bin.image(i)), i);
      if (equal != null) {
        join(parent, equal, i);
      }
    }
    for (int i = 0; i < bin.pairs(); i++) {
      if (bin.genuine(i)) {
        join(parent, 2 * i, 2 * i + 1);
      }
    }
    for (int i = 0; i < parent.length; i++) {
      parent[i] = root(parent, i);
    }
    return parent;
  }

  private static void join(int[] parent, int a, int b) {
    int rootA = root(parent, a);
    int rootB = root(parent, b);
    parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private static int root(int[] parent, int image) {
    int root = image;
    while (parent[root] != root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  private static ByteBuffer digest(byte[] image) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(image));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
