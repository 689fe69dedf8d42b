package org.mien.eval.report;

/**
 * One cell of a confusion matrix.
 *
 * @param identity who the images show
 * @param named who the model named
 * @param count how many images
 */
public record ConfusionCell(String identity, String named, long count) {
  public ConfusionCell {
    ReportParts.count("count", count);
  }
}
