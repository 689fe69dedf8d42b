package org.mien.model.loss;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A loss that is a function of the logits of a linear classifier. */
public interface LogitLoss {

  /**
   * Returns the loss over the classifier's logits {@code (batch, identities)}.
   *
   * @param weights how much the rows of each identity count
   */
  ILossFunction toLossFunction(IdentityWeights weights);

  /** Returns the loss in which every row counts the same. */
  default ILossFunction toLossFunction() {
    return toLossFunction(IdentityWeights.EQUAL);
  }
}
