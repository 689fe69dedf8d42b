package org.mien.model.loss;

import org.mien.model.margin.TargetMargin;

/**
 * A loss that is softmax cross-entropy of {@code scale * cosine}, in which a fixed margin changes
 * the cosine with the row's own identity.
 */
public interface MarginLoss {

  /** What the margin makes of the cosine with the row's own identity. */
  TargetMargin toMargin();

  /** What all cosines are multiplied with. */
  double scale();
}
