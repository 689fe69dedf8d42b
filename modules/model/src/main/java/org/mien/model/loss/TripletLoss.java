package org.mien.model.loss;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The loss function of {@link TripletLossConfig}. */
final class TripletLoss extends EmbeddingLoss {
  private static final long serialVersionUID = 1L;

  @JsonProperty("margin")
  private final double margin;

  @JsonProperty("mining")
  private final TripletLossConfig.Mining mining;

  @JsonCreator
  TripletLoss(
      @JsonProperty("margin") double margin,
      @JsonProperty("mining") TripletLossConfig.Mining mining) {
    this.margin = margin;
    this.mining = mining;
  }

  @Override
  double[] losses(double[][] squares, int[] identities, double[][] slopes) {
    double[] losses = new double[identities.length];
    for (int anchor = 0; anchor < losses.length; anchor++) {
      losses[anchor] =
          mining == TripletLossConfig.Mining.BATCH_HARD
              ? hardest(anchor, squares[anchor], identities, slopes[anchor])
              : semiHard(anchor, squares[anchor], identities, slopes[anchor]);
    }
    return losses;
  }

  private double hardest(int anchor, double[] squares, int[] identities, double[] slopes) {
    int positive = -1;
    int negative = -1;
    for (int j = 0; j < squares.length; j++) {
      if (j == anchor) {
        continue;
      }
      if (identities[j] == identities[anchor]) {
        positive = positive < 0 || squares[j] > squares[positive] ? j : positive;
      } else {
        negative = negative < 0 || squares[j] < squares[negative] ? j : negative;
      }
    }
    return triplet(positive, negative, 1, squares, slopes);
  }

  private double semiHard(int anchor, double[] squares, int[] identities, double[] slopes) {
    int positives = 0;
    for (int j = 0; j < squares.length; j++) {
      positives += j != anchor && identities[j] == identities[anchor] ? 1 : 0;
    }
    double loss = 0;
    for (int positive = 0; positive < squares.length; positive++) {
      if (positive == anchor || identities[positive] != identities[anchor]) {
        continue;
      }
      int beyond = -1;
      int farthest = -1;
      for (int j = 0; j < squares.length; j++) {
        if (identities[j] == identities[anchor]) {
          continue;
        }
        if (squares[j] > squares[positive] && (beyond < 0 || squares[j] < squares[beyond])) {
          beyond = j;
        }
        farthest = farthest < 0 || squares[j] > squares[farthest] ? j : farthest;
      }
      loss += triplet(positive, beyond < 0 ? farthest : beyond, 1.0 / positives, squares, slopes);
    }
    return loss;
  }

  private double triplet(
      int positive, int negative, double share, double[] squares, double[] slopes) {
    if (positive < 0 || negative < 0) {
      return 0;
    }
    double loss = margin + squares[positive] - squares[negative];
    if (loss <= 0) {
      return 0;
    }
    slopes[positive] += share;
    slopes[negative] -= share;
    return share * loss;
  }

  @Override
  Object settings() {
    return List.of(margin, mining);
  }

  @Override
  public String name() {
    return "triplet";
  }
}
