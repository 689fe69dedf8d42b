package org.mien.trainer.evaluation;

import java.nio.file.Path;
import org.mien.eval.comparison.ScoreFile;

/** Whether the scores of single pairs are kept, by which runs can be compared pair by pair. */
public enum ScoresKept {
  /** Of protocols of at most {@link ScoreFile#USUAL_MOST_PAIRS} pairs. */
  USUAL,
  /** Of every verification protocol, however large. */
  ALL,
  /** None. */
  NONE;

  /**
   * Writes the scores of a protocol, or not.
   *
   * @param folder the folder {@code scores} of a run
   * @return whether they were written
   */
  public boolean write(VerificationOutcome outcome, Path folder) {
    if (this == NONE || (this == USUAL && outcome.scored().size() > ScoreFile.USUAL_MOST_PAIRS)) {
      return false;
    }
    ScoreFile.write(outcome.compared(), ScoreFile.in(folder, outcome.protocol()));
    return true;
  }
}
