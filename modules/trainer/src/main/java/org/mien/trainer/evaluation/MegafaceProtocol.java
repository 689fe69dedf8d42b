package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;
import org.mien.data.protocol.MegafaceList;
import org.mien.data.protocol.MegafaceLists;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.identification.LabelledRows;
import org.mien.eval.identification.MegafaceCleaning;
import org.mien.eval.identification.MegafaceEvaluation;
import org.mien.eval.identification.MegafaceOptions;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.identification.MegafaceTrial;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.TopMatches;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * MegaFace's protocol on a model: the probes among each list of distractors.
 *
 * @param probes the images of the probes; those that the list does not name are not looked at
 * @param distractors the images of the distractors, likewise
 * @param lists probes with ids, and distractors by the end of their name, {@code SIZE_SET}
 * @param cleaning what happens to noise
 * @param probeNoises probes whose labels are wrong, by path or file name
 * @param distractorNoises distractors that show a probe's person
 * @param leaveOutFailures whether images that cannot be read, or show no face to the detector, are
 *     left out and counted rather than an error; a probe that is then the only one of its person is
 *     left out too
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record MegafaceProtocol(
    FaceSamples probes,
    FaceSamples distractors,
    MegafaceLists lists,
    MegafaceCleaning cleaning,
    Set<String> probeNoises,
    Set<String> distractorNoises,
    boolean leaveOutFailures,
    Crop crop) {

  /**
   * What a run gave.
   *
   * @param results the figures by {@code SIZE_SET}, small lists first
   * @param failures images that were left out for they could not be acquired
   * @param worst the worst errors among the most distractors, where they were asked for
   */
  public record Outcome(
      Map<String, MegafaceResult> results, List<Skipped> failures, Optional<Worst> worst) {
    public Outcome {
      failures = List.copyOf(failures);
    }
  }

  /**
   * The pairs that a model gets most wrong.
   *
   * @param protocol {@code megaface-SIZE_SET}
   * @param pairs each probe with the distractor it is most similar to, and the pairs of images of
   *     one person that are below the threshold; without identities
   * @param threshold from which a pair counts as accepted
   * @param thresholdOrigin where it is from, in words
   * @param samples the images of all pairs
   */
  public record Worst(
      String protocol,
      List<ComparedImages> pairs,
      Similarity threshold,
      String thresholdOrigin,
      List<FaceSample> samples) {}

  /**
   * Runs the protocol: every image is embedded once, then each list is searched.
   *
   * @param keepWorst whether the worst errors are looked for; the longest list is searched once
   *     more for them
   * @throws DataException if an image is missing or cannot be read
   */
  public Outcome run(
      Embedder model,
      MegafaceOptions options,
      boolean keepWorst,
      SeedStreams seeds,
      Progress.Factory progress) {
    FeatureTable probeTable = embed(model, "probes", probes, lists.probes().paths(), progress);
    Set<String> others = new LinkedHashSet<>();
    List<String> names = new ArrayList<>(lists.distractors().keySet());
    names.sort(
        Comparator.comparingInt((String name) -> Integer.parseInt(name.split("_", -1)[0]))
            .thenComparing(Comparator.naturalOrder()));
    names.forEach(name -> others.addAll(lists.distractors().get(name).paths()));
    FeatureTable distractorTable =
        embed(model, "distractors", distractors, List.copyOf(others), progress);
    EmbeddingMatrix probeRows = probeTable.toMatrix();
    EmbeddingMatrix distractorRows = distractorTable.toMatrix();
    MegafaceList known = withMates(acquired(lists.probes(), probeRows));
    LabelledRows labelled = new LabelledRows(rows(known, probeRows), known.ids().orElseThrow());
    Map<String, MegafaceResult> results = new LinkedHashMap<>();
    for (String name : names) {
      MegafaceList list = acquired(lists.distractors().get(name), distractorRows);
      MegafaceTrial trial =
          MegafaceTrial.cleaned(
              labelled,
              rows(list, distractorRows),
              cleaning,
              MegafaceTrial.noisyRows(known, probeNoises),
              MegafaceTrial.noisyRows(list, distractorNoises),
              seeds);
      results.put(
          name,
          MegafaceEvaluation.evaluate(
              trial, options, progress, seeds.stream("bootstrap/megaface/" + name)));
    }
    List<Skipped> failures = new ArrayList<>(probeTable.skipped());
    failures.addAll(distractorTable.skipped());
    Optional<Worst> worst =
        keepWorst && !names.isEmpty()
            ? Optional.of(
                worst(
                    names.get(names.size() - 1),
                    results.get(names.get(names.size() - 1)),
                    known,
                    probeTable,
                    distractorTable,
                    options,
                    progress))
            : Optional.empty();
    return new Outcome(results, failures, worst);
  }

  private Worst worst(
      String name,
      MegafaceResult result,
      MegafaceList known,
      FeatureTable probeTable,
      FeatureTable distractorTable,
      MegafaceOptions options,
      Progress.Factory progress) {
    EmbeddingMatrix probeRows = probeTable.toMatrix();
    EmbeddingMatrix distractorRows = distractorTable.toMatrix();
    MegafaceList clean = sound(known, probeNoises);
    MegafaceList others =
        sound(acquired(lists.distractors().get(name), distractorRows), distractorNoises);
    TopMatches nearest = new TopMatches(1);
    ExactSearch.run(
        rows(clean, probeRows),
        rows(others, distractorRows),
        List.of(nearest),
        options.threads(),
        progress);
    AcceptedAtFar point = result.operatingPoints().get(0);
    List<ComparedImages> pairs = new ArrayList<>();
    Map<String, List<String>> mates = new LinkedHashMap<>();
    for (int probe = 0; probe < clean.paths().size(); probe++) {
      String path = clean.paths().get(probe);
      if (nearest.count(probe) > 0) {
        pairs.add(
            compared(
                path,
                others.paths().get(nearest.row(probe, 0)),
                false,
                nearest.similarity(probe, 0)));
      }
      for (String mate :
          mates.computeIfAbsent(clean.ids().orElseThrow().get(probe), id -> new ArrayList<>())) {
        double cosine = probeRows.cosine(probeRows.rowOf(path), probeRows.rowOf(mate));
        if (!new Similarity(cosine).reaches(point.threshold())) {
          pairs.add(compared(mate, path, true, cosine));
        }
      }
      mates.get(clean.ids().orElseThrow().get(probe)).add(path);
    }
    List<FaceSample> samples = new ArrayList<>(probeTable.samples());
    samples.addAll(distractorTable.samples());
    return new Worst(
        "megaface-" + name,
        pairs,
        point.threshold(),
        "for a false accept rate of "
            + point.target().label()
            + " among these probes and distractors; each probe counts with its nearest distractor",
        samples);
  }

  private static ComparedImages compared(String a, String b, boolean genuine, double cosine) {
    return new ComparedImages(
        a, b, ScoredPair.anonymous(genuine, ScoredPair.NO_FOLD, new Similarity(cosine)));
  }

  private MegafaceList sound(MegafaceList list, Set<String> noises) {
    if (cleaning == MegafaceCleaning.RAW) {
      return list;
    }
    BitSet noisy = MegafaceTrial.noisyRows(list, noises);
    return kept(list, row -> !noisy.get(row));
  }

  private static EmbeddingRows rows(MegafaceList list, EmbeddingMatrix embeddings) {
    return EmbeddingRows.of(embeddings)
        .select(list.paths().stream().mapToInt(embeddings::rowOf).toArray());
  }

  private static MegafaceList acquired(MegafaceList list, EmbeddingMatrix embeddings) {
    return kept(list, row -> embeddings.rowOf(list.paths().get(row)) >= 0);
  }

  private static MegafaceList withMates(MegafaceList list) {
    Map<String, Integer> images = new HashMap<>();
    List<String> ids = list.ids().orElseThrow();
    ids.forEach(id -> images.merge(id, 1, Integer::sum));
    return kept(list, row -> images.get(ids.get(row)) > 1);
  }

  private static MegafaceList kept(MegafaceList list, IntPredicate wanted) {
    int[] rows = IntStream.range(0, list.paths().size()).filter(wanted).toArray();
    return new MegafaceList(
        IntStream.of(rows).mapToObj(list.paths()::get).toList(),
        list.ids().map(ids -> IntStream.of(rows).mapToObj(ids::get).toList()));
  }

  private FeatureTable embed(
      Embedder model,
      String task,
      FaceSamples samples,
      List<String> keys,
      Progress.Factory progress) {
    return new FeatureExtractor(
            model, crop, Decoding.FULL, Optional.empty(), !leaveOutFailures, progress)
        .extract(task, NamedFaces.select(samples, keys, "the list of " + task));
  }
}
