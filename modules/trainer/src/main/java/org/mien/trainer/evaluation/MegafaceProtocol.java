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
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
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
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.TopMatches;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * MegaFace's protocol on a model: the probes among each list of distractors.
 *
 * @param name in {@code metrics.json}, where a list is {@code NAME-SIZE_SET}
 * @param probes the images of the probes; those that the list does not name are not looked at
 * @param distractors the images of the distractors, likewise
 * @param lists probes with ids, and distractors by the end of their name, {@code SIZE_SET}
 * @param cleaning what happens to noise
 * @param probeNoises probes whose labels are wrong, by path or file name
 * @param distractorNoises distractors that show a probe's person
 * @param leaveOutFailures whether images that cannot be read, or show no face to the detector, are
 *     left out and counted rather than an error; a probe that is then the only one of its person is
 *     left out too
 * @param leaveOutTrained whether probes and distractors that show people who were trained on are
 *     left out; of distractors, as far as their data set names people
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record MegafaceProtocol(
    String name,
    FaceSamples probes,
    FaceSamples distractors,
    MegafaceLists lists,
    MegafaceCleaning cleaning,
    Set<String> probeNoises,
    Set<String> distractorNoises,
    boolean leaveOutFailures,
    boolean leaveOutTrained,
    Crop crop)
    implements FaceProtocol {

  /**
   * What a run gave.
   *
   * @param protocol its name
   * @param results the figures by {@code SIZE_SET}, small lists first
   * @param failures images that were left out for they could not be acquired
   * @param worst the worst errors among the most distractors, where they were asked for
   * @param people on the probes
   * @param leftOut sentences on what was left out
   */
  public record Outcome(
      String protocol,
      Map<String, MegafaceResult> results,
      List<Skipped> failures,
      Optional<Worst> worst,
      List<String> people,
      List<String> leftOut)
      implements ProtocolOutcome {
    public Outcome {
      failures = List.copyOf(failures);
      people = List.copyOf(people);
      leftOut = List.copyOf(leftOut);
    }

    @Override
    public String title() {
      return protocol.equals("megaface") ? "MegaFace's protocol" : protocol;
    }

    /**
     * Returns the figures: {@code NAME-SIZE_SET}, and {@code NAME-SIZE} for the means over several
     * sets of a size.
     */
    @Override
    public Map<String, Map<String, Metric>> metrics() {
      Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
      results.forEach((end, result) -> figures.put(protocol + "-" + end, result.metrics()));
      Map<String, List<MegafaceResult>> bySize = new LinkedHashMap<>();
      results.forEach(
          (end, result) ->
              bySize.computeIfAbsent(end.split("_", -1)[0], size -> new ArrayList<>()).add(result));
      bySize.forEach(
          (size, sets) -> {
            if (sets.size() > 1) {
              figures.put(protocol + "-" + size, MegafaceSets.means(sets));
            }
          });
      return figures;
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
    NamedFaces.select(probes, lists.probes().paths(), "the list of probes");
    NamedFaces.select(distractors, distractorPaths(), "the lists of distractors");
  }

  private List<String> distractorPaths() {
    Set<String> paths = new LinkedHashSet<>();
    listNames().forEach(end -> paths.addAll(lists.distractors().get(end).paths()));
    return List.copyOf(paths);
  }

  /** By size, then by set. */
  private List<String> listNames() {
    List<String> names = new ArrayList<>(lists.distractors().keySet());
    names.sort(
        Comparator.comparingInt((String end) -> Integer.parseInt(end.split("_", -1)[0]))
            .thenComparingInt(end -> Integer.parseInt(end.split("_", -1)[1])));
    return names;
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
   * Runs the protocol: every image is embedded once, then each list is searched; the longest list
   * once more for its worst errors, if they are asked for.
   *
   * @throws DataException if an image is missing or cannot be read
   */
  @Override
  public Outcome run(ProtocolRun with) {
    FaceSamples listed = NamedFaces.select(probes, lists.probes().paths(), "the list of probes");
    FaceSamples hidden =
        NamedFaces.select(distractors, distractorPaths(), "the lists of distractors");
    Strangers asked = Strangers.of(listed, with.trainedOn(), leaveOutTrained);
    Strangers others = Strangers.of(hidden, with.trainedOn(), leaveOutTrained);
    List<String> leftOut = new ArrayList<>();
    asked.inWords("the probes").ifPresent(leftOut::add);
    others.inWords("the distractors").ifPresent(leftOut::add);
    if (asked.faces().isEmpty() || others.faces().isEmpty()) {
      throw new DataException(
          name + ": no probe or no distractor is left. " + String.join(" ", leftOut));
    }
    FeatureTable probeTable = embed(with, "probes", asked.faces());
    FeatureTable distractorTable = embed(with, "distractors", others.faces());
    EmbeddingMatrix probeRows = probeTable.toMatrix();
    EmbeddingMatrix distractorRows = distractorTable.toMatrix();
    MegafaceList known = withMates(acquired(lists.probes(), probeRows));
    LabelledRows labelled = new LabelledRows(rows(known, probeRows), known.ids().orElseThrow());
    MegafaceOptions options = MegafaceOptions.defaults().withReplicates(with.replicates());
    Map<String, MegafaceResult> results = new LinkedHashMap<>();
    for (String end : listNames()) {
      MegafaceList list = acquired(lists.distractors().get(end), distractorRows);
      MegafaceTrial trial =
          MegafaceTrial.cleaned(
              labelled,
              rows(list, distractorRows),
              cleaning,
              MegafaceTrial.noisyRows(known, probeNoises),
              MegafaceTrial.noisyRows(list, distractorNoises),
              with.seeds());
      results.put(
          end,
          MegafaceEvaluation.evaluate(
              trial,
              options,
              with.progress(),
              with.seeds().stream("bootstrap/" + name + "/" + end)));
    }
    List<Skipped> failures = new ArrayList<>(probeTable.skipped());
    failures.addAll(distractorTable.skipped());
    List<String> names = listNames();
    Optional<Worst> worst =
        with.keepWorst() && !names.isEmpty()
            ? Optional.of(
                worst(
                    names.get(names.size() - 1),
                    results.get(names.get(names.size() - 1)),
                    known,
                    probeTable,
                    distractorTable,
                    options,
                    with.progress()))
            : Optional.empty();
    return new Outcome(
        name, results, failures, worst, List.copyOf(new TreeSet<>(labelled.identities())), leftOut);
  }

  private Worst worst(
      String end,
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
        sound(acquired(lists.distractors().get(end), distractorRows), distractorNoises);
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
        name + "-" + end,
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

  private FeatureTable embed(ProtocolRun with, String task, FaceSamples samples) {
    return new FeatureExtractor(
            with.embedder(),
            crop,
            Decoding.FULL,
            Optional.empty(),
            !leaveOutFailures,
            with.progress())
        .extract(task, samples);
  }
}
