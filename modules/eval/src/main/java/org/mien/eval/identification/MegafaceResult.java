package org.mien.eval.identification;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.LargeRoc;

/**
 * The figures of one run of MegaFace.
 *
 * @param metrics figures by the names of {@code metrics.json}, in the order they are shown
 * @param cmc the rate at each rank asked for
 * @param operatingPoints TAR at each FAR asked for
 * @param roc the part of the ROC curve whose impostor scores were kept
 * @param file the same as the kit's result file
 * @param distractors how many count
 * @param probes how many
 * @param people on the probes
 * @param matePairs ordered pairs of two images of one person: trials of identification
 * @param impostorPairs probes times distractors
 */
public record MegafaceResult(
    Map<String, Metric> metrics,
    List<CmcPoint> cmc,
    List<AcceptedAtFar> operatingPoints,
    LargeRoc roc,
    MegafaceResultFile file,
    int distractors,
    int probes,
    int people,
    long matePairs,
    long impostorPairs) {
  public MegafaceResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    cmc = List.copyOf(cmc);
    operatingPoints = List.copyOf(operatingPoints);
  }
}
