package org.mien.data.integrity;

/**
 * How much of a data set is looked at.
 *
 * @param mostImages images whose files are opened for size and format, evenly spaced over the set;
 *     at least 1. Identities and attributes are counted over all.
 * @param mostValues values of an attribute and sizes that are listed by themselves, at least 1
 */
public record StatisticsOptions(int mostImages, int mostValues) {
  public StatisticsOptions {
    if (mostImages < 1 || mostValues < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 image and 1 value, were " + mostImages + " and " + mostValues);
    }
  }

  /** 100,000 images, 50 values. */
  public static StatisticsOptions defaults() {
    return new StatisticsOptions(100_000, 50);
  }
}
