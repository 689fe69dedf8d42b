package org.mien.trainer.search;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleBiFunction;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;

/**
 * Lets Arbiter propose candidates and run them.
 *
 * <p>Arbiter's traps, and what is done about them: a task that throws leaves no result, so tasks
 * here never throw and a failed candidate has the worst score; an exhausted grid does not end the
 * run, so the number of candidates is bounded by the grid's size; with several tasks at a time more
 * are begun than asked for, so the generator itself ends at the number.
 */
final class ArbiterSearch {
  private final SearchConfig config;
  private final int parallel;
  private final BooleanSupplier ended;
  private final ToDoubleBiFunction<Integer, Map<String, String>> trial;

  /**
   * @param parallel candidates at a time
   * @param ended asked after each candidate whether that was the last
   * @param trial tries the values of the candidate of this index, from 0, and returns its score; is
   *     called from several threads and must not throw
   */
  ArbiterSearch(
      SearchConfig config,
      int parallel,
      BooleanSupplier ended,
      ToDoubleBiFunction<Integer, Map<String, String>> trial) {
    this.config = config;
    this.parallel = parallel;
    this.ended = ended;
    this.trial = trial;
  }

  /** Returns how many candidates there will be at most. */
  int candidates() {
    return bounded(generator()).most;
  }

  /** Proposes and tries until all are tried or the end is said. */
  void run() {
    if (ended.getAsBoolean()) {
      return;
    }
    Bounded generator = bounded(generator());
    OptimizationConfiguration arbiter =
        new OptimizationConfiguration.Builder()
            .candidateGenerator(generator)
            .scoreFunction(score())
            .terminationConditions(new AllTried(generator.most, ended))
            .build();
    new LocalOptimizationRunner(parallel, arbiter, new Trials()).execute();
  }

  private CandidateGenerator generator() {
    return new SearchSpace(config.space()).generator(config.strategy(), config.seed(), score());
  }

  private Bounded bounded(CandidateGenerator generator) {
    int most = config.strategy().candidates();
    if (generator instanceof GridSearchCandidateGenerator grid) {
      most = Math.min(most, grid.getTotalNumCandidates());
    }
    return new Bounded(generator, most, ended);
  }

  private ScoreFunction score() {
    return new Score(config.measure().isLowerBetter());
  }

  /** Makes a task of each candidate. */
  @SuppressWarnings({"rawtypes", "deprecation"}) // Arbiter's interface is and demands so
  private final class Trials implements TaskCreator {
    @Override
    public Callable<OptimizationResult> create(
        Candidate candidate,
        DataProvider data,
        ScoreFunction score,
        List<StatusListener> listeners,
        IOptimizationRunner runner) {
      return () -> tryOut(candidate);
    }

    @Override
    public Callable<OptimizationResult> create(
        Candidate candidate,
        Class<? extends DataSource> data,
        Properties properties,
        ScoreFunction score,
        List<StatusListener> listeners,
        IOptimizationRunner runner) {
      return () -> tryOut(candidate);
    }

    private OptimizationResult tryOut(Candidate<?> candidate) {
      long started = System.currentTimeMillis();
      @SuppressWarnings("unchecked") // what SearchSpace.getValue made
      Map<String, String> values = (Map<String, String>) candidate.getValue();
      double score = trial.applyAsDouble(candidate.getIndex(), values);
      CandidateInfo info =
          new CandidateInfo(
              candidate.getIndex(),
              CandidateStatus.Complete,
              score,
              started,
              started,
              System.currentTimeMillis(),
              candidate.getFlatParameters(),
              null);
      return new OptimizationResult(candidate, score, candidate.getIndex(), null, info, null);
    }
  }

  /** A generator that ends. */
  private static final class Bounded implements CandidateGenerator {
    private final CandidateGenerator generator;
    private final int most;
    private final BooleanSupplier ended;
    private int made;

    Bounded(CandidateGenerator generator, int most, BooleanSupplier ended) {
      this.generator = generator;
      this.most = most;
      this.ended = ended;
    }

    @Override
    public boolean hasMoreCandidates() {
      return made < most && !ended.getAsBoolean() && generator.hasMoreCandidates();
    }

    @Override
    public Candidate<?> getCandidate() {
      made++;
      return generator.getCandidate();
    }

    @Override
    public void reportResults(OptimizationResult result) {
      generator.reportResults(result);
    }

    @Override
    public ParameterSpace<?> getParameterSpace() {
      return generator.getParameterSpace();
    }

    @Override
    public void setRngSeed(long seed) {
      generator.setRngSeed(seed);
    }

    @Override
    public Class<?> getCandidateType() {
      return generator.getCandidateType();
    }
  }

  private static final class AllTried implements TerminationCondition {
    private final int most;
    private final BooleanSupplier ended;

    AllTried(int most, BooleanSupplier ended) {
      this.most = most;
      this.ended = ended;
    }

    @Override
    public void initialize(IOptimizationRunner runner) {}

    @Override
    public boolean terminate(IOptimizationRunner runner) {
      return ended.getAsBoolean()
          || runner.numCandidatesCompleted() + runner.numCandidatesFailed() >= most;
    }
  }

  /** Says which way is better; the scores come with the results. */
  @SuppressWarnings("deprecation") // the interface demands it
  private static final class Score implements ScoreFunction {
    private static final long serialVersionUID = 1L;

    private final boolean minimize;

    Score(boolean minimize) {
      this.minimize = minimize;
    }

    @Override
    public double score(Object model, DataProvider data, Map<String, Object> parameters) {
      throw new UnsupportedOperationException("candidates bring their score");
    }

    @Override
    public double score(Object model, Class<? extends DataSource> data, Properties properties) {
      throw new UnsupportedOperationException("candidates bring their score");
    }

    @Override
    public boolean minimize() {
      return minimize;
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
      return List.of(Object.class);
    }

    @Override
    public List<Class<?>> getSupportedDataTypes() {
      return List.of(Object.class);
    }
  }
}
