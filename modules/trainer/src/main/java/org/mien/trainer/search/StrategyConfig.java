package org.mien.trainer.search;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** How candidates are proposed. */
public sealed interface StrategyConfig {

  /** Returns how many candidates are tried at most, besides the recipe as it is. */
  int candidates();

  /**
   * Each candidate is drawn anew (Bergstra and Bengio 2012: with few keys that matter, better than
   * a grid of the same size).
   *
   * @param candidates how many
   */
  @TypeName("random")
  record Random(
      @Setting(
              value = "Candidates to try, besides the recipe as it is.",
              defaultValue = "20",
              min = 1,
              max = 100_000)
          int candidates)
      implements StrategyConfig {}

  /**
   * Every combination of the choices and of {@code steps} values of each interval.
   *
   * @param steps values of each interval, both ends among them
   * @param candidates at most so many of the combinations, in the grid's order
   */
  @TypeName("grid")
  record Grid(
      @Setting(
              value =
                  "Values tried of each interval, its ends among them; a choice has its own number.",
              defaultValue = "3",
              min = 2,
              max = 1000)
          int steps,
      @Setting(
              value = "At most so many of the combinations, in the grid's order.",
              defaultValue = "1000",
              min = 1,
              max = 100_000)
          int candidates)
      implements StrategyConfig {}

  /**
   * Random candidates first; from then on each is bred from two of the best so far, by one cut, and
   * now and then a value is drawn anew.
   *
   * @param candidates how many in all
   * @param population how many of the best may be parents
   * @param mutationRate how often a value is drawn anew
   */
  @TypeName("genetic")
  record Genetic(
      @Setting(
              value = "Candidates to try, besides the recipe as it is.",
              defaultValue = "40",
              min = 1,
              max = 100_000)
          int candidates,
      @Setting(
              value = "How many of the best so far may be parents; as many are drawn at first.",
              defaultValue = "8",
              min = 4,
              max = 1000)
          int population,
      @Setting(
              value = "How often a value is drawn anew rather than inherited.",
              defaultValue = "0.2",
              min = 0,
              exclusiveMin = true,
              max = 1)
          double mutationRate)
      implements StrategyConfig {}
}
