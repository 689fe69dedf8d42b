package org.mien.eval.verification;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * Everything a report on verification shows.
 *
 * @param metrics figures by the names of {@code metrics.json}, in the order they are shown
 * @param roc every point of the ROC curve
 * @param det the same points as error rates
 * @param equalErrorRate with its threshold
 * @param operatingPoints TAR at each FAR asked for
 * @param folds the table of folds, where the protocol has folds
 * @param histogram of the scores
 * @param genuinePairs how many
 * @param impostorPairs how many
 * @param identities how many identities the pairs show, or empty where they are not known
 */
public record VerificationResult(
    Map<String, Metric> metrics,
    RocCurve roc,
    DetCurve det,
    EqualErrorRate equalErrorRate,
    List<TarAtFar> operatingPoints,
    Optional<KFoldAccuracy> folds,
    ScoreHistogram histogram,
    int genuinePairs,
    int impostorPairs,
    Optional<Integer> identities) {
  public VerificationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    operatingPoints = List.copyOf(operatingPoints);
  }
}
