package org.mien.trainer.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.protocol.PairList;
import org.mien.eval.calibration.CrossValidatedCalibration;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.fairness.FairnessResult;
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
 * @param groups the error rates of groups of images, an attribute each
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
    Faces faces,
    List<FairnessResult> groups)
    implements ProtocolOutcome {
  public VerificationOutcome {
    scored = List.copyOf(scored);
    groups = List.copyOf(groups);
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
   * @param crop the part of the images that shows the face
   */
  public record Faces(
      List<FaceSample> samples,
      EmbeddingMatrix embeddings,
      List<Skipped> failures,
      int lostPairs,
      Crop crop) {
    public Faces {
      failures = List.copyOf(failures);
    }

    /** Images that all could be acquired. */
    public static Faces of(List<FaceSample> samples, EmbeddingMatrix embeddings, Crop crop) {
      return new Faces(samples, embeddings, List.of(), 0, crop);
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
        faces,
        List.of());
  }

  VerificationOutcome with(List<FairnessResult> split) {
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
        faces,
        split);
  }

  /** Returns the figures of all pairs by their names in {@code metrics.json}. */
  public Map<String, Metric> figures() {
    Map<String, Metric> figures = new LinkedHashMap<>(result.metrics());
    calibration.ifPresent(found -> figures.putAll(found.metrics()));
    return Collections.unmodifiableMap(figures);
  }

  /** Returns the figures: {@code NAME}, and {@code NAME.ATTRIBUTE} for groups. */
  @Override
  public Map<String, Map<String, Metric>> metrics() {
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
    figures.put(protocol, figures());
    groups.forEach(split -> figures.put(protocol + "." + split.attribute(), split.metrics()));
    return figures;
  }

  @Override
  public Optional<String> leftOutInWords() {
    return leftOut.map(
        left ->
            String.format(
                Locale.ROOT,
                "left out: %d of %d pairs, of %d people the model was trained on",
                left.pairs(),
                left.total(),
                left.identities()));
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
