package org.mien.data.integrity;

import java.util.List;

/**
 * One thing that a check found, with all its cases.
 *
 * @param kind what it is
 * @param severity how much it matters: that of the kind
 * @param message for people, with the counts
 * @param total how many cases there are
 * @param examples the first cases, at most as many as asked for
 */
public record Finding(
    FindingKind kind, Severity severity, String message, long total, List<Case> examples) {
  public Finding {
    examples = List.copyOf(examples);
    if (severity != kind.severity() || total < 1 || total < examples.size()) {
      throw new IllegalArgumentException(
          kind + " " + severity + ": " + total + " cases, " + examples.size() + " examples");
    }
  }

  Finding(FindingKind kind, String message, long total, List<Case> examples) {
    this(kind, kind.severity(), message, total, examples);
  }

  /**
   * One case.
   *
   * @param keys the images, identities or files involved, each with its set where there are several
   *     sets: {@code train:Name/Name_0001.jpg}; of a long list the first ones
   * @param detail more for people: a reason, a distance; may be empty
   */
  public record Case(List<String> keys, String detail) {
    public Case {
      keys = List.copyOf(keys);
    }
  }
}
