package org.mien.trainer.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.protocol.PairList;
import org.mien.eval.calibration.CrossValidatedCalibration;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.verification.VerificationEvaluation;
import org.mien.eval.verification.VerificationOptions;
import org.mien.eval.verification.VerificationResult;

/**
 * One verification protocol as it came out.
 *
 * @param protocol its name in {@code metrics.json}
 * @param title its name for people
 * @param description how pairs, images and threshold come about, in sentences
 * @param pairs the pairs that were scored
 * @param scored their scores, in the same order
 * @param result the figures
 * @param calibration how well the scores become probabilities; nothing where {@code uncalibrated}
 *     says why
 * @param uncalibrated why there is no calibration, or an empty text
 * @param leftOut pairs of the protocol that were not scored since they show people trained on
 * @param faces what the pairs were scored on
 */
public record VerificationOutcome(
    String protocol,
    String title,
    String description,
    PairList pairs,
    List<ScoredPair> scored,
    VerificationResult result,
    Optional<CrossValidatedCalibration> calibration,
    String uncalibrated,
    Optional<LeftOut> leftOut,
    Faces faces) {
  public VerificationOutcome {
    scored = List.copyOf(scored);
    if (scored.size() != pairs.pairs().size()) {
      throw new IllegalArgumentException(
          scored.size() + " scores of " + pairs.pairs().size() + " pairs");
    }
  }

  /**
   * The images of the pairs.
   *
   * @param samples those that have an embedding
   * @param embeddings of them, by their keys
   * @param failures those that could not be acquired
   * @param lostPairs pairs that were left out for such an image
   */
  public record Faces(
      List<FaceSample> samples, EmbeddingMatrix embeddings, List<Skipped> failures, int lostPairs) {
    public Faces {
      failures = List.copyOf(failures);
    }

    /** Images that all could be acquired. */
    public static Faces of(List<FaceSample> samples, EmbeddingMatrix embeddings) {
      return new Faces(samples, embeddings, List.of(), 0);
    }
  }

  /** Scores the pairs and computes all figures; other parameters as above. */
  public static VerificationOutcome of(
      String protocol,
      String title,
      String description,
      PairList pairs,
      Faces faces,
      Optional<LeftOut> leftOut,
      VerificationOptions options,
      SeedStreams seeds) {
    List<ScoredPair> scored = PairScoring.score(pairs, faces.embeddings());
    VerificationResult result =
        VerificationEvaluation.evaluate(scored, options, seeds.stream("bootstrap/" + protocol));
    Optional<CrossValidatedCalibration> calibration = Optional.empty();
    String uncalibrated = "";
    try {
      calibration =
          Optional.of(
              CrossValidatedCalibration.of(
                  ScoreSet.ofPairs(scored),
                  options.replicates(),
                  seeds.stream("bootstrap/" + protocol + "/calibration")));
    } catch (DataException e) {
      uncalibrated = e.getMessage();
    }
    return new VerificationOutcome(
        protocol,
        title,
        description,
        pairs,
        scored,
        result,
        calibration,
        uncalibrated,
        leftOut,
        faces);
  }

  /** Returns all figures by the names of {@code metrics.json}. */
  public Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>(result.metrics());
    calibration.ifPresent(found -> metrics.putAll(found.metrics()));
    return Collections.unmodifiableMap(metrics);
  }

  /** Returns the pairs with the names of their images and their scores. */
  public List<ComparedImages> compared() {
    return IntStream.range(0, scored.size())
        .mapToObj(
            i ->
                new ComparedImages(
                    pairs.pairs().get(i).keyA(), pairs.pairs().get(i).keyB(), scored.get(i)))
        .toList();
  }

  /**
   * Pairs that were not scored.
   *
   * @param pairs how many
   * @param total how many the protocol holds, these included
   * @param identities how many people of the protocol were trained on
   */
  public record LeftOut(int pairs, int total, int identities) {}
}
