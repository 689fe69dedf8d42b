package org.mien.data.integrity;

/**
 * How a check is made.
 *
 * @param threads that read images, at least 1
 * @param damage looks at each image that can be decoded once more
 * @param nearDistance pictures whose perceptual hashes differ in at most so many of 64 bits are
 *     near duplicates; 0 to 16, or -1 for none
 * @param mirrored whether pictures that are near duplicates when mirrored are looked for too
 * @param mostExamples how many cases of a finding are kept, 0 to 100,000
 */
public record CheckOptions(
    int threads, DamageCheck damage, int nearDistance, boolean mirrored, int mostExamples) {
  /** See the class {@link DatasetCheck} for what this was chosen by. */
  public static final int DEFAULT_NEAR_DISTANCE = 4;

  /** The value of {@link #nearDistance} that looks for no near duplicates. */
  public static final int NO_NEAR_DUPLICATES = -1;

  public CheckOptions {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("expected 1 to 1024 threads, was " + threads);
    }
    if (nearDistance < NO_NEAR_DUPLICATES || nearDistance > HammingSearch.MAXIMUM_DISTANCE) {
      throw new IllegalArgumentException(
          "expected a distance of 0 to "
              + HammingSearch.MAXIMUM_DISTANCE
              + ", or -1 for no search, was "
              + nearDistance);
    }
    if (mostExamples < 0 || mostExamples > 100_000) {
      throw new IllegalArgumentException("expected 0 to 100000 examples, was " + mostExamples);
    }
  }

  /** Decoding only, near duplicates at the default distance, 20 examples of each finding. */
  public static CheckOptions defaults(int threads) {
    return new CheckOptions(threads, DamageCheck.BY_DECODING, DEFAULT_NEAR_DISTANCE, false, 20);
  }
}
