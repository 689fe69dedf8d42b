package org.mien.eval.identification;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;

/**
 * The figures of a search in one gallery, or the averages over several.
 *
 * @param metrics figures by the names of {@code metrics.json}, in the order they are shown
 * @param cmc the rate at each rank asked for; empty where no probe is mated
 * @param openSet FNIR at each FPIR asked for; empty where all or no probes are mated, or for
 *     averages, whose thresholds differ
 * @param curves FNIR against FPIR, one for each gallery; empty where {@code openSet} has no meaning
 * @param galleries how many galleries were searched, one by one
 * @param galleryIdentities identities of all galleries
 * @param mated probes with a mate, counted in each gallery
 * @param nonMated probes without, counted in each gallery
 * @param tied mated probes whose rank another, equally similar identity would share
 */
public record IdentificationResult(
    Map<String, Metric> metrics,
    List<CmcPoint> cmc,
    List<OpenSetPoint> openSet,
    List<OpenSetCurve> curves,
    int galleries,
    int galleryIdentities,
    long mated,
    long nonMated,
    long tied) {
  public IdentificationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    cmc = List.copyOf(cmc);
    openSet = List.copyOf(openSet);
    curves = List.copyOf(curves);
  }
}
