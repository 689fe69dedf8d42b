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
  REPLACED,

  /**
   * A noisy probe's embedding is replaced by the mean of its person's clean ones, each of unit
   * length; a noisy distractor is a zero vector, whose similarity with everybody is 0. All trials
   * count. So does FaceX-Zoo's {@code remove_noises.py}: with a network whose strangers lie below
   * 0, a noisy distractor still stands in the way.
   */
  ZEROED
}
