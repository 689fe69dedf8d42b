package org.mien.trainer.loop;

import java.util.ArrayList;
import java.util.List;
import org.mien.trainer.observe.EpochRecord;

/**
 * Where a training stands, apart from the weights and the optimiser's moments. The order of the
 * rows follows from seed and epoch, so this is all that an exact continuation needs.
 *
 * @param epochs the finished epochs, in order
 * @param stepInEpoch steps already done of the epoch that comes next
 * @param lossSum summed loss of the rows of those steps
 */
public record TrainingState(List<EpochRecord> epochs, int stepInEpoch, double lossSum) {
  public TrainingState {
    epochs = List.copyOf(epochs);
  }

  /** The state before the first step. */
  public static TrainingState initial() {
    return new TrainingState(List.of(), 0, 0);
  }

  /** Returns the state after the end of an epoch. */
  TrainingState with(EpochRecord epoch) {
    List<EpochRecord> all = new ArrayList<>(epochs);
    all.add(epoch);
    return new TrainingState(all, 0, 0);
  }

  /**
   * Returns the epoch whose weights are kept: the one with the highest validation accuracy, among
   * equals the one with the lowest validation loss, among those the earliest; the last one where
   * nothing was validated.
   *
   * @return its number, from 1; 0 before the end of the first
   */
  public int bestEpoch() {
    EpochRecord best = null;
    for (EpochRecord epoch : epochs) {
      if (best == null
          || Double.isNaN(epoch.validationAccuracy())
          || epoch.validationAccuracy() > best.validationAccuracy()
          || (epoch.validationAccuracy() == best.validationAccuracy()
              && epoch.validationLoss() < best.validationLoss())) {
        best = epoch;
      }
    }
    return best == null ? 0 : best.epoch();
  }

  /** Returns the number of the earliest epoch with the lowest validation loss; 0 without any. */
  int lowestLossEpoch() {
    EpochRecord best = null;
    for (EpochRecord epoch : epochs) {
      if (best == null || epoch.validationLoss() < best.validationLoss()) {
        best = epoch;
      }
    }
    return best == null ? 0 : best.epoch();
  }
}
