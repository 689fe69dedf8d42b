package org.mien.model.loss;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The loss function of {@link ContrastiveLossConfig}. */
final class ContrastiveLoss extends EmbeddingLoss {
  private static final long serialVersionUID = 1L;

  /** Closer than rounding in double can tell apart: two such embeddings have no direction apart. */
  private static final double CLOSEST = 1e-7;

  @JsonProperty("margin")
  private final double margin;

  @JsonCreator
  ContrastiveLoss(@JsonProperty("margin") double margin) {
    this.margin = margin;
  }

  @Override
  double[] losses(double[][] squares, int[] identities, double[][] slopes) {
    int rows = identities.length;
    double[] losses = new double[rows];
    double share = 1.0 / Math.max(1, rows - 1);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        if (i == j) {
          continue;
        }
        if (identities[i] == identities[j]) {
          losses[i] += share * squares[i][j] / 2;
          slopes[i][j] = share / 2;
          continue;
        }
        double distance = Math.sqrt(squares[i][j]);
        double missing = margin - distance;
        if (missing > 0) {
          losses[i] += share * missing * missing / 2;
          // d(missing^2 / 2) / d(distance^2) = -missing / (2 distance)
          slopes[i][j] = distance < CLOSEST ? 0 : -share * missing / (2 * distance);
        }
      }
    }
    return losses;
  }

  @Override
  Object settings() {
    return List.of(margin);
  }

  @Override
  public String name() {
    return "contrastive";
  }
}
