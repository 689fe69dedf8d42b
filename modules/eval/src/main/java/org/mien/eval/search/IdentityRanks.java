package org.mien.eval.search;

import java.util.BitSet;
import org.mien.core.error.DataException;

/**
 * For each probe with a mate in the gallery, how many other identities are more similar than the
 * mate, and how many exactly as similar. An identity of several rows is as similar as its best row,
 * and is counted once.
 *
 * <p>Memory: 8 bytes a probe; where an identity has several rows, up to a quarter of a byte for
 * each probe and each identity that is more similar than its mate.
 */
public final class IdentityRanks extends ScoreCollector {
  /** The identity of a probe that has no mate in the gallery. */
  public static final int NO_MATE = -1;

  private final int[] identityOfRow;
  private final int[] identityOfProbe;
  private final int[] mateKeys;
  private final int[] above;
  private final int[] equal;
  private final BitSet[] seenAbove;
  private final BitSet[] seenEqual;
  private final boolean severalRows;

  /**
   * @param identityOfRow who each row of the gallery shows, numbered from 0
   * @param identityOfProbe who each probe shows, or {@link #NO_MATE}: nothing is counted for it
   * @param mateSimilarities of each probe with its mate; not read where there is none
   * @throws DataException if one that is read is not a cosine, naming its probe
   */
  public IdentityRanks(int[] identityOfRow, int[] identityOfProbe, float[] mateSimilarities) {
    if (identityOfProbe.length != mateSimilarities.length) {
      throw new IllegalArgumentException(
          identityOfProbe.length + " probes and " + mateSimilarities.length + " similarities");
    }
    this.identityOfRow = identityOfRow.clone();
    this.identityOfProbe = identityOfProbe.clone();
    int probes = identityOfProbe.length;
    mateKeys = new int[probes];
    for (int probe = 0; probe < probes; probe++) {
      if (identityOfProbe[probe] != NO_MATE && !(Math.abs(mateSimilarities[probe]) < 2)) {
        throw new DataException(
            "probe " + probe + ": expected a cosine similarity, was " + mateSimilarities[probe]);
      }
      mateKeys[probe] = key(mateSimilarities[probe]);
    }
    above = new int[probes];
    equal = new int[probes];
    seenAbove = new BitSet[probes];
    seenEqual = new BitSet[probes];
    BitSet identities = new BitSet();
    boolean several = false;
    for (int identity : identityOfRow) {
      several |= identities.get(identity);
      identities.set(identity);
    }
    severalRows = several;
  }

  @Override
  void begin(int probes, int galleryRows) {
    if (probes != identityOfProbe.length || galleryRows != identityOfRow.length) {
      throw new IllegalArgumentException(
          String.format(
              "identities of %d probes and %d rows, but there are %d and %d",
              identityOfProbe.length, identityOfRow.length, probes, galleryRows));
    }
  }

  @Override
  int bar(int probe) {
    return identityOfProbe[probe] == NO_MATE ? NOTHING : mateKeys[probe] - 1;
  }

  @Override
  void show(int probe, int[] bits, int from, int to, int firstRow) {
    int own = identityOfProbe[probe];
    if (own == NO_MATE) {
      return;
    }
    int mate = mateKeys[probe];
    for (int i = from; i < to; i++) {
      int key = key(bits[i]);
      if (key >= mate && identityOfRow[firstRow + i] != own) {
        count(probe, identityOfRow[firstRow + i], key > mate);
      }
    }
  }

  private void count(int probe, int identity, boolean isAbove) {
    if (!severalRows) {
      if (isAbove) {
        above[probe]++;
      } else {
        equal[probe]++;
      }
      return;
    }
    BitSet[] all = isAbove ? seenAbove : seenEqual;
    if (all[probe] == null) {
      all[probe] = new BitSet();
    }
    all[probe].set(identity);
  }

  /** Returns how many other identities are more similar to a probe than its mate. */
  public int above(int probe) {
    return severalRows
        ? seenAbove[probe] == null ? 0 : seenAbove[probe].cardinality()
        : above[probe];
  }

  /** Returns how many other identities are exactly as similar to a probe as its mate. */
  public int equal(int probe) {
    if (!severalRows) {
      return equal[probe];
    }
    if (seenEqual[probe] == null) {
      return 0;
    }
    BitSet ties = (BitSet) seenEqual[probe].clone();
    if (seenAbove[probe] != null) {
      ties.andNot(seenAbove[probe]);
    }
    return ties.cardinality();
  }
}
