package org.mien.data.integrity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a check can find. The kind decides the severity, so the same data gives the same exit code
 * whatever else is in them.
 */
public enum FindingKind {
  /** An image that is missing, cut off, damaged or none; or an entry that is no sample. */
  UNREADABLE_IMAGE(Severity.ERROR),
  /** An identity without any image that can be read. */
  EMPTY_IDENTITY(Severity.ERROR),
  /** What the data set left out when it was opened. */
  LEFT_OUT(Severity.NOTE),
  /** One picture (same bytes or same pixels) in one set under two identities: one is wrong. */
  SAME_PICTURE_OF_TWO_IDENTITIES(Severity.ERROR),
  /** One picture in what is trained on or chosen by and in what is tested on. */
  SAME_PICTURE_IN_TWO_SPLITS(Severity.ERROR),
  /** One picture several times under one identity. */
  SAME_PICTURE_OF_ONE_IDENTITY(Severity.WARNING),
  /** One picture in two sets of the same use. */
  SAME_PICTURE_IN_TWO_SETS(Severity.WARNING),
  /** Nearly the same picture under two identities: look at it, one label may be wrong. */
  NEAR_DUPLICATE_OF_TWO_IDENTITIES(Severity.WARNING),
  /** Nearly the same picture in what is trained on or chosen by and in what is tested on. */
  NEAR_DUPLICATE_IN_TWO_SPLITS(Severity.WARNING),
  /** Nearly the same picture several times under one identity. */
  NEAR_DUPLICATE_OF_ONE_IDENTITY(Severity.NOTE),
  /** Nearly the same picture in two sets of the same use. */
  NEAR_DUPLICATE_IN_TWO_SETS(Severity.NOTE),
  /** The search for near duplicates was ended, for there are too many. */
  TOO_MANY_NEAR_DUPLICATES(Severity.WARNING),
  /** People of an evaluation who are trained on or chosen by as well. */
  IDENTITY_TRAINED_AND_EVALUATED(Severity.ERROR),
  /**
   * People in two of training, validation and test. Right for a network that names known people,
   * wrong for one that tells unknown people apart.
   */
  IDENTITY_IN_TWO_SPLITS(Severity.WARNING),
  /** Identities that are numbers and so cannot be compared between data sets. */
  IDENTITIES_NOT_COMPARABLE(Severity.NOTE),
  /** Two spellings of one name in one set, counted as two people. */
  IDENTITY_SPELLED_TWICE(Severity.WARNING),
  /** People in several folds of a list of pairs. */
  FOLDS_SHARE_IDENTITIES(Severity.WARNING),
  /** An image that a protocol names and the set does not hold. */
  PROTOCOL_IMAGE_MISSING(Severity.ERROR),
  /** A pair listed twice, in either order. */
  PAIR_LISTED_TWICE(Severity.WARNING),
  /** A pair whose flag contradicts the identities of its images. */
  PAIR_CONTRADICTS_IDENTITIES(Severity.ERROR),
  /** An impostor pair of one and the same picture. */
  IMPOSTOR_PAIR_OF_ONE_PICTURE(Severity.ERROR),
  /** An impostor pair of nearly the same picture: look at it, the label may be wrong. */
  IMPOSTOR_PAIR_OF_NEAR_DUPLICATES(Severity.WARNING),
  /** A genuine pair of the same picture, or nearly the same, which every network gets right. */
  GENUINE_PAIR_OF_ONE_PICTURE(Severity.WARNING),
  /** Counts that the descriptor says otherwise. */
  COUNTS_DIFFER(Severity.ERROR),
  /** Images of another size than the descriptor says. */
  SIZE_DIFFERS(Severity.WARNING),
  /** A file whose checksum the descriptor says otherwise. */
  CHECKSUM_DIFFERS(Severity.ERROR);

  private final Severity severity;

  FindingKind(Severity severity) {
    this.severity = severity;
  }

  public Severity severity() {
    return severity;
  }

  /** The name in JSON and on the screen: {@code unreadable-image}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
