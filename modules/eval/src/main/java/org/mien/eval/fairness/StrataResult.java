package org.mien.eval.fairness;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * FNMR of genuine pairs by a quantity.
 *
 * @param quantity its name
 * @param threshold the global threshold
 * @param strata from the lowest bin to the highest
 * @param unknown genuine pairs without a value, if there are any
 * @param inequality of FNMR over the strata
 * @param metrics the figures by the names of {@code metrics.json}, such as {@code
 *     fnmr@ageGapYears=[5,10)}
 */
public record StrataResult(
    String quantity,
    GlobalThreshold threshold,
    List<Stratum> strata,
    Optional<Stratum> unknown,
    Inequality inequality,
    Map<String, Metric> metrics) {
  public StrataResult {
    strata = List.copyOf(strata);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /**
   * Genuine pairs of one bin.
   *
   * @param label such as {@code [5,10)}: the lower edge belongs to the bin, the upper does not
   * @param identities how many identities its pairs show; 0 where they are not known
   * @param fnmr at the global threshold
   */
  public record Stratum(String label, int identities, GroupRate fnmr) {}
}
