package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.mien.eval.metrics.Metric;

/**
 * How well known people are named (closed set: every tested image shows a trained identity).
 *
 * @param split which images were tested, such as {@code held-out images}
 * @param images how many images were tested
 * @param accuracy share of images named right, its trials being the images
 * @param averages precision, recall and F1 by kind of average, in the order shown
 * @param identities one row an identity
 * @param confusion how often each identity was named as each other or itself; pairs that never
 *     occur may be left out; empty where not kept
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClassificationSection(
    String split,
    long images,
    Metric accuracy,
    List<AveragedScores> averages,
    List<IdentityScores> identities,
    List<ConfusionCell> confusion) {
  public ClassificationSection {
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(accuracy, "accuracy");
    ReportParts.count("images", images);
    ReportParts.fraction("accuracy", accuracy.value());
    averages = ReportParts.list(averages);
    identities = ReportParts.list(identities);
    confusion = ReportParts.list(confusion);
  }
}
