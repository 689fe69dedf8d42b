package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Which images the run used.
 *
 * @param source the data set in words, such as {@code LFW deep-funneled}, or null
 * @param splits counts by split, in order
 * @param skipped what could not be used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSection(String source, List<SplitCounts> splits, List<SkippedImage> skipped) {
  public DataSection {
    splits = ReportParts.list(splits);
    skipped = ReportParts.list(skipped);
  }
}
