package org.mien.model.loss;

/**
 * A rank, such as an age, as K - 1 questions "is it more than k?" (Niu et al. 2016, "Ordinal
 * Regression with Multiple Output CNN", equations 3 to 5): the loss of a row is {@code sum_k log(1
 * + exp(z_k)) - [y > k] z_k}, the cross-entropy of each answer's sigmoid.
 *
 * <p>Logits are {@code (batch, K - 1)}; labels are a column of whole numbers in [0, K). With a
 * dense layer whose weights all outputs share this is CORAL (Cao et al. 2020); with one of their
 * own for each, as here, answers may contradict each other, and {@link #rank} counts them.
 */
public final class OrdinalLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  public OrdinalLoss() {}

  /** Returns how many questions are answered with yes: the predicted label, in [0, K). */
  public static int rank(float[] logits) {
    int rank = 0;
    for (float logit : logits) {
      rank += logit > 0 ? 1 : 0;
    }
    return rank;
  }

  @Override
  long labels(long outputs) {
    return outputs + 1;
  }

  @Override
  double row(double[] logits, int label, double[] gradient) {
    double loss = 0;
    for (int k = 0; k < logits.length; k++) {
      double z = logits[k];
      double answer = label > k ? 1 : 0;
      // log(1 + exp(z)), without overflow.
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - answer * z;
      gradient[k] = 1 / (1 + Math.exp(-z)) - answer;
    }
    return loss;
  }

  @Override
  double[] settings() {
    return new double[0];
  }

  @Override
  public String name() {
    return "ordinal";
  }
}
