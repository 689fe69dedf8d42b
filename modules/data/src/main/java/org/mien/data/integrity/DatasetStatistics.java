package org.mien.data.integrity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.mien.core.progress.Progress;
import org.mien.data.manifest.FaceManifest;

/**
 * What is in a data set; ready for {@link org.mien.core.json.Json}.
 *
 * @param schema version of this form
 * @param name of the data set
 * @param images how many
 * @param identities how many
 * @param matePairs ordered pairs of two images of one identity: the sum of {@code n(n - 1)}
 * @param imagesPerIdentity how images are spread over identities
 * @param files formats, sizes and bytes of the files looked at
 * @param attributes in alphabetical order
 * @param skipped what was left out when the data set was opened, counted by reason, most frequent
 *     first; numbers in a reason are shown as N
 * @param complete false if counting was stopped; the figures are then of no use but for a look
 */
public record DatasetStatistics(
    int schema,
    String name,
    long images,
    long identities,
    long matePairs,
    ImagesPerIdentity imagesPerIdentity,
    Files files,
    List<Attribute> attributes,
    Map<String, Long> skipped,
    boolean complete) {
  /** The version that is written. */
  public static final int SCHEMA = 1;

  public DatasetStatistics {
    attributes = List.copyOf(attributes);
    skipped = inOrder(skipped);
  }

  /**
   * How images are spread over identities.
   *
   * @param minimum of one identity
   * @param median over identities; the mean of the middle two of an even number
   * @param mean over identities
   * @param maximum of one identity
   * @param histogram identities by number of images, in bins that double: 1, 2, 3 to 4, 5 to 8 ...
   * @param atLeast identities and images that remain if identities with fewer images are left out,
   *     for 1, 2, 5, 10, 20, 50, 100 ... up to the maximum
   */
  public record ImagesPerIdentity(
      long minimum,
      double median,
      double mean,
      long maximum,
      List<Bin> histogram,
      List<AtLeast> atLeast) {
    public ImagesPerIdentity {
      histogram = List.copyOf(histogram);
      atLeast = List.copyOf(atLeast);
    }
  }

  /**
   * A bin of a histogram.
   *
   * @param low its smallest value
   * @param high its largest value; of a bin of an attribute, where the next begins
   * @param count how many lie in it
   */
  public record Bin(double low, double high, long count) {}

  /**
   * What remains of a data set.
   *
   * @param images least number of images of an identity
   * @param identities with that many
   * @param imagesKept of those identities
   */
  public record AtLeast(long images, long identities, long imagesKept) {}

  /**
   * Files looked at, or renderings.
   *
   * @param sampled how many; fewer than the images of the set if there are too many, then every
   *     {@code images/sampled}-th
   * @param unreadable how many of them gave no size
   * @param formats by name, most frequent first
   * @param sizes by {@code WIDTHxHEIGHT} in pixels as stored, most frequent first, at most as many
   *     as asked for
   * @param differentSizes how many sizes there are
   * @param minimumWidth smallest width; 0 if nothing could be read
   * @param maximumWidth largest width
   * @param minimumHeight smallest height
   * @param maximumHeight largest height
   * @param bytes of all files looked at, where known
   * @param filesOfKnownLength how many of them have a known length
   */
  public record Files(
      long sampled,
      long unreadable,
      Map<String, Long> formats,
      Map<String, Long> sizes,
      long differentSizes,
      long minimumWidth,
      long maximumWidth,
      long minimumHeight,
      long maximumHeight,
      long bytes,
      long filesOfKnownLength) {
    public Files {
      formats = inOrder(formats);
      sizes = inOrder(sizes);
    }
  }

  /**
   * An attribute.
   *
   * @param name of it
   * @param images that have it
   * @param differentValues how many values there are; at most 100,000 are told apart
   * @param values the most frequent values with their counts; empty if it is a number of many
   *     values
   * @param numbers summary, if every value is a number and there are more than 12; else null
   */
  public record Attribute(
      String name, long images, long differentValues, Map<String, Long> values, Numbers numbers) {
    public Attribute {
      values = inOrder(values);
    }
  }

  /**
   * An attribute that is a number.
   *
   * @param minimum smallest
   * @param median the mean of the middle two of an even number of images
   * @param mean over images
   * @param maximum largest
   * @param histogram 20 bins of equal width, or one for each whole number if those are fewer
   */
  public record Numbers(
      double minimum, double median, double mean, double maximum, List<Bin> histogram) {
    public Numbers {
      histogram = List.copyOf(histogram);
    }
  }

  /**
   * Counts. Files are opened for their headers only; what has no bytes of its own, such as a drawn
   * face, is decoded.
   *
   * @param manifest the data set
   * @param options how much is looked at
   * @param progress is told of images
   * @param stop is asked often; once true, counting ends with {@code complete} false
   */
  public static DatasetStatistics of(
      FaceManifest manifest,
      StatisticsOptions options,
      Progress.Factory progress,
      BooleanSupplier stop) {
    return new StatisticsCounter(manifest, options, stop).count(progress);
  }

  private static <V> Map<String, V> inOrder(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
