package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.eval.metrics.Metric;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.UnitLength;
import org.mien.eval.uncertainty.FoldMean;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.RateBootstrap;
import org.mien.eval.uncertainty.ResampledRate;

/**
 * N-way k-shot classification by prototypes (J. Snell et al.: Prototypical Networks for Few-shot
 * Learning, NIPS 2017, with the cosine in place of the Euclidean distance): each episode draws N
 * identities, k images of each to know them by and some others to ask for. An identity's prototype
 * is the mean of its k embeddings of unit length; an image is given to the prototype with the
 * highest cosine, of equal ones to none.
 *
 * @param ways identities of an episode, N, at least 2
 * @param shots images an identity is known by, k, at least 1
 * @param queries images asked for of each identity, at least 1
 * @param episodes at least 2
 */
public record FewShot(int ways, int shots, int queries, int episodes) {
  private static final double CONFIDENCE = 0.95;

  public FewShot {
    if (ways < 2 || shots < 1 || queries < 1 || episodes < 2) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 2 ways, 1 shot, 1 query and 2 episodes, were %d, %d, %d, %d",
              ways, shots, queries, episodes));
    }
  }

  /**
   * Reads a setting such as {@code 5x1}: 5 ways, 1 shot.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static FewShot parse(String text, int queries, int episodes) {
    if (!text.matches("[0-9]{1,6}x[0-9]{1,6}")) {
      throw new IllegalArgumentException(
          "expected people x images each is known by, such as 5x1, was '" + text + "'");
    }
    String[] both = text.split("x", -1);
    return new FewShot(Integer.parseInt(both[0]), Integer.parseInt(both[1]), queries, episodes);
  }

  /**
   * What the episodes gave.
   *
   * @param accuracy mean over episodes of the share of images given to the right identity
   * @param interval Student's, over the episodes: how well the draws are averaged out. The people
   *     are the same in all, so it does not say how other people would fare
   * @param overIdentities of a bootstrap over the identities that are asked for: how other people
   *     would fare, among rivals such as these
   * @param eligible identities with enough images
   * @param trials images asked for, in all episodes
   */
  public record Result(
      FewShot setting,
      double accuracy,
      Interval interval,
      ResampledRate overIdentities,
      int eligible,
      long trials) {

    /** Returns the name of the figure: {@code accuracy@5way1shot}. */
    public String name() {
      return String.format(Locale.ROOT, "accuracy@%dway%dshot", setting.ways, setting.shots);
    }

    /**
     * Returns the figures for {@code metrics.json}: the accuracy with its interval over identities,
     * and {@code .overEpisodes}, the same accuracy with its interval over episodes.
     */
    public Map<String, Metric> metrics() {
      Map<String, Metric> metrics = new LinkedHashMap<>();
      metrics.put(
          name(),
          overIdentities.toMetric(
              Optional.of(setting.episodes + " episodes drawn from " + eligible + " identities")));
      Metric episodes = Metric.of(accuracy, trials);
      metrics.put(
          name() + ".overEpisodes",
          interval.isPoint()
              ? episodes.withNote("no interval: all episodes give the same")
              : episodes
                  .withInterval(interval.low(), interval.high())
                  .withNote("the interval is of the draws, not of other people"));
      return metrics;
    }
  }

  /**
   * Checks that there are enough identities.
   *
   * @param identities who each face shows
   * @throws DataException if fewer than {@code ways} have {@code shots + queries} images
   */
  public void requireEnough(List<String> identities) {
    eligible(identities);
  }

  /**
   * Runs the episodes; each draws from the stream {@code few-shot} of its number.
   *
   * @param replicates of the bootstrap over identities, at least 2
   * @throws DataException if fewer than {@code ways} identities have {@code shots + queries}
   *     images, or an embedding is not finite or zero, naming the row
   */
  public Result evaluate(LabelledRows faces, int replicates, SeedStreams seeds) {
    List<int[]> eligible = eligible(faces.identities());
    EmbeddingRows rows = faces.rows();
    float[] unit = UnitLength.read(rows);
    double[] accuracies = new double[episodes];
    long[] right = new long[eligible.size()];
    long[] asked = new long[eligible.size()];
    for (int episode = 0; episode < episodes; episode++) {
      accuracies[episode] =
          episode(
              eligible, unit, rows.dimension(), right, asked, seeds.stream("few-shot", episode));
    }
    FoldMean mean = FoldMean.of(accuracies);
    long trials = (long) episodes * ways * queries;
    double[][] drawn =
        RateBootstrap.rates(
            new long[][] {right},
            asked,
            replicates,
            seeds.stream(String.format(Locale.ROOT, "bootstrap/few-shot/%dx%d", ways, shots)));
    return new Result(
        this,
        mean.mean(),
        mean.interval(CONFIDENCE),
        ResampledRate.of(mean.mean(), trials, drawn[0]),
        eligible.size(),
        trials);
  }

  private List<int[]> eligible(List<String> identities) {
    Map<String, List<Integer>> byIdentity = new LinkedHashMap<>();
    for (int row = 0; row < identities.size(); row++) {
      byIdentity.computeIfAbsent(identities.get(row), n -> new ArrayList<>()).add(row);
    }
    List<int[]> eligible = new ArrayList<>();
    for (List<Integer> rows : byIdentity.values()) {
      if (rows.size() >= shots + queries) {
        eligible.add(rows.stream().mapToInt(Integer::intValue).toArray());
      }
    }
    if (eligible.size() < ways) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%d-way %d-shot with %d queries needs %d identities of %d images; %d of %d have them",
              ways,
              shots,
              queries,
              ways,
              shots + queries,
              eligible.size(),
              byIdentity.size()));
    }
    return eligible;
  }

  private double episode(
      List<int[]> eligible,
      float[] unit,
      int dimension,
      long[] rightOf,
      long[] askedOf,
      SplittableRandom random) {
    int[] drawn = draw(eligible.size(), ways, random);
    double[][] prototypes = new double[ways][dimension];
    int[][] asked = new int[ways][queries];
    for (int way = 0; way < ways; way++) {
      int[] images = eligible.get(drawn[way]);
      int[] order = draw(images.length, shots + queries, random);
      double squared = 0;
      for (int i = 0; i < dimension; i++) {
        for (int shot = 0; shot < shots; shot++) {
          prototypes[way][i] += unit[images[order[shot]] * dimension + i];
        }
        squared += prototypes[way][i] * prototypes[way][i];
      }
      // Opposite embeddings cancel; such a prototype is like nothing, and keeps cosine 0.
      double scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
      for (int i = 0; i < dimension; i++) {
        prototypes[way][i] *= scale;
      }
      for (int query = 0; query < queries; query++) {
        asked[way][query] = images[order[shots + query]];
      }
    }
    int right = 0;
    for (int way = 0; way < ways; way++) {
      for (int row : asked[way]) {
        int found = isNearest(way, prototypes, unit, row * dimension) ? 1 : 0;
        right += found;
        rightOf[drawn[way]] += found;
        askedOf[drawn[way]]++;
      }
    }
    return right / (double) (ways * queries);
  }

  private static boolean isNearest(int way, double[][] prototypes, float[] unit, int at) {
    double own = cosine(prototypes[way], unit, at);
    for (int other = 0; other < prototypes.length; other++) {
      if (other != way && cosine(prototypes[other], unit, at) >= own) {
        return false;
      }
    }
    return true;
  }

  private static double cosine(double[] prototype, float[] unit, int at) {
    double sum = 0;
    for (int i = 0; i < prototype.length; i++) {
      sum += prototype[i] * unit[at + i];
    }
    return sum;
  }

  /** The first steps of Fisher-Yates. */
  private static int[] draw(int from, int count, SplittableRandom random) {
    int[] all = new int[from];
    for (int i = 0; i < from; i++) {
      all[i] = i;
    }
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(from - i);
      drawn[i] = all[j];
      all[j] = all[i];
    }
    return drawn;
  }
}
