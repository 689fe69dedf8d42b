package org.mien.trainer.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.PairList;
import org.mien.data.sampling.Split;
import org.mien.eval.classification.ClassificationEvaluation;
import org.mien.eval.classification.ClassificationResult;
import org.mien.eval.classification.NearestCentroid;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.file.FaceModel;
import org.mien.model.task.ModelTask;
import org.mien.trainer.evaluation.HeldOutPairs;
import org.mien.trainer.evaluation.LabelledFaces;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ProtocolRun;
import org.mien.trainer.evaluation.TaskFigures;
import org.mien.trainer.evaluation.TaskOutcome;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.feature.Labels;

/**
 * Everything an experiment measures of its trained model.
 *
 * @param classification of the test images, with the nearest centroid beside it
 * @param tasks what else the model tells of a face
 * @param verification of people not trained on, first the model, then the bare backbone on the same
 *     pairs
 * @param protocols what the recipe's protocols gave
 * @param notTested what could not be measured, and why
 */
record Evaluations(
    Optional<ClassificationResult> classification,
    List<TaskOutcome> tasks,
    List<VerificationOutcome> verification,
    List<ProtocolOutcome> protocols,
    List<String> notTested) {

  static final String HELD_OUT = "heldOut";
  static final String HELD_OUT_BACKBONE = "heldOut.backbone";

  /** Opens the protocols once before any training, so that a mistake in them is told now. */
  static void check(ExperimentConfig config) {
    SeedStreams seeds = new SeedStreams(config.seed());
    for (EvaluationProtocolConfig protocol : config.evaluation().protocols()) {
      if (protocol instanceof EvaluationProtocolConfig.Labels labels) {
        List<String> names = config.model().tasks().stream().map(task -> task.name()).toList();
        if (names.isEmpty() || !names.containsAll(labels.tasks())) {
          throw new ConfigException(
              "evaluation.protocols, "
                  + labels.name()
                  + ": compares model.tasks with labels; the recipe has "
                  + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
      }
      try {
        // Which crop does not matter: no image is decoded.
        protocol.open(seeds, new Crop.None()).check();
      } catch (DataException e) {
        throw DataException.in(
            "evaluation.protocols, " + protocol.protocolName(), e.getMessage(), e);
      }
    }
  }

  /** Returns every protocol that compared pairs: those of each run and those of the recipe. */
  List<VerificationOutcome> comparisons() {
    List<VerificationOutcome> found = new ArrayList<>(verification);
    for (ProtocolOutcome outcome : protocols) {
      if (outcome instanceof VerificationOutcome pairs) {
        found.add(pairs);
      }
    }
    return found;
  }

  static Evaluations of(
      ExperimentConfig config,
      Split split,
      TrainedNetwork trained,
      FaceModel model,
      Progress.Factory progress) {
    SeedStreams seeds = new SeedStreams(config.seed());
    EvaluationConfig wanted = config.evaluation();
    VerificationOptions defaults = VerificationOptions.defaults();
    VerificationOptions options =
        new VerificationOptions(
            defaults.targets(),
            wanted.bootstrapReplicates(),
            defaults.histogramBins(),
            defaults.decisionThreshold());
    List<String> notTested = new ArrayList<>();

    Optional<ClassificationResult> classification = Optional.empty();
    FeatureTable test = trained.features().select(split.test());
    if (test.samples().isEmpty()) {
      notTested.add("Classification: no test image was held out (data.split.testEvery).");
    } else {
      classification = Optional.of(classify(split, trained.features(), test, model, seeds));
    }

    List<VerificationOutcome> verification = new ArrayList<>();
    FeatureTable strangers = trained.features().select(split.verification());
    Optional<PairList> pairs =
        HeldOutPairs.generate(
            strangers.samples(),
            wanted.genuinePairs(),
            wanted.impostorPairs(),
            wanted.folds(),
            seeds);
    if (pairs.isEmpty()) {
      notTested.add(
          "Verification of people not trained on: too few people or images were held out for two"
              + " folds with pairs of both kinds (data.split.verificationIdentities).");
    } else {
      verification.add(
          verify(
              HELD_OUT,
              "People who were not trained on",
              pairs.get(),
              strangers,
              model.embeddings(strangers.values(), strangers.samples().size()),
              model.descriptor().dimension(),
              model.descriptor().preprocessing().crop(),
              options,
              seeds));
      verification.add(
          verify(
              HELD_OUT_BACKBONE,
              "The same pairs without the trained head",
              pairs.get(),
              strangers,
              strangers.values(),
              strangers.dimension(),
              model.descriptor().preprocessing().crop(),
              options,
              seeds));
    }
    Set<String> trainedOn = new HashSet<>(split.identities());
    ProtocolRun run =
        new ProtocolRun(
            model,
            model.embedder(),
            trainedOn,
            wanted.bootstrapReplicates(),
            wanted.thumbnails() > 0,
            seeds,
            progress);
    List<ProtocolOutcome> protocols = new ArrayList<>();
    for (EvaluationProtocolConfig protocol : wanted.protocols()) {
      protocols.add(protocol.open(seeds, model.descriptor().preprocessing().crop()).run(run));
    }
    for (ProtocolOutcome outcome : protocols) {
      if (outcome instanceof LabelledFaces.Outcome labelled) {
        labelled.notTested().forEach(text -> notTested.add(labelled.protocol() + ": " + text));
      }
    }
    List<TaskOutcome> tasks =
        tasks(model, test, strangers, wanted.bootstrapReplicates(), seeds, notTested);
    return new Evaluations(classification, tasks, verification, protocols, notTested);
  }

  /**
   * On the test images; where none of them has the label, as in sets that do not name people, on
   * those of people who were not trained on.
   */
  private static List<TaskOutcome> tasks(
      FaceModel model,
      FeatureTable test,
      FeatureTable strangers,
      int replicates,
      SeedStreams seeds,
      List<String> notTested) {
    Map<String, TaskOutcome> found = new LinkedHashMap<>();
    TaskFigures figures = new TaskFigures(replicates);
    addTasks(found, model, test, "test images", figures, seeds);
    addTasks(found, model, strangers, "images of people who were not trained on", figures, seeds);
    model.tasks().stream()
        .map(ModelTask::name)
        .filter(name -> !found.containsKey(name))
        .forEach(
            name -> notTested.add("Task " + name + ": no image that was held out has its label."));
    return model.tasks().stream()
        .map(ModelTask::name)
        .filter(found::containsKey)
        .map(found::get)
        .toList();
  }

  private static void addTasks(
      Map<String, TaskOutcome> found,
      FaceModel model,
      FeatureTable table,
      String shown,
      TaskFigures figures,
      SeedStreams seeds) {
    int count = table.samples().size();
    if (count == 0 || found.size() == model.tasks().size()) {
      return;
    }
    Map<String, float[]> outputs = model.predictTasks(table.values(), count);
    for (ModelTask task : model.tasks()) {
      if (!found.containsKey(task.name())) {
        figures
            .of(
                task,
                table.samples(),
                outputs.get(task.name()),
                seeds.stream("bootstrap/task." + task.name()))
            .ifPresent(metrics -> found.put(task.name(), new TaskOutcome(task, metrics, shown)));
      }
    }
  }

  private static ClassificationResult classify(
      Split split, FeatureTable all, FeatureTable test, FaceModel model, SeedStreams seeds) {
    int identities = split.identities().size();
    List<FaceSample> known = new ArrayList<>(split.train());
    known.addAll(split.validation());
    FeatureTable references = all.select(known);
    int[] labels = Labels.of(references.samples(), split.identities());
    int[] actual = Labels.of(test.samples(), split.identities());
    int[] centroid =
        NearestCentroid.of(rows(references.values(), references.dimension()), labels, identities)
            .predict(rows(test.values(), test.dimension()));
    SplittableRandom random = seeds.stream("bootstrap/classification");
    if (model.classifies()) {
      float[] scores = model.predict(test.values(), test.samples().size());
      return ClassificationEvaluation.evaluate(
          split.identities(), actual, rows(scores, identities), centroid, random);
    }
    // Without a classifier, the nearest mean embedding says who it is.
    int dimension = model.descriptor().dimension();
    int[] predicted =
        NearestCentroid.of(
                rows(model.embeddings(references.values(), labels.length), dimension),
                labels,
                identities)
            .predict(rows(model.embeddings(test.values(), actual.length), dimension));
    return ClassificationEvaluation.evaluate(
        split.identities(), actual, predicted, centroid, random);
  }

  private static VerificationOutcome verify(
      String protocol,
      String title,
      PairList pairs,
      FeatureTable samples,
      float[] vectors,
      int dimension,
      Crop crop,
      VerificationOptions options,
      SeedStreams seeds) {
    return VerificationOutcome.of(
        protocol,
        title,
        pairs.folds()
            + " folds that share no person. The threshold of each fold is the one that decides the"
            + " other folds best.",
        pairs,
        VerificationOutcome.Faces.of(
            samples.samples(), FeatureTable.matrixOf(samples.samples(), dimension, vectors), crop),
        Optional.empty(),
        options,
        seeds);
  }

  private static float[][] rows(float[] values, int length) {
    float[][] rows = new float[values.length / length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * length, (i + 1) * length);
    }
    return rows;
  }
}
