package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * How far the embeddings of some evaluated images are from those that another engine makes of the
 * same images with the same network.
 *
 * @param used the engine of all figures
 * @param other the other one
 * @param images how many were embedded by both
 * @param largestDifference of one number of an embedding
 * @param largestRelativeDifference the same, relative to the largest magnitude of its embedding
 * @param smallestCosine between the two embeddings of an image
 * @param seconds the comparison took
 * @param decisions pairs on which the engines decide differently, of those compared; null where the
 *     protocol has no pairs, with the next three
 * @param threshold where it is from
 * @param largestChange of the similarity of such a pair; null without pairs
 * @param pairsWithin how many of all pairs of the protocol are no further from the threshold
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngineSection(
    String used,
    String other,
    int images,
    double largestDifference,
    double largestRelativeDifference,
    double smallestCosine,
    double seconds,
    CountedRate decisions,
    String threshold,
    Double largestChange,
    Long pairsWithin) {
  public EngineSection {
    Objects.requireNonNull(used, "used");
    Objects.requireNonNull(other, "other");
    ReportParts.count("images", images);
    if ((decisions == null) != (threshold == null)
        || (decisions == null) != (largestChange == null)
        || (decisions == null) != (pairsWithin == null)) {
      throw new IllegalArgumentException(
          "expected decisions, threshold, largestChange and pairsWithin, or none of them");
    }
  }
}
