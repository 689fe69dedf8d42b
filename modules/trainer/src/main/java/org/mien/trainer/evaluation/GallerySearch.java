package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationEvaluation;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.identification.IdentificationScores;
import org.mien.eval.identification.LabelledRows;
import org.mien.eval.metrics.Metric;
import org.mien.eval.search.EmbeddingRows;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * A gallery and probes of one's own. A probe whose identity the gallery does not hold is unknown to
 * it, and has to be rejected.
 *
 * @param name in {@code metrics.json}
 * @param description of probes and gallery, for people
 * @param gallery one or several images of each person to be found
 * @param probes who is looked for
 * @param fusion of several images of a person in the gallery
 * @param leaveOutTrained whether people who were trained on are left out of both
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record GallerySearch(
    String name,
    String description,
    FaceSamples gallery,
    FaceSamples probes,
    GalleryFusion fusion,
    boolean leaveOutTrained,
    Crop crop)
    implements FaceProtocol {

  /**
   * What a search gave.
   *
   * @param protocol its name
   * @param description of probes and gallery
   * @param result the figures
   * @param people who is in the gallery or on the probes
   * @param leftOut sentences on what was left out
   */
  public record Outcome(
      String protocol,
      String description,
      IdentificationResult result,
      List<String> people,
      List<String> leftOut)
      implements ProtocolOutcome {
    public Outcome {
      people = List.copyOf(people);
      leftOut = List.copyOf(leftOut);
    }

    @Override
    public String title() {
      return protocol.equals("identification") ? "a gallery" : protocol;
    }

    @Override
    public Map<String, Map<String, Metric>> metrics() {
      return Map.of(protocol, result.metrics());
    }

    @Override
    public Optional<String> leftOutInWords() {
      return leftOut.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", leftOut));
    }
  }

  @Override
  public FaceSamples samples() {
    return probes;
  }

  @Override
  public void check() {
    if (gallery.isEmpty() || probes.isEmpty()) {
      throw new DataException(
          name
              + ": expected images in the gallery and as probes, found "
              + gallery.size()
              + " and "
              + probes.size());
    }
  }

  @Override
  public Outcome run(ProtocolRun with) {
    Strangers known = Strangers.of(gallery, with.trainedOn(), leaveOutTrained);
    Strangers asked = Strangers.of(probes, with.trainedOn(), leaveOutTrained);
    List<String> leftOut = new ArrayList<>();
    known.inWords("the gallery").ifPresent(leftOut::add);
    asked.inWords("the probes").ifPresent(leftOut::add);
    if (known.faces().isEmpty() || asked.faces().isEmpty()) {
      throw new DataException(
          name + ": nobody is left in the gallery or as a probe. " + String.join(" ", leftOut));
    }
    LabelledRows galleryRows =
        embed(with.embedder(), name + " gallery", known.faces(), with.progress());
    LabelledRows probeRows =
        embed(with.embedder(), name + " probes", asked.faces(), with.progress());
    IdentificationScores scores =
        IdentificationScores.of(
            galleryRows,
            probeRows,
            fusion,
            Runtime.getRuntime().availableProcessors(),
            with.progress());
    return new Outcome(
        name,
        description,
        IdentificationEvaluation.evaluate(
            scores,
            IdentificationOptions.defaults().withReplicates(with.replicates()),
            with.seeds().stream("bootstrap/" + name)),
        List.copyOf(
            new TreeSet<>(
                Stream.concat(galleryRows.identities().stream(), probeRows.identities().stream())
                    .toList())),
        leftOut);
  }

  private LabelledRows embed(
      Embedder model, String task, FaceSamples samples, Progress.Factory progress) {
    FeatureTable table =
        new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
            .extract(task, samples);
    return new LabelledRows(EmbeddingRows.of(table.toMatrix()), table.toMatrix().identities());
  }
}
