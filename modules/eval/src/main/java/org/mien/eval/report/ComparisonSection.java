package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.mien.eval.comparison.ComparisonResult;
import org.mien.eval.comparison.DecisionTable;
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
 * @param pairing which pairs of each run's were compared, as a sentence; null where both scored the
 *     same
 * @param decisions how often both decide a pair alike, or null where not counted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ComparisonSection(
    String source,
    String first,
    String second,
    long genuinePairs,
    long impostorPairs,
    long identities,
    List<Figure> figures,
    String pairing,
    DecisionTable decisions) {

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

  /** A comparison on the same pairs, without counted decisions. */
  public ComparisonSection(
      String source,
      String first,
      String second,
      long genuinePairs,
      long impostorPairs,
      long identities,
      List<Figure> figures) {
    this(source, first, second, genuinePairs, impostorPairs, identities, figures, null, null);
  }

  /** Takes the figures of a comparison. */
  public static ComparisonSection of(String source, ComparisonResult result) {
    return of(source, result, null, null);
  }

  /**
   * Takes the figures of a comparison.
   *
   * @param pairing as a sentence where not both scored the same pairs, or null
   * @param decisions or null
   */
  public static ComparisonSection of(
      String source, ComparisonResult result, String pairing, DecisionTable decisions) {
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
            .toList(),
        pairing,
        decisions);
  }
}
