package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.mien.eval.identification.CmcPoint;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.identification.OpenSetCurve;
import org.mien.eval.identification.OpenSetPoint;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;

/**
 * Who it is, among many, by one protocol.
 *
 * @param protocol short name as in {@code metrics.json}, such as {@code megaface}
 * @param title heading, such as {@code MegaFace, 1,000,000 distractors}
 * @param description how gallery, probes and threshold come about, in sentences, or null
 * @param galleries how many galleries were searched, one by one
 * @param galleryIdentities identities a probe is sought among: of all galleries, or distractors
 * @param matedProbes searches for someone who is in the gallery
 * @param nonMatedProbes searches for someone who is not; 0 where that was not tested
 * @param tiedProbes mated searches whose rank another, equally similar identity would share
 * @param ranks the rate at each rank asked for, with its interval
 * @param cmc the whole curve of rates, where it was kept; else empty
 * @param openSet FNIR at each FPIR asked for; empty where not tested
 * @param curves FNIR against FPIR, one for each gallery
 * @param tarAtFar share of mates accepted at false accept rates over probes and distractors, as
 *     MegaFace reports it; else empty
 * @param impostorPairs comparisons with distractors behind {@code tarAtFar}, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentificationSection(
    String protocol,
    String title,
    String description,
    int galleries,
    long galleryIdentities,
    long matedProbes,
    long nonMatedProbes,
    long tiedProbes,
    List<RankRate> ranks,
    List<RankRate> cmc,
    List<OpenSetRate> openSet,
    List<OpenSetSeries> curves,
    List<TarAtFarRow> tarAtFar,
    Long impostorPairs) {

  /**
   * One point of the CMC.
   *
   * @param rank from 1
   * @param rate share of mated searches whose mate is at this rank or better
   */
  public record RankRate(int rank, Metric rate) {
    public RankRate {
      ReportParts.fraction("rate", rate.value());
      if (rank < 1) {
        throw new IllegalArgumentException("rank: expected 1 or more, was " + rank);
      }
    }
  }

  /**
   * The miss rate at a false alarm rate.
   *
   * @param targetFpir the false positive identification rate asked for
   * @param threshold a search is positive where the similarity is at least this
   * @param fpir the rate really reached
   * @param fnir the false negative identification rate, its note a warning
   */
  public record OpenSetRate(double targetFpir, double threshold, double fpir, Metric fnir) {
    public OpenSetRate {
      ReportParts.fraction("targetFpir", targetFpir);
      ReportParts.fraction("fpir", fpir);
      ReportParts.fraction("fnir", fnir.value());
    }
  }

  /**
   * One open-set curve.
   *
   * @param name of the gallery
   * @param points FPIR as false match rate, FNIR as false non-match rate
   */
  public record OpenSetSeries(String name, List<ErrorRatePoint> points) {
    public OpenSetSeries {
      Objects.requireNonNull(name, "name");
      points = ReportParts.list(points);
    }
  }

  public IdentificationSection {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(title, "title");
    ReportParts.count("galleries", galleries);
    ReportParts.count("galleryIdentities", galleryIdentities);
    ReportParts.count("matedProbes", matedProbes);
    ReportParts.count("nonMatedProbes", nonMatedProbes);
    ReportParts.count("tiedProbes", tiedProbes);
    ranks = ReportParts.list(ranks);
    cmc = ReportParts.list(cmc);
    openSet = ReportParts.list(openSet);
    curves = ReportParts.list(curves);
    tarAtFar = ReportParts.list(tarAtFar);
  }

  /** Takes the figures of a search in one or several galleries. */
  public static IdentificationSection of(
      String protocol, String title, String description, IdentificationResult result) {
    List<OpenSetSeries> curves = new ArrayList<>();
    for (OpenSetCurve curve : result.curves()) {
      curves.add(
          new OpenSetSeries(
              result.curves().size() == 1 ? "gallery" : "gallery " + (curves.size() + 1),
              ErrorRatePoint.of(curve.points())));
    }
    return new IdentificationSection(
        protocol,
        title,
        description,
        result.galleries(),
        result.galleryIdentities(),
        result.mated(),
        result.nonMated(),
        result.tied(),
        ranks(result.cmc(), result.mated()),
        List.of(),
        result.openSet().stream().map(IdentificationSection::openSet).toList(),
        curves,
        List.of(),
        null);
  }

  /** Takes the figures of a run of MegaFace; the whole CMC comes with it. */
  public static IdentificationSection of(
      String protocol, String title, String description, MegafaceResult result) {
    List<RankRate> cmc = new ArrayList<>();
    List<Double> fileRanks = result.file().cmc().get(0);
    List<Double> recalls = result.file().cmc().get(1);
    for (int i = 0; i < fileRanks.size(); i++) {
      cmc.add(
          new RankRate(
              (int) Math.round(fileRanks.get(i)) + 1,
              Metric.of(recalls.get(i), result.matePairs())));
    }
    List<TarAtFarRow> rows = new ArrayList<>();
    for (AcceptedAtFar point : result.operatingPoints()) {
      rows.add(TarAtFarRow.of(point, result.metrics().get("tar@far=" + point.target().label())));
    }
    return new IdentificationSection(
        protocol,
        title,
        description,
        1,
        result.distractors(),
        result.matePairs(),
        0,
        0,
        ranks(result.cmc(), result.matePairs()),
        cmc,
        List.of(),
        List.of(),
        rows,
        result.impostorPairs());
  }

  private static List<RankRate> ranks(List<CmcPoint> points, long trials) {
    return points.stream()
        .map(
            point ->
                new RankRate(
                    point.rank(),
                    Metric.of(
                        point.rate(), point.interval().low(), point.interval().high(), trials)))
        .toList();
  }

  private static OpenSetRate openSet(OpenSetPoint point) {
    return new OpenSetRate(
        point.target().rate(),
        point.threshold().value(),
        point.fpir(),
        Metric.of(
                point.fnir(),
                point.fnirInterval().low(),
                point.fnirInterval().high(),
                point.mated())
            .withNote(point.warning().orElse(null)));
  }
}
