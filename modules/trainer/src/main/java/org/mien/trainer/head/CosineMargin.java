package org.mien.trainer.head;

/**
 * What a margin loss makes of the cosine between an embedding and its own identity's weights, such
 * as {@code cos(theta + m)} (Deng et al. 2019, ArcFace, equation 3) or {@code cos(theta) - m} (Wang
 * et al. 2018, CosFace, equation 4).
 */
public interface CosineMargin {
  /** No margin: the cosine itself (Wang et al. 2017, NormFace). */
  CosineMargin NONE =
      new CosineMargin() {
        @Override
        public double value(double cosine) {
          return cosine;
        }

        @Override
        public double derivative(double cosine) {
          return 1;
        }
      };

  /**
   * @param cosine in [-1, 1]
   */
  double value(double cosine);

  /** Derivative of {@link #value} by the cosine. */
  double derivative(double cosine);
}
