package org.mien.trainer.observe;

/** Takes a row of figures after each epoch. */
@FunctionalInterface
public interface TrainingLog {
  void epoch(EpochRecord epoch);
}
