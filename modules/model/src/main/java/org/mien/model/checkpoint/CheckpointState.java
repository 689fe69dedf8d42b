package org.mien.model.checkpoint;

import java.util.List;

/**
 * Where a training run stands, besides its weights and its optimiser's state.
 *
 * @param epoch number of epochs done
 * @param step number of optimiser steps done
 * @param bestMetric best value of the metric that chooses, 0 where nothing was measured yet
 * @param bestEpoch epoch of the best value, -1 where nothing was measured yet
 * @param lossHistory mean loss of each epoch done, in order
 * @param recipeFingerprint of the configuration: another recipe must not go on from here
 * @param featuresFingerprint of what is trained on, likewise
 */
public record CheckpointState(
    int epoch,
    long step,
    double bestMetric,
    int bestEpoch,
    List<Double> lossHistory,
    String recipeFingerprint,
    String featuresFingerprint) {
  public CheckpointState {
    lossHistory = List.copyOf(lossHistory);
    if (epoch < 0 || step < 0 || bestEpoch < -1 || bestEpoch > epoch) {
      throw new IllegalArgumentException(
          String.format(
              "expected counts from 0 and a best epoch up to the epoch, was epoch %d, step %d, best"
                  + " epoch %d",
              epoch, step, bestEpoch));
    }
    if (!Double.isFinite(bestMetric) || !lossHistory.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "expected finite numbers, was metric " + bestMetric + ", losses " + lossHistory);
    }
  }
}
