package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The size of one split.
 *
 * @param name such as {@code training}
 * @param images how many images
 * @param identities how many people
 * @param purpose what it was used for, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SplitCounts(String name, long images, long identities, String purpose) {
  public SplitCounts {
    ReportParts.count("images", images);
    ReportParts.count("identities", identities);
  }
}
