package org.mien.eval.fairness;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;

/**
 * Everything a report on one attribute shows.
 *
 * @param attribute name of the column
 * @param threshold the global threshold
 * @param fmr over all impostor pairs, in a group or not
 * @param fnmr over all genuine pairs, in a group or not
 * @param groups by name
 * @param crossGroups every two groups once, and each with itself
 * @param fmrInequality over the groups
 * @param fnmrInequality over the groups
 * @param leftOutPairs pairs with an image without a value, where those are left out
 * @param genuineAcrossGroups genuine pairs whose images are in different groups (as of one person
 *     in two age bands): they count for no group
 * @param notes what a reader must know, in words: where the threshold is from, what the intervals
 *     are, what the protocol lacks
 * @param metrics the figures by the names of {@code metrics.json}, such as {@code
 *     fmr@gender=female}, {@code fnmr@gender=female}, {@code fmr@gender=female*male}, {@code
 *     fmr.maxOverMin@gender}, {@code fnmr.gini@gender}
 */
public record FairnessResult(
    String attribute,
    GlobalThreshold threshold,
    GroupRate fmr,
    GroupRate fnmr,
    List<GroupFigures> groups,
    List<CrossGroupRate> crossGroups,
    Inequality fmrInequality,
    Inequality fnmrInequality,
    long leftOutPairs,
    long genuineAcrossGroups,
    List<String> notes,
    Map<String, Metric> metrics) {
  public FairnessResult {
    groups = List.copyOf(groups);
    crossGroups = List.copyOf(crossGroups);
    notes = List.copyOf(notes);
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
