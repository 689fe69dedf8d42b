package org.mien.trainer.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.LfwPairs;
import org.mien.data.protocol.PairList;
import org.mien.data.source.LfwConfig;
import org.mien.eval.verification.VerificationEvaluation;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * LFW (Huang et al. 2007), restricted to the pairs of people who were not trained on.
 *
 * @param pairsFile {@code pairs.txt} (View 2) or {@code pairsDevTest.txt} (View 1)
 * @param images folder of {@code Name/Name_0001.jpg}
 * @param crop the part of these images that shows a face as the model was trained on it
 */
public record LfwProtocol(Path pairsFile, Path images, Crop crop) {

  /**
   * Runs the protocol. An image that is missing or cannot be read is an error: a published figure
   * rests on all pairs.
   *
   * @param model images to embeddings
   * @param trainedOn identities of the model's training set, whose pairs are left out
   * @param options what is reported
   */
  public VerificationOutcome run(
      Embedder model,
      Set<String> trainedOn,
      VerificationOptions options,
      SeedStreams seeds,
      Progress.Factory progress) {
    PairList all = LfwPairs.read(pairsFile);
    PairList.Filtered filtered = all.without(trainedOn);
    PairList pairs = filtered.kept();
    if (pairs.genuineCount() == 0 || pairs.impostorCount() == 0) {
      throw DataException.in(
          pairsFile,
          String.format(
              "%d of %d pairs show people the model was trained on; too few are left",
              filtered.leftOut(), all.pairs().size()));
    }
    List<FaceSample> samples = samples(pairs, seeds);
    FeatureTable embeddings =
        new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
            .extract("lfw", samples);
    SplittableRandom random = seeds.stream("bootstrap/lfw");
    boolean view2 = all.folds() > 1;
    return new VerificationOutcome(
        view2 ? "lfw" : "lfw-view1",
        view2 ? "LFW View 2" : "LFW View 1",
        view2
            ? "The official pairs in ten folds that share no person. The threshold of each fold is"
                + " the one that decides the other nine best."
            : "The development pairs, for choosing between models; View 2 is for reporting.",
        pairs,
        VerificationEvaluation.evaluate(
            PairScoring.score(pairs, embeddings.toMatrix()), options, random),
        filtered.leftOut() == 0
            ? Optional.empty()
            : Optional.of(
                new VerificationOutcome.LeftOut(
                    filtered.leftOut(), all.pairs().size(), filtered.identitiesFound().size())));
  }

  private List<FaceSample> samples(PairList pairs, SeedStreams seeds) {
    FaceManifest manifest = new LfwConfig(images, 1).open(seeds);
    Map<String, FaceSample> byKey = new HashMap<>();
    manifest.samples().forEach(sample -> byKey.put(sample.key(), sample));
    List<FaceSample> wanted = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String key : pairs.keys()) {
      FaceSample sample = byKey.get(key);
      if (sample == null) {
        missing.add(key);
      } else {
        wanted.add(sample);
      }
    }
    if (!missing.isEmpty()) {
      throw DataException.in(
          images,
          String.format(
              "%d of the %d images that %s names are missing, the first is %s",
              missing.size(), pairs.keys().size(), pairsFile, missing.get(0)));
    }
    return wanted;
  }
}
