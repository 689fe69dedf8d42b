package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.FarRule;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.template.TemplateVerificationResult;

/**
 * Templates of several images compared one to one, as in IJB-B and IJB-C.
 *
 * @param protocol short name as in {@code metrics.json}, such as {@code ijbc}
 * @param title heading, such as {@code IJB-C 1:1}
 * @param description how templates come about, in sentences, or null
 * @param pooling how the images of a template became one embedding, in words
 * @param genuinePairs how many
 * @param impostorPairs how many
 * @param identities of the genuine pairs, or null where they are not known
 * @param auc area under the curve, or null
 * @param equalErrorRate or null
 * @param rows TAR at each FAR, by each rule
 * @param curve some two thousand points; empty where not kept
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TemplateSection(
    String protocol,
    String title,
    String description,
    String pooling,
    long genuinePairs,
    long impostorPairs,
    Long identities,
    Metric auc,
    Metric equalErrorRate,
    List<Row> rows,
    List<ErrorRatePoint> curve) {

  /**
   * One operating point.
   *
   * @param rule how the threshold was chosen, in words
   * @param point the rates
   */
  public record Row(String rule, TarAtFarRow point) {}

  public TemplateSection {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(title, "title");
    ReportParts.count("genuinePairs", genuinePairs);
    ReportParts.count("impostorPairs", impostorPairs);
    rows = ReportParts.list(rows);
    curve = ReportParts.list(curve);
  }

  /** Takes the figures of a comparison of templates. */
  public static TemplateSection of(
      String protocol,
      String title,
      String description,
      PoolingOptions pooling,
      TemplateVerificationResult result) {
    List<Row> rows = new ArrayList<>();
    for (AcceptedAtFar point : result.operatingPoints()) {
      boolean nearest = point.rule() == FarRule.NEAREST;
      String name = "tar@far=" + point.target().label() + (nearest ? ".nearest" : "");
      rows.add(
          new Row(
              point.rule().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              TarAtFarRow.of(point, result.metrics().get(name))));
    }
    return new TemplateSection(
        protocol,
        title,
        description,
        pooling.inWords(),
        result.genuinePairs(),
        result.impostorPairs(),
        result.identities().isPresent() ? Long.valueOf(result.identities().getAsInt()) : null,
        result.metrics().get("auc"),
        result.metrics().get("eer"),
        rows,
        ErrorRatePoint.of(result.roc().points()));
  }
}
