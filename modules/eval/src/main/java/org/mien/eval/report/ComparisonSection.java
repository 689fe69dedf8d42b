package org.mien.eval.report;

import java.util.List;
import java.util.Objects;
import org.mien.eval.comparison.ComparisonResult;
import org.mien.eval.metrics.Metric;

/**
 * Two models on the same pairs.
 *
 * @param source the pairs, such as {@code LFW View 2}
 * @param first name of the first model
 * @param second name of the second model
 * @param genuinePairs how many
 * @param impostorPairs how many
 * @param identities how many were resampled
 * @param figures in the order shown
 */
public record ComparisonSection(
    String source,
    String first,
    String second,
    long genuinePairs,
    long impostorPairs,
    long identities,
    List<Figure> figures) {

  /**
   * One figure of both.
   *
   * @param name as in {@code metrics.json}
   * @param first of the first model
   * @param second of the second model
   * @param difference {@code second - first}
   * @param pValue two-sided, of this figure alone
   * @param shown whether a difference has been shown: its interval does not hold 0
   */
  public record Figure(
      String name, double first, double second, Metric difference, double pValue, boolean shown) {}

  public ComparisonSection {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    figures = ReportParts.list(figures);
  }

  /** Takes the figures of a comparison. */
  public static ComparisonSection of(String source, ComparisonResult result) {
    return new ComparisonSection(
        source,
        result.first(),
        result.second(),
        result.genuinePairs(),
        result.impostorPairs(),
        result.identities(),
        result.figures().stream()
            .map(
                figure ->
                    new Figure(
                        figure.name(),
                        figure.first(),
                        figure.second(),
                        figure.difference(),
                        figure.pValue(),
                        !figure.includesZero()))
            .toList());
  }
}
