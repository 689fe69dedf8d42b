package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.mien.eval.fairness.FairnessResult;

/**
 * Error rates by group, all at one threshold.
 *
 * @param attribute what makes the groups, such as {@code gender}
 * @param source which pairs were split, such as {@code LFW View 2}, or null
 * @param threshold the score from which a pair is accepted
 * @param thresholdOrigin where it is from, in words
 * @param fmr over all impostor pairs
 * @param fnmr over all genuine pairs
 * @param groups by name
 * @param crossGroups every two groups once, and each with itself
 * @param fmrInequality over the groups
 * @param fnmrInequality over the groups
 * @param leftOutPairs pairs with an image without a value, where those are left out
 * @param genuineAcrossGroups genuine pairs whose images are in different groups
 * @param notes what a reader must know, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FairnessSection(
    String attribute,
    String source,
    double threshold,
    String thresholdOrigin,
    CountedRate fmr,
    CountedRate fnmr,
    List<Group> groups,
    List<CrossGroup> crossGroups,
    InequalityFigures fmrInequality,
    InequalityFigures fnmrInequality,
    long leftOutPairs,
    long genuineAcrossGroups,
    List<String> notes) {

  /**
   * One group.
   *
   * @param name of the group
   * @param identities in the pairs; 0 where not known
   * @param images in the pairs; 0 where not known
   * @param fmr of impostor pairs within the group
   * @param fnmr of genuine pairs within the group
   */
  public record Group(
      String name, long identities, long images, CountedRate fmr, CountedRate fnmr) {}

  /**
   * Impostor pairs with one image in each of two groups.
   *
   * @param groupA the earlier group
   * @param groupB the later group, or the same
   * @param fmr without a rate where there are no such pairs
   */
  public record CrossGroup(String groupA, String groupB, CountedRate fmr) {}

  public FairnessSection {
    Objects.requireNonNull(attribute, "attribute");
    Objects.requireNonNull(fmr, "fmr");
    Objects.requireNonNull(fnmr, "fnmr");
    groups = ReportParts.list(groups);
    crossGroups = ReportParts.list(crossGroups);
    notes = ReportParts.list(notes);
  }

  /** Takes the figures of one attribute. */
  public static FairnessSection of(String source, FairnessResult result) {
    return new FairnessSection(
        result.attribute(),
        source,
        result.threshold().threshold().value(),
        result.threshold().statement(),
        CountedRate.of(result.fmr()),
        CountedRate.of(result.fnmr()),
        result.groups().stream()
            .map(
                group ->
                    new Group(
                        group.group(),
                        group.identities(),
                        group.images(),
                        CountedRate.of(group.fmr()),
                        CountedRate.of(group.fnmr())))
            .toList(),
        result.crossGroups().stream()
            .map(cell -> new CrossGroup(cell.groupA(), cell.groupB(), CountedRate.of(cell.fmr())))
            .toList(),
        InequalityFigures.of(result.fmrInequality()),
        InequalityFigures.of(result.fnmrInequality()),
        result.leftOutPairs(),
        result.genuineAcrossGroups(),
        result.notes());
  }
}
