package org.mien.trainer.search;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.SinglePointCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.mien.core.random.SeedStreams;

/**
 * The keys of a search as Arbiter sees them: each is a leaf that turns a number in [0, 1] into a
 * value; the value of the whole is a map from key to YAML.
 */
@SuppressWarnings("rawtypes") // Arbiter's interfaces are
final class SearchSpace extends AbstractParameterSpace<Map<String, String>> {
  private static final MathContext DIGITS = new MathContext(4);

  private final Map<String, DimensionConfig> space;
  private final Map<String, ParameterSpace<?>> leaves = new LinkedHashMap<>();

  SearchSpace(Map<String, DimensionConfig> space) {
    this.space = space;
    space.forEach((key, dimension) -> leaves.put(key, leaf(dimension)));
  }

  private static ParameterSpace<?> leaf(DimensionConfig dimension) {
    if (dimension instanceof DimensionConfig.Uniform uniform) {
      return new ContinuousParameterSpace(uniform.low(), uniform.high());
    } else if (dimension instanceof DimensionConfig.LogUniform logUniform) {
      return new ContinuousParameterSpace(
          new LogUniformDistribution(logUniform.low(), logUniform.high()));
    } else if (dimension instanceof DimensionConfig.Whole whole) {
      return new IntegerParameterSpace(whole.low(), whole.high());
    }
    return new DiscreteParameterSpace<>(dimension.samples());
  }

  /** A number as YAML, without a point where it is whole. */
  static String number(double value) {
    return text(BigDecimal.valueOf(value));
  }

  private static String text(BigDecimal value) {
    double size = Math.abs(value.doubleValue());
    BigDecimal shortest = value.stripTrailingZeros();
    return size == 0 || (size >= 1e-3 && size < 1e7)
        ? shortest.toPlainString()
        : shortest.toString().replace("E+", "e").replace("E", "e");
  }

  /** A drawn number: four digits are enough to tell values apart, and few enough to read. */
  private static String drawn(double value, DimensionConfig dimension) {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    List<String> ends = dimension.samples();
    for (String end : ends) {
      // Rounding must not lead out of the interval.
      if (Math.abs(rounded.doubleValue() - Double.parseDouble(end))
          < 1e-3 * Math.abs(Double.parseDouble(end))) {
        return end.equals(ends.get(0))
            ? text(rounded.max(new BigDecimal(end)))
            : text(rounded.min(new BigDecimal(end)));
      }
    }
    return text(rounded);
  }

  @Override
  public Map<String, String> getValue(double[] coordinates) {
    Map<String, String> values = new LinkedHashMap<>(); // serializable, as Arbiter demands
    leaves.forEach(
        (key, leaf) -> {
          Object value = leaf.getValue(coordinates);
          values.put(
              key,
              value instanceof Double number ? drawn(number, space.get(key)) : value.toString());
        });
    return values;
  }

  @Override
  public int numParameters() {
    return leaves.size();
  }

  @Override
  public List<ParameterSpace> collectLeaves() {
    return new ArrayList<>(leaves.values());
  }

  @Override
  public boolean isLeaf() {
    return false;
  }

  @Override
  public void setIndices(int... indices) {
    throw new UnsupportedOperationException("only leaves have indices");
  }

  /** Returns what proposes candidates: the same seed and, bred ones, the same scores, the same. */
  CandidateGenerator generator(StrategyConfig strategy, long seed, ScoreFunction score) {
    SeedStreams seeds = new SeedStreams(seed);
    if (strategy instanceof StrategyConfig.Grid grid) {
      return new GridSearchCandidateGenerator(
          this, grid.steps(), GridSearchCandidateGenerator.Mode.Sequential, null);
    } else if (strategy instanceof StrategyConfig.Genetic genetic) {
      PopulationModel population =
          new PopulationModel.Builder().populationSize(genetic.population()).build();
      return new GeneticSearchCandidateGenerator.Builder(this, score)
          .populationModel(population)
          .selectionOperator(
              new GeneticSelectionOperator.Builder()
                  .crossoverOperator(
                      new SinglePointCrossover.Builder()
                          .parentSelection(
                              new RandomTwoParentSelection(random(seeds, "search/parents")))
                          .randomGenerator(random(seeds, "search/crossover"))
                          .build())
                  .mutationOperator(
                      new RandomMutationOperator.Builder()
                          .mutationRate(genetic.mutationRate())
                          .randomGenerator(random(seeds, "search/mutation"))
                          .build())
                  .randomGenerator(random(seeds, "search/genes"))
                  .build())
          .build();
    }
    RandomSearchGenerator generator = new RandomSearchGenerator(this);
    generator.setRngSeed(seeds.seedOf("search/candidates"));
    return generator;
  }

  private static RandomGenerator random(SeedStreams seeds, String name) {
    JDKRandomGenerator random = new JDKRandomGenerator();
    random.setSeed(seeds.seedOf(name));
    return random;
  }
}
