package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.Pair;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.CountedRate;
import org.mien.eval.report.EngineSection;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.model.backbone.OnnxGraphConfig;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.embed.MirroredEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.export.Parity;
import org.mien.model.export.ParityCheck;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;

/**
 * Embeds some of the evaluated images once more on the engine that does not run the model: {@value
 * #PAIRS} pairs of a protocol of pairs, else {@value #IMAGES} images, evenly spread; fewer where
 * they take longer than {@value #MOST_SECONDS} s. Pairs are decided at the threshold of a false
 * match rate of 1e-2 on all pairs.
 */
public final class EngineComparison {
  static final int PAIRS = 64;
  static final int IMAGES = 64;
  static final int MOST_SECONDS = 10;

  /** Batches double up to this from 2 on, so that the time runs out by a part of itself at most. */
  private static final int LARGEST_BATCH = 16;

  private EngineComparison() {}

  /**
   * Compares.
   *
   * @param used what the evaluation embedded with
   * @param mirrored whether that averages each image with its mirror image
   * @param samples the images of the protocol
   * @param crop the part of them that shows the face
   * @throws DataException if the other engine cannot run the network or gives embeddings of another
   *     length, or an image cannot be read
   */
  public static EngineSection of(
      FaceModel model,
      Embedder used,
      boolean mirrored,
      ProtocolOutcome outcome,
      List<FaceSample> samples,
      Crop crop) {
    long began = System.nanoTime();
    List<ComparedPair> pairs =
        outcome instanceof VerificationOutcome compared ? pairs(compared) : List.of();
    List<FaceSample> chosen =
        outcome instanceof VerificationOutcome compared
            ? imagesOf(pairs, compared)
            : spread(samples.size(), IMAGES).stream().map(samples::get).toList();
    try (Embedder opened = onOtherEngine(model)) {
      Embedder other = mirrored ? new MirroredEmbedder(opened) : opened;
      FacePreprocessor preprocessor = new FacePreprocessor(used.preprocessing().withCrop(crop));
      int length = preprocessor.preprocessing().imageLength();
      int dimension = used.dimension();
      if (other.dimension() != dimension) {
        throw new DataException(
            String.format(
                "%s gives embeddings of %d numbers, %s of %d",
                used.engine(), dimension, other.engine(), other.dimension()));
      }
      float[] expected = new float[chosen.size() * dimension];
      float[] actual = new float[chosen.size() * dimension];
      float[] batch = new float[LARGEST_BATCH * length];
      int size = 2;
      int done = 0;
      long embedding = System.nanoTime();
      while (done < chosen.size()
          && System.nanoTime() - embedding < MOST_SECONDS * 1_000_000_000L) {
        int count = Math.min(size, chosen.size() - done);
        for (int i = 0; i < count; i++) {
          preprocessor.apply(chosen.get(done + i).image().decode(), batch, i * length);
        }
        System.arraycopy(
            used.embed(batch, count), 0, expected, done * dimension, count * dimension);
        System.arraycopy(other.embed(batch, count), 0, actual, done * dimension, count * dimension);
        done += count;
        size = Math.min(LARGEST_BATCH, 2 * size);
      }
      List<String> keys = chosen.subList(0, done).stream().map(FaceSample::key).toList();
      return section(
          outcome,
          used,
          other,
          pairs,
          new EmbeddingMatrix(
              keys,
              Collections.nCopies(done, ""),
              dimension,
              Arrays.copyOf(expected, done * dimension)),
          new EmbeddingMatrix(
              keys,
              Collections.nCopies(done, ""),
              dimension,
              Arrays.copyOf(actual, done * dimension)),
          began);
    }
  }

  /**
   * ONNX Runtime for ND4J, and ND4J for ONNX Runtime, for which an ONNX file's graph is rebuilt.
   */
  private static Embedder onOtherEngine(FaceModel model) {
    Preprocessing input = model.descriptor().preprocessing();
    boolean onNd4j = model.backbone().engine().equals(Nd4jRuntime.start().backend());
    ComputationGraph network =
        model
            .graph()
            .orElseGet(() -> OnnxGraphConfig.rebuild(model.onnxBackbone().orElseThrow(), input));
    return model.headOn(
        FrozenNetwork.open(
            network,
            model
                .descriptor()
                .features()
                .orElseGet(() -> network.getConfiguration().getNetworkOutputs().get(0)),
            input,
            onNd4j ? Engine.ONNX_RUNTIME : Engine.ND4J,
            OnnxEmbedder.Options.defaults()));
  }

  private record ComparedPair(String keyA, String keyB) {}

  private static EngineSection section(
      ProtocolOutcome outcome,
      Embedder used,
      Embedder other,
      List<ComparedPair> pairs,
      EmbeddingMatrix expected,
      EmbeddingMatrix actual,
      long began) {
    Parity parity =
        ParityCheck.compare(expected.values(), actual.values(), expected.dimension(), 0);
    if (!Double.isFinite(parity.largestRelativeDifference())) {
      throw new DataException(
          "embeddings of " + used.engine() + " or " + other.engine() + " are not finite");
    }
    CountedRate decisions = null;
    String statement = null;
    Double largestChange = null;
    Long within = null;
    if (outcome instanceof VerificationOutcome compared) {
      GlobalThreshold threshold =
          GlobalThreshold.atFmr(ScoreSet.ofPairs(compared.scored()), new FarTarget(1e-2));
      int flipped = 0;
      int decided = 0;
      double change = 0;
      for (ComparedPair pair : pairs) {
        int a = expected.rowOf(pair.keyA());
        int b = expected.rowOf(pair.keyB());
        if (a < 0 || b < 0) {
          continue; // time was over
        }
        Similarity before = new Similarity(expected.cosine(a, b));
        Similarity after = new Similarity(actual.cosine(a, b));
        change = Math.max(change, Math.abs(after.value() - before.value()));
        flipped +=
            before.reaches(threshold.threshold()) == after.reaches(threshold.threshold()) ? 0 : 1;
        decided++;
      }
      decisions = CountedRate.of(flipped, decided);
      statement = threshold.statement();
      largestChange = change;
      within = 0L;
      for (ScoredPair pair : compared.scored()) {
        double distance = Math.abs(pair.similarity().value() - threshold.threshold().value());
        within += distance <= change ? 1 : 0;
      }
    }
    return new EngineSection(
        used.engine(),
        other.engine(),
        expected.rows(),
        parity.largestAbsoluteDifference(),
        parity.largestRelativeDifference(),
        parity.smallestCosine(),
        (System.nanoTime() - began) / 1e9,
        decisions,
        statement,
        largestChange,
        within);
  }

  private static List<ComparedPair> pairs(VerificationOutcome outcome) {
    List<Pair> all = outcome.pairs().pairs();
    return spread(all.size(), PAIRS).stream()
        .map(i -> new ComparedPair(all.get(i).keyA(), all.get(i).keyB()))
        .toList();
  }

  /** In the order of the pairs, so that a part of the images is both images of some pairs. */
  private static List<FaceSample> imagesOf(List<ComparedPair> pairs, VerificationOutcome outcome) {
    Map<String, FaceSample> wanted = new LinkedHashMap<>();
    for (ComparedPair pair : pairs) {
      for (String key : List.of(pair.keyA(), pair.keyB())) {
        wanted.computeIfAbsent(
            key, k -> outcome.faces().samples().get(outcome.faces().embeddings().rowOf(k)));
      }
    }
    return new ArrayList<>(wanted.values());
  }

  private static List<Integer> spread(int all, int wanted) {
    int count = Math.min(all, wanted);
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add((int) ((long) i * all / count));
    }
    return chosen;
  }

  /** Returns its figures by their names in {@code metrics.json}. */
  public static Map<String, Metric> metrics(EngineSection section) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("largestDifference", extreme(section.largestDifference(), section));
    metrics.put("largestRelativeDifference", extreme(section.largestRelativeDifference(), section));
    metrics.put("smallestCosine", extreme(section.smallestCosine(), section));
    if (section.decisions() != null && section.decisions().rate() != null) {
      metrics.put("flippedDecisions", section.decisions().rate());
    }
    return metrics;
  }

  private static Metric extreme(double value, EngineSection section) {
    return Metric.of(value, section.images())
        .withNote("no interval: the extreme of the images compared");
  }
}
