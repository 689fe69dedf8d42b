package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * People who were trained on and are in the test as well.
 *
 * @param test what was tested, such as {@code LFW View 2}
 * @param trainingKnown whether the model tells whom it was trained on; else nothing can be said
 * @param trainingIdentities how many people were trained on
 * @param testIdentities how many people are in the test
 * @param shared people found in both, in the order of their names, at most {@value #MOST_NAMED}
 * @param sharedCount how many are in both
 * @param leftOut what of the test was left out because of them, as a sentence; or null where
 *     nothing was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OverlapSection(
    String test,
    boolean trainingKnown,
    long trainingIdentities,
    long testIdentities,
    List<String> shared,
    long sharedCount,
    String leftOut) {
  /** Names listed at most. */
  public static final int MOST_NAMED = 200;

  public OverlapSection {
    Objects.requireNonNull(test, "test");
    shared = ReportParts.list(shared);
    if (sharedCount < shared.size() || sharedCount > testIdentities) {
      throw new IllegalArgumentException(
          "expected the people named <= those shared <= those of the test, were "
              + shared.size()
              + ", "
              + sharedCount
              + " and "
              + testIdentities);
    }
  }

  /**
   * Compares names. Two spellings of one person stay undetected, and so do two people of one name.
   *
   * @param training whom the model was trained on; empty where it does not tell
   * @param leftOut what was left out, as a sentence; or null
   */
  public static OverlapSection of(
      String test, Collection<String> training, Collection<String> tested, String leftOut) {
    TreeSet<String> shared = new TreeSet<>(tested);
    long testIdentities = shared.size();
    TreeSet<String> trained = new TreeSet<>(training);
    shared.retainAll(trained);
    return new OverlapSection(
        test,
        !trained.isEmpty(),
        trained.size(),
        testIdentities,
        shared.stream().limit(MOST_NAMED).toList(),
        shared.size(),
        leftOut);
  }
}
