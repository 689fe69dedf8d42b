package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How fast and how large a model is.
 *
 * @param machine what it was measured on: processor, cores, memory, library and threads
 * @param parameters how many numbers were trained, or null where not known
 * @param sizeBytes of the file of the model, or null where not known
 * @param dimension numbers in an embedding, or null where not known
 * @param latencies in the order shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PerformanceSection(
    String machine, Long parameters, Long sizeBytes, Integer dimension, List<Latency> latencies) {

  /**
   * How long one thing takes.
   *
   * @param what is measured, such as {@code embedding, batch of 1}
   * @param images handled in one go, at least 1
   * @param medianMilliseconds of the repetitions
   * @param slowestTwentiethMilliseconds the 95th percentile of the repetitions
   * @param repetitions how many were measured, those for warming up not counted
   */
  public record Latency(
      String what,
      int images,
      double medianMilliseconds,
      double slowestTwentiethMilliseconds,
      int repetitions) {
    public Latency {
      Objects.requireNonNull(what, "what");
      if (images < 1
          || repetitions < 1
          || !(medianMilliseconds > 0)
          || !(slowestTwentiethMilliseconds >= medianMilliseconds)) {
        throw new IllegalArgumentException(
            what
                + ": expected images, repetitions and milliseconds above 0 and a 95th percentile"
                + " not below the median");
      }
    }

    /**
     * Sums up repetitions.
     *
     * @param nanoseconds of each, at least one
     */
    public static Latency of(String what, int images, long[] nanoseconds) {
      long[] sorted = nanoseconds.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      double median = (sorted[last / 2] + sorted[sorted.length / 2]) / 2.0;
      double slow = Math.max(median, (double) sorted[(int) Math.ceil(0.95 * last)]);
      return new Latency(what, images, median / 1e6, slow / 1e6, sorted.length);
    }

    double imagesPerSecond() {
      return 1000 * images / medianMilliseconds;
    }
  }

  public PerformanceSection {
    latencies = ReportParts.list(latencies);
  }
}
