package org.mien.model.loss;

import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A row's loss times the weight of its identity; the mean divides by the number of rows. */
abstract class WeightedRowLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  @JsonProperty("identityWeights")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final double[] identityWeights;

  /**
   * @param identityWeights one an identity, or null if every row counts the same
   */
  WeightedRowLoss(double[] identityWeights) {
    this.identityWeights = identityWeights;
  }

  @Override
  final double weight(int label, long outputs) {
    if (identityWeights == null) {
      return 1;
    }
    if (identityWeights.length != outputs) {
      throw new IllegalArgumentException(
          String.format("%d weights do not fit %d identities", identityWeights.length, outputs));
    }
    return identityWeights[label];
  }

  /** The one setting that such losses have besides the weights. */
  abstract double setting();

  @Override
  final double[] settings() {
    int count = identityWeights == null ? 0 : identityWeights.length;
    double[] settings = new double[1 + count];
    settings[0] = setting();
    if (count > 0) {
      System.arraycopy(identityWeights, 0, settings, 1, count);
    }
    return settings;
  }
}
