package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.eval.identification.FewShot;
import org.mien.eval.identification.LabelledRows;
import org.mien.eval.metrics.Metric;
import org.mien.eval.search.EmbeddingRows;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * N-way k-shot classification of the people of a data set by prototypes.
 *
 * @param name in {@code metrics.json}
 * @param settings at least one; each draws its episodes from the same seed
 * @param samples the faces
 * @param leaveOutTrained whether people who were trained on are left out
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record FewShotProtocol(
    String name, List<FewShot> settings, FaceSamples samples, boolean leaveOutTrained, Crop crop)
    implements FaceProtocol {
  public FewShotProtocol {
    settings = List.copyOf(settings);
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("expected at least one setting, such as 5x1");
    }
  }

  /**
   * What the episodes gave.
   *
   * @param protocol its name
   * @param results one a setting
   * @param people whose images were drawn from
   * @param leftOut what was left out, as a sentence
   */
  public record Outcome(
      String protocol, List<FewShot.Result> results, List<String> people, Optional<String> leftOut)
      implements ProtocolOutcome {
    public Outcome {
      results = List.copyOf(results);
      people = List.copyOf(people);
    }

    @Override
    public String title() {
      return protocol.equals("fewShot") ? "a few images of each person" : protocol;
    }

    @Override
    public Map<String, Map<String, Metric>> metrics() {
      Map<String, Metric> figures = new LinkedHashMap<>();
      results.forEach(result -> figures.putAll(result.metrics()));
      return Map.of(protocol, figures);
    }

    @Override
    public Optional<String> leftOutInWords() {
      return leftOut;
    }
  }

  @Override
  public void check() {
    if (samples.isEmpty()) {
      throw new DataException(name + ": there are no images");
    }
    settings.forEach(
        setting ->
            setting.requireEnough(
                IntStream.range(0, samples.size()).mapToObj(samples::identity).toList()));
  }

  @Override
  public Outcome run(ProtocolRun with) {
    Strangers kept = Strangers.of(samples, with.trainedOn(), leaveOutTrained);
    FeatureTable table =
        new FeatureExtractor(
                with.embedder(), crop, Decoding.FULL, Optional.empty(), true, with.progress())
            .extract(name, kept.faces());
    LabelledRows rows =
        new LabelledRows(EmbeddingRows.of(table.toMatrix()), table.toMatrix().identities());
    List<FewShot.Result> results = new ArrayList<>();
    for (FewShot setting : settings) {
      results.add(setting.evaluate(rows, with.replicates(), with.seeds()));
    }
    return new Outcome(
        name,
        results,
        rows.identities().stream().distinct().sorted().toList(),
        kept.inWords("the faces"));
  }
}
