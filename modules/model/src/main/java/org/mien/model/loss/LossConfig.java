package org.mien.model.loss;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What training minimises, chosen by {@code type:}. */
public sealed interface LossConfig permits SoftmaxLossConfig {

  /** Returns the loss over the classifier's logits {@code (batch, identities)}. */
  ILossFunction toLossFunction();
}
