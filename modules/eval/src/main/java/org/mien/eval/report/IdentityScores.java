package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How well one identity was named.
 *
 * @param identity its name
 * @param images how many tested images show it
 * @param correct how many of them were named right
 * @param precision fraction in [0, 1]; null where the identity was never named
 * @param recall fraction in [0, 1]; null where no tested image shows it
 * @param f1 fraction in [0, 1]; null where undefined
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IdentityScores(
    String identity, long images, long correct, Double precision, Double recall, Double f1) {
  public IdentityScores {
    if (correct < 0 || correct > images) {
      throw new IllegalArgumentException(
          identity + ": expected 0 <= correct <= images, were " + correct + " and " + images);
    }
    ReportParts.fraction("precision", precision);
    ReportParts.fraction("recall", recall);
    ReportParts.fraction("f1", f1);
  }
}
