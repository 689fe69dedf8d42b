package org.mien.eval.identification;

/** What is done with images whose labels are known to be wrong. */
public enum MegafaceCleaning {
  /** Nothing: MegaFace as it was published. */
  RAW,

  /**
   * Noisy probes and distractors are left out, and so is a probe that loses its last mate: fewer
   * trials.
   */
  LEFT_OUT,

  /**
   * A noisy probe's embedding is replaced by the mean of its person's clean ones, each of unit
   * length, plus uniform noise in +-0.001 for each number; a noisy distractor is never more similar
   * than a mate. All trials count. So does InsightFace's {@code remove_noises.py}, whose
   * distractors get a further dimension that nobody else has.
   */
  REPLACED
}
