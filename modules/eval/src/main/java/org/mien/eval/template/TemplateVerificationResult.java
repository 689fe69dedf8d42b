package org.mien.eval.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.LargeRoc;

/**
 * The figures of a comparison of templates.
 *
 * @param metrics figures by the names of {@code metrics.json}, in the order they are shown
 * @param operatingPoints TAR at each FAR and by each rule asked for
 * @param roc some two thousand points of the curve, each exact
 * @param genuinePairs how many
 * @param impostorPairs how many
 * @param identities of the genuine pairs, where the protocol tells them
 */
public record TemplateVerificationResult(
    Map<String, Metric> metrics,
    List<AcceptedAtFar> operatingPoints,
    LargeRoc roc,
    long genuinePairs,
    long impostorPairs,
    OptionalInt identities) {
  public TemplateVerificationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    operatingPoints = List.copyOf(operatingPoints);
  }
}
