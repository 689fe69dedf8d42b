package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.MegafaceList;
import org.mien.data.protocol.MegafaceLists;
import org.mien.eval.identification.LabelledRows;
import org.mien.eval.identification.MegafaceCleaning;
import org.mien.eval.identification.MegafaceEvaluation;
import org.mien.eval.identification.MegafaceOptions;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.identification.MegafaceTrial;
import org.mien.eval.search.EmbeddingRows;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;

/**
 * MegaFace's protocol on a model: the probes among each list of distractors.
 *
 * @param probes the images of the probes; those that the list does not name are not looked at
 * @param distractors the images of the distractors, likewise
 * @param lists probes with ids, and distractors by the end of their name, {@code SIZE_SET}
 * @param cleaning what happens to noise
 * @param probeNoises probes whose labels are wrong, by path or file name
 * @param distractorNoises distractors that show a probe's person
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record MegafaceProtocol(
    FaceSamples probes,
    FaceSamples distractors,
    MegafaceLists lists,
    MegafaceCleaning cleaning,
    Set<String> probeNoises,
    Set<String> distractorNoises,
    Crop crop) {

  /**
   * Runs the protocol: every image is embedded once, then each list is searched.
   *
   * @return the figures by {@code SIZE_SET}, small lists first
   * @throws DataException if an image is missing or cannot be read
   */
  public Map<String, MegafaceResult> run(
      Embedder model, MegafaceOptions options, SeedStreams seeds, Progress.Factory progress) {
    MegafaceList known = lists.probes();
    EmbeddingMatrix probeRows = embed(model, "probes", probes, known.paths(), progress);
    Set<String> others = new LinkedHashSet<>();
    List<String> names = new ArrayList<>(lists.distractors().keySet());
    names.sort(
        Comparator.comparingInt((String name) -> Integer.parseInt(name.split("_", -1)[0]))
            .thenComparing(Comparator.naturalOrder()));
    names.forEach(name -> others.addAll(lists.distractors().get(name).paths()));
    EmbeddingMatrix distractorRows =
        embed(model, "distractors", distractors, List.copyOf(others), progress);
    LabelledRows labelled =
        new LabelledRows(EmbeddingRows.of(probeRows), known.ids().orElseThrow());
    Map<String, MegafaceResult> results = new LinkedHashMap<>();
    for (String name : names) {
      MegafaceList list = lists.distractors().get(name);
      int[] rows = list.paths().stream().mapToInt(distractorRows::rowOf).toArray();
      MegafaceTrial trial =
          MegafaceTrial.cleaned(
              labelled,
              EmbeddingRows.of(distractorRows).select(rows),
              cleaning,
              MegafaceTrial.noisyRows(known, probeNoises),
              MegafaceTrial.noisyRows(list, distractorNoises),
              seeds);
      results.put(
          name,
          MegafaceEvaluation.evaluate(
              trial, options, progress, seeds.stream("bootstrap/megaface/" + name)));
    }
    return results;
  }

  private EmbeddingMatrix embed(
      Embedder model,
      String task,
      FaceSamples samples,
      List<String> keys,
      Progress.Factory progress) {
    return new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
        .extract(task, NamedFaces.select(samples, keys, "the list of " + task))
        .toMatrix();
  }
}
