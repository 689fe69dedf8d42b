package org.mien.trainer.search;

import java.util.HashSet;
import java.util.List;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** The values that one key of the recipe may take. */
public sealed interface DimensionConfig {

  /** Returns some values, both ends or every choice among them, as YAML. */
  List<String> samples();

  /**
   * Any number of an interval, each as likely.
   *
   * @param low smallest
   * @param high largest
   */
  @TypeName("uniform")
  record Uniform(@Setting("Smallest value.") double low, @Setting("Largest value.") double high)
      implements DimensionConfig {
    public Uniform {
      requireAscending(low, high);
    }

    @Override
    public List<String> samples() {
      return List.of(SearchSpace.number(low), SearchSpace.number(high));
    }
  }

  /**
   * Any number of an interval, each power of ten as likely: for learning rates and the like.
   *
   * @param low smallest, above 0
   * @param high largest
   */
  @TypeName("log-uniform")
  record LogUniform(
      @Setting(value = "Smallest value.", min = 0, exclusiveMin = true) double low,
      @Setting(value = "Largest value.", min = 0, exclusiveMin = true) double high)
      implements DimensionConfig {
    public LogUniform {
      requireAscending(low, high);
    }

    @Override
    public List<String> samples() {
      return List.of(SearchSpace.number(low), SearchSpace.number(high));
    }
  }

  /**
   * Any whole number of an interval.
   *
   * @param low smallest
   * @param high largest
   */
  @TypeName("integer")
  record Whole(@Setting("Smallest value.") int low, @Setting("Largest value.") int high)
      implements DimensionConfig {
    public Whole {
      requireAscending(low, high);
    }

    @Override
    public List<String> samples() {
      return List.of(Integer.toString(low), Integer.toString(high));
    }
  }

  /**
   * One of some numbers.
   *
   * @param values at least two
   */
  @TypeName("numbers")
  record Numbers(@Setting("The numbers to choose from.") List<Double> values)
      implements DimensionConfig {
    public Numbers {
      values = List.copyOf(values);
      requireChoices(values);
    }

    @Override
    public List<String> samples() {
      return values.stream().map(SearchSpace::number).toList();
    }
  }

  /**
   * One of some values, each written as it would be behind {@code --set key=}.
   *
   * @param values at least two
   */
  @TypeName("choice")
  record Choice(
      @Setting("The values to choose from, each as text: [adam, sgd], or \"{type: arcface}\".")
          List<String> values)
      implements DimensionConfig {
    public Choice {
      values = List.copyOf(values);
      requireChoices(values);
    }

    @Override
    public List<String> samples() {
      return values;
    }
  }

  private static void requireAscending(double low, double high) {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "low: expected less than high, were "
              + SearchSpace.number(low)
              + " and "
              + SearchSpace.number(high));
    }
  }

  private static void requireChoices(List<?> values) {
    if (values.size() < 2) {
      throw new IllegalArgumentException(
          "values: expected at least two to choose from, was " + values);
    }
    if (new HashSet<>(values).size() < values.size()) {
      throw new IllegalArgumentException("values: one is given twice in " + values);
    }
  }
}
