package org.mien.eval.identification;

/**
 * Which threshold stands for a false positive identification rate, given the highest similarity of
 * each of {@code n} non-mated probes, {@code s[0] >= s[1] >= ...}, and {@code k = floor(target *
 * n)}, the target taken as the decimal number that is written.
 */
public enum FpirRule {
  /**
   * A probe is positive where its similarity is at least the smallest number above {@code s[k]}: at
   * most k non-mated probes are, and no lower threshold keeps the target.
   */
  AT_MOST,

  /**
   * A probe is positive where its similarity is above {@code s[max(k - 1, 0)]}: fewer than k
   * non-mated probes are. So do the evaluators published for IJB-B and IJB-C that keep the
   * galleries apart.
   */
  ABOVE_KTH
}
