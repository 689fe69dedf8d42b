package org.mien.eval.report;

/** What a confidence interval takes as drawn independently. */
public enum IntervalBasis {
  /** People were drawn again (bootstrap over identities), with all their pairs. */
  PEOPLE,
  /** Every pair counts as independent (such as Clopper-Pearson on counts): too narrow. */
  PAIRS,
  /** The spread over the folds of the protocol. */
  FOLDS
}
