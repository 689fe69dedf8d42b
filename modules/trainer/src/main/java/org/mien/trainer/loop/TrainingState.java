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
 * @param firstLoss mean loss of the rows of the first step of all; NaN before it
 */
public record TrainingState(
    List<EpochRecord> epochs, int stepInEpoch, double lossSum, double firstLoss) {
  public TrainingState {
    epochs = List.copyOf(epochs);
  }

  /** The state before the first step. */
  public static TrainingState initial() {
    return new TrainingState(List.of(), 0, 0, Double.NaN);
  }

  /** Returns the state after the end of an epoch. */
  TrainingState with(EpochRecord epoch, double first) {
    List<EpochRecord> all = new ArrayList<>(epochs);
    all.add(epoch);
    return new TrainingState(all, 0, 0, first);
  }

  /**
   * Returns the epoch whose weights are kept; the last one where nothing was validated.
   *
   * @param choice what makes one better than another
   * @return its number, from 1; 0 before the end of the first
   */
  public int bestEpoch(EpochChoice choice) {
    return choice.best(epochs);
  }
}
