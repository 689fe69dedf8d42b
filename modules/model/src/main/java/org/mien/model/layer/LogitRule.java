package org.mien.model.layer;

import java.io.Serializable;
import org.mien.model.margin.TargetMargin;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * From the cosines of a row to the numbers that, times a scale, are the logits of its
 * cross-entropy.
 *
 * <p>A rule may keep a running state: numbers that follow the batches, are saved with the layer's
 * weights, and are constants as far as gradients go. The loss of a step uses the state that the
 * step before has left.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.PROPERTY, property = "@class")
public abstract class LogitRule implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many numbers the state has; all are 0 before the first step. */
  int stateSize() {
    return 0;
  }

  /**
   * Returns the state after a batch.
   *
   * @param targetCosines cosine of each row with its own identity
   * @param lengths Euclidean length of each row's embedding
   */
  double[] nextState(double[] state, double[] targetCosines, double[] lengths) {
    return state;
  }

  /**
   * Returns the margin of a row.
   *
   * @param length of its embedding; the gradient does not go through it
   */
  abstract TargetMargin margin(double length, double[] state);

  /** Whether {@link #others} does anything. */
  boolean changesOthers() {
    return false;
  }

  /**
   * Changes the cosines with other identities.
   *
   * @param values cosines of a row, changed in place
   * @param slopes derivative of each value by its cosine, 1 on entry
   * @param target place of the row's own identity, which is left alone
   * @param targetValue what the margin has made of its cosine
   */
  void others(double[] values, double[] slopes, int target, double targetValue, double[] state) {}
}
