package org.mien.trainer.evaluation;

import java.util.Optional;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationEvaluation;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.identification.IdentificationScores;
import org.mien.eval.identification.LabelledRows;
import org.mien.eval.search.EmbeddingRows;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * A gallery and probes of one's own. A probe whose identity the gallery does not hold is unknown to
 * it, and has to be rejected.
 *
 * @param gallery one or several images of each person to be found
 * @param probes who is looked for
 * @param fusion of several images of a person in the gallery
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record GallerySearch(
    FaceSamples gallery, FaceSamples probes, GalleryFusion fusion, Crop crop) {

  /**
   * Embeds both and searches.
   *
   * @throws org.mien.core.error.DataException if an image cannot be read, or no probe has a mate
   */
  public IdentificationResult run(
      Embedder model, IdentificationOptions options, SeedStreams seeds, Progress.Factory progress) {
    IdentificationScores scores =
        IdentificationScores.of(
            embed(model, "gallery", gallery, progress),
            embed(model, "probes", probes, progress),
            fusion,
            Runtime.getRuntime().availableProcessors(),
            progress);
    return IdentificationEvaluation.evaluate(
        scores, options, seeds.stream("bootstrap/identification"));
  }

  private LabelledRows embed(
      Embedder model, String task, FaceSamples samples, Progress.Factory progress) {
    FeatureTable table =
        new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
            .extract(task, samples);
    return new LabelledRows(EmbeddingRows.of(table.toMatrix()), table.toMatrix().identities());
  }
}
