package org.mien.eval.score;

/** Which operating point stands for a false accept rate. */
public enum FarRule {
  /**
   * The highest TAR of an operating point whose FAR is at most the target: the threshold is the
   * smallest number above the (k+1)-th highest impostor score, {@code k = floor(target *
   * impostors)}.
   */
  AT_MOST,

  /**
   * The operating point whose FAR is nearest to the target, be it above or below; of two equally
   * near the higher FAR, of equal FARs the higher TAR. So do the evaluators that are published for
   * IJB-B and IJB-C with scikit-learn's {@code roc_curve}, but for points that it leaves out as
   * collinear. For comparison with their figures: it may exceed the target.
   */
  NEAREST
}
