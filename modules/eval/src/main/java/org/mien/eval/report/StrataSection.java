package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.mien.eval.fairness.StrataResult;

/**
 * The false non-match rate by a quantity of the pair, such as pose, quality or age gap.
 *
 * @param quantity its name
 * @param source which pairs were split, or null
 * @param thresholdOrigin the global threshold in words
 * @param strata from the lowest bin to the highest; last the pairs without a value, if any
 * @param inequality over the strata, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StrataSection(
    String quantity,
    String source,
    String thresholdOrigin,
    List<Stratum> strata,
    InequalityFigures inequality) {

  /**
   * Genuine pairs of one bin.
   *
   * @param label such as {@code [5,10)}
   * @param identities how many its pairs show; 0 where not known
   * @param fnmr at the threshold
   */
  public record Stratum(String label, long identities, CountedRate fnmr) {}

  public StrataSection {
    Objects.requireNonNull(quantity, "quantity");
    strata = ReportParts.list(strata);
  }

  /** Takes the figures of one quantity. */
  public static StrataSection of(String source, StrataResult result) {
    List<Stratum> strata = new ArrayList<>();
    result.strata().forEach(stratum -> strata.add(of(stratum)));
    result.unknown().ifPresent(stratum -> strata.add(of(stratum)));
    return new StrataSection(
        result.quantity(),
        source,
        result.threshold().statement(),
        strata,
        InequalityFigures.of(result.inequality()));
  }

  private static Stratum of(StrataResult.Stratum stratum) {
    return new Stratum(stratum.label(), stratum.identities(), CountedRate.of(stratum.fnmr()));
  }
}
