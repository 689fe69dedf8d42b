package org.mien.eval.score;

/**
 * What a number of trials can say of an error rate, after the rules of 3 and 30 (ISO/IEC 19795-1,
 * annex B). With {@code n} trials and a rate {@code r}:
 */
public enum TrialSupport {
  /** {@code r n < 1}: not one error is to be expected; the rate cannot be set, let alone seen. */
  NONE,
  /** {@code r n < 3}: even no error at all would not show at 95 % that the rate is kept. */
  BELOW_RULE_OF_3,
  /** {@code r n < 30}: the rate can be bounded; its estimate may be off by more than 30 %. */
  BELOW_RULE_OF_30,
  /** {@code r n >= 30}: at 90 % confidence the true rate is within 30 % of the one found. */
  FULL
}
