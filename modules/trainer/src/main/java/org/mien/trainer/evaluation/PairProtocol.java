package org.mien.trainer.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.eval.fairness.Attribute;
import org.mien.eval.fairness.FairnessEvaluation;
import org.mien.eval.fairness.FairnessResult;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * A verification protocol on a model: its pairs, without those that show people the model was
 * trained on.
 *
 * @param name in {@code metrics.json}, such as {@code cfp-fp}
 * @param title its name for people
 * @param description how pairs and threshold come about, in sentences
 * @param pairs which images are compared
 * @param samples the images; those that no pair names are not looked at
 * @param crop the part of these images that shows a face as the model was trained on it
 * @param attributes of the images, by which the results are split
 * @param leaveOutFailures whether pairs with an image that cannot be acquired are left out and
 *     counted, rather than an error
 */
public record PairProtocol(
    String name,
    String title,
    String description,
    PairList pairs,
    FaceSamples samples,
    Crop crop,
    List<Attribute> attributes,
    boolean leaveOutFailures)
    implements FaceProtocol {
  /** Groups are compared at the threshold of this rate. */
  private static final FarTarget GROUP_TARGET = new FarTarget(1e-2);

  public PairProtocol {
    attributes = List.copyOf(attributes);
  }

  /** A protocol whose texts follow from its pairs, split by the groups it has of its own. */
  public static PairProtocol of(PairList pairs, FaceSamples samples, Crop crop) {
    return new PairProtocol(
        pairs.name(),
        pairs.name().toUpperCase(Locale.ROOT),
        folds(pairs),
        pairs,
        samples,
        crop,
        pairs.groups().isEmpty()
            ? List.of()
            : List.of(
                new Attribute(
                    "group", Attribute.Keys.IMAGE, pairs.groups(), Attribute.Missing.OWN_GROUP)),
        false);
  }

  /** Returns this protocol under another name for people. */
  public PairProtocol titled(String newTitle) {
    return new PairProtocol(
        name, newTitle, description, pairs, samples, crop, attributes, leaveOutFailures);
  }

  /**
   * Returns this protocol with pairs left out and counted whose images cannot be read, or show no
   * face to the detector.
   */
  public PairProtocol leavingOutFailures() {
    return new PairProtocol(name, title, description, pairs, samples, crop, attributes, true);
  }

  /** Returns the same protocol under another name in {@code metrics.json}. */
  public PairProtocol named(String other) {
    return new PairProtocol(
        other,
        other.equalsIgnoreCase(title) ? title : other + " (" + title + ")",
        description,
        pairs,
        samples,
        crop,
        attributes,
        leaveOutFailures);
  }

  /**
   * Returns the same protocol, split by attributes of its images as well.
   *
   * @param names such as {@code gender}
   * @param setting who asks for them, for the message
   * @throws ConfigException if no image has one of them, with those there are
   */
  public PairProtocol splitBy(List<String> names, String setting) {
    List<Attribute> all = new ArrayList<>(attributes);
    for (String wanted : names) {
      Map<String, String> values = new HashMap<>();
      Set<String> known = new TreeSet<>();
      for (FaceSample sample : samples) {
        known.addAll(sample.attributes().keySet());
        if (sample.attributes().containsKey(wanted)) {
          values.put(sample.key(), sample.attributes().get(wanted));
        }
      }
      if (values.isEmpty()) {
        throw new ConfigException(
            setting
                + ": no image has the attribute "
                + wanted
                + (known.isEmpty()
                    ? "; they have none"
                    : "; they have " + String.join(", ", known)));
      }
      if (all.stream().anyMatch(one -> one.name().equals(wanted))) {
        throw new ConfigException(setting + ": names " + wanted + " twice");
      }
      all.add(new Attribute(wanted, Attribute.Keys.IMAGE, values, Attribute.Missing.OWN_GROUP));
    }
    return new PairProtocol(name, title, description, pairs, samples, crop, all, leaveOutFailures);
  }

  private static String folds(PairList pairs) {
    if (pairs.folds() == 1) {
      return "The pairs have no folds, so there is no accuracy: its threshold would have to be chosen"
          + " on other pairs.";
    }
    int shared = pairs.identitiesSharedByFolds().size();
    return String.format(
        "The pairs in %d folds%s. The threshold of each fold is the one that decides the others"
            + " best.",
        pairs.folds(),
        shared == 0
            ? " that share no person"
            : ", which share " + shared + " people, so that the accuracy looks better than it is");
  }

  /**
   * Runs the protocol. An image that is missing is an error, and so is one that cannot be acquired
   * unless failures are left out: a published figure rests on all pairs.
   *
   * @param model images to embeddings
   * @param trainedOn identities of the model's training set, whose pairs are left out
   * @param options what is reported
   * @param seeds of the bootstrap
   * @throws DataException if an image is missing or unreadable, or too few pairs are left
   */
  public VerificationOutcome run(
      Embedder model,
      Set<String> trainedOn,
      VerificationOptions options,
      SeedStreams seeds,
      Progress.Factory progress) {
    PairList.Filtered filtered = usable(trainedOn);
    requireImages(filtered.kept());
    FeatureTable table = embedded(model, filtered.kept(), progress);
    EmbeddingMatrix embeddings = table.toMatrix();
    List<Pair> acquired =
        filtered.kept().pairs().stream()
            .filter(p -> embeddings.rowOf(p.keyA()) >= 0 && embeddings.rowOf(p.keyB()) >= 0)
            .toList();
    PairList kept = new PairList(pairs.name(), acquired, pairs.folds());
    if (kept.genuineCount() == 0 || kept.impostorCount() == 0) {
      throw new DataException(
          String.format(
              "%s: %d of %d images could not be acquired, and a figure needs genuine and impostor"
                  + " pairs; the first is %s (%s)",
              pairs.name(),
              table.skipped().size(),
              filtered.kept().keys().size(),
              table.skipped().get(0).key(),
              table.skipped().get(0).reason()));
    }
    return VerificationOutcome.of(
        name,
        title,
        description,
        kept,
        new VerificationOutcome.Faces(
            table.samples(),
            embeddings,
            table.skipped(),
            filtered.kept().pairs().size() - acquired.size(),
            crop),
        filtered.leftOut() == 0
            ? Optional.empty()
            : Optional.of(
                new VerificationOutcome.LeftOut(
                    filtered.leftOut(), pairs.pairs().size(), filtered.identitiesFound().size())),
        options,
        seeds);
  }

  @Override
  public VerificationOutcome run(ProtocolRun with) {
    VerificationOptions defaults = VerificationOptions.defaults();
    VerificationOutcome outcome =
        run(
            with.embedder(),
            with.trainedOn(),
            new VerificationOptions(
                defaults.targets(),
                with.replicates(),
                defaults.histogramBins(),
                defaults.decisionThreshold()),
            with.seeds(),
            with.progress());
    if (attributes.isEmpty()) {
      return outcome;
    }
    GlobalThreshold threshold =
        GlobalThreshold.atFmr(ScoreSet.ofPairs(outcome.scored()), GROUP_TARGET);
    List<FairnessResult> groups = new ArrayList<>();
    for (Attribute attribute : attributes) {
      groups.add(
          FairnessEvaluation.evaluate(
              outcome.compared(),
              attribute,
              threshold,
              with.replicates(),
              with.seeds().stream("bootstrap/" + name + "/groups/" + attribute.name())));
    }
    return outcome.with(groups);
  }

  @Override
  public void check() {
    if (pairs.genuineCount() == 0 || pairs.impostorCount() == 0) {
      throw DataException.in(
          place(pairs),
          String.format(
              Locale.ROOT,
              "has %d genuine and %d impostor pairs, and a figure needs both",
              pairs.genuineCount(),
              pairs.impostorCount()));
    }
    int[][] kinds = new int[pairs.folds()][2];
    pairs.pairs().forEach(pair -> kinds[pair.fold()][pair.genuine() ? 0 : 1]++);
    for (int fold = 0; fold < kinds.length; fold++) {
      if (kinds[fold][0] == 0 || kinds[fold][1] == 0) {
        throw DataException.in(
            place(pairs),
            String.format(
                Locale.ROOT,
                "fold %d (of 0 to %d) has %d genuine and %d impostor pairs, and its accuracy needs"
                    + " both",
                fold,
                kinds.length - 1,
                kinds[fold][0],
                kinds[fold][1]));
      }
    }
    requireImages(pairs);
  }

  /** The file of a list, where there is a single one, or its name. */
  private static String place(PairList list) {
    return list.file().map(Path::toString).orElse(list.name());
  }

  /** Says which pair names an image that is not there. */
  private void requireImages(PairList list) {
    Set<String> present = new HashSet<>();
    for (int row = 0; row < samples.size(); row++) {
      present.add(samples.key(row));
    }
    Set<String> missing = new TreeSet<>();
    String where = null;
    String first = null;
    for (int i = 0; i < list.pairs().size(); i++) {
      Pair pair = list.pairs().get(i);
      for (String key : List.of(pair.keyA(), pair.keyB())) {
        if (!present.contains(key) && missing.add(key) && first == null) {
          where =
              place(list)
                  + (pair.line() > 0
                      ? ":" + pair.line()
                      : ": pair " + (i + 1) + " of " + list.pairs().size());
          first = key;
        }
      }
    }
    if (first != null) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: names %s, which is not among the %d images; %d images are missing in all",
              where,
              first,
              samples.size(),
              missing.size()));
    }
  }

  /**
   * Scores the pairs, without those that show people the model was trained on.
   *
   * @throws DataException as {@link #run}
   */
  public ScoreSet scores(Embedder model, Set<String> trainedOn, Progress.Factory progress) {
    return ScoreSet.ofPairs(scored(model, usable(trainedOn).kept(), progress));
  }

  private PairList.Filtered usable(Set<String> trainedOn) {
    PairList.Filtered filtered = pairs.without(trainedOn);
    PairList kept = filtered.kept();
    if (kept.genuineCount() == 0 || kept.impostorCount() == 0) {
      throw new DataException(
          String.format(
              "%s: %d of %d pairs show people the model was trained on; what is left are %d genuine"
                  + " and %d impostor pairs, and a figure needs both",
              pairs.name(),
              filtered.leftOut(),
              pairs.pairs().size(),
              kept.genuineCount(),
              kept.impostorCount()));
    }
    return filtered;
  }

  private List<ScoredPair> scored(Embedder model, PairList kept, Progress.Factory progress) {
    requireImages(kept);
    return PairScoring.score(kept, embedded(model, kept, progress).toMatrix());
  }

  private FeatureTable embedded(Embedder model, PairList kept, Progress.Factory progress) {
    return new FeatureExtractor(
            model, crop, Decoding.FULL, Optional.empty(), !leaveOutFailures, progress)
        .extract(name, NamedFaces.select(samples, kept.keys(), pairs.name()));
  }
}
