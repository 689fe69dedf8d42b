package org.mien.model.task;

import java.util.SortedMap;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What kind of attribute a task learns, and by which loss; chosen by {@code type:}. */
public sealed interface TaskLossConfig
    permits ClassesTaskConfig, AgeTaskConfig, AgeOrdinalTaskConfig, BinaryTaskConfig {

  /** Returns the loss of a row whose label is known. */
  ILossFunction toLossFunction();

  /**
   * Settles what the outputs mean.
   *
   * @param counts how many training images have each value of the attribute
   * @throws IllegalArgumentException if there is nothing to learn from them, in words
   */
  ModelTask resolve(String name, String attribute, SortedMap<String, Integer> counts);
}
