package org.mien.data.prepare;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code prepared.json} says: the parameters, by which a later run knows whether it may go on,
 * and how many pictures there are.
 *
 * @param version of the layout of the folder
 * @param dataset its name
 * @param samples how many it has
 * @param samplesFingerprint SHA-256 over all keys and identities in order
 * @param alignment all parameters of the alignment
 * @param format of the pictures and its quality
 * @param complete whether every sample was tried
 * @param pictures how many were written in all; 0 until it is complete
 * @param skipped how many samples could not be used; 0 until it is complete
 */
record PreparationRecord(
    int version,
    String dataset,
    int samples,
    String samplesFingerprint,
    String alignment,
    String format,
    boolean complete,
    int pictures,
    int skipped) {
  static final int VERSION = 1;

  PreparationRecord completed(int allPictures, int allSkipped) {
    return new PreparationRecord(
        version,
        dataset,
        samples,
        samplesFingerprint,
        alignment,
        format,
        true,
        allPictures,
        allSkipped);
  }

  /** Returns in which parameters the earlier run differs, in words; empty if in none. */
  List<String> differences(PreparationRecord earlier) {
    List<String> found = new ArrayList<>();
    compare("layout version", earlier.version, version, found);
    compare("dataset", earlier.dataset, dataset, found);
    compare("number of samples", earlier.samples, samples, found);
    if (found.isEmpty()) {
      compare(
          "fingerprint of keys and identities",
          earlier.samplesFingerprint,
          samplesFingerprint,
          found);
    }
    compare("alignment", earlier.alignment, alignment, found);
    compare("format", earlier.format, format, found);
    return found;
  }

  private static void compare(String what, Object was, Object is, List<String> found) {
    if (!was.equals(is)) {
      found.add(what + " was " + was + " and is " + is);
    }
  }
}
