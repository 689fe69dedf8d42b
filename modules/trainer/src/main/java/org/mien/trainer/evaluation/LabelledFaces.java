package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.eval.metrics.Metric;
import org.mien.model.file.FaceModel;
import org.mien.model.task.ModelTask;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/**
 * What a model of several tasks tells of faces besides identity - ages, expressions, glasses -
 * compared with the labels of a data set.
 *
 * @param name in {@code metrics.json}, where a task is {@code NAME.TASK}
 * @param samples the faces, with their attributes
 * @param tasks names of the model's tasks that are evaluated; empty for those whose attribute the
 *     data set has
 * @param leaveOutUnlabelled whether images that lack the attribute of a task are left out of its
 *     figures and counted, rather than an error
 * @param leaveOutTrained whether people who were trained on are left out
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record LabelledFaces(
    String name,
    FaceSamples samples,
    List<String> tasks,
    boolean leaveOutUnlabelled,
    boolean leaveOutTrained,
    Crop crop)
    implements FaceProtocol {
  public LabelledFaces {
    tasks = List.copyOf(tasks);
  }

  /**
   * What the model said.
   *
   * @param protocol its name
   * @param outcomes one a task
   * @param people on the images
   * @param leftOut sentences on what was left out
   * @param notTested the model's tasks for which the data set has no labels, as sentences
   */
  public record Outcome(
      String protocol,
      List<TaskOutcome> outcomes,
      List<String> people,
      List<String> leftOut,
      List<String> notTested)
      implements ProtocolOutcome {
    public Outcome {
      outcomes = List.copyOf(outcomes);
      people = List.copyOf(people);
      leftOut = List.copyOf(leftOut);
      notTested = List.copyOf(notTested);
    }

    @Override
    public String title() {
      return protocol.equals("task") ? "labelled faces" : protocol;
    }

    @Override
    public Map<String, Map<String, Metric>> metrics() {
      Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
      outcomes.forEach(one -> figures.put(protocol + "." + one.task().name(), one.metrics()));
      return figures;
    }

    @Override
    public Optional<String> leftOutInWords() {
      return leftOut.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", leftOut));
    }
  }

  @Override
  public void check() {
    if (samples.isEmpty()) {
      throw new DataException(name + ": there are no images");
    }
  }

  @Override
  public Outcome run(ProtocolRun with) {
    FaceModel model = with.model();
    Strangers kept = Strangers.of(samples, with.trainedOn(), leaveOutTrained);
    FaceSamples faces = kept.faces();
    List<String> leftOut = new ArrayList<>();
    kept.inWords("the faces").ifPresent(leftOut::add);
    List<String> notTested = new ArrayList<>();
    List<ModelTask> chosen = chosen(model, faces, notTested);
    chosen.forEach(task -> requireLabels(task, faces, leftOut));
    FeatureTable table =
        new FeatureExtractor(
                model.backbone(), crop, Decoding.FULL, Optional.empty(), true, with.progress())
            .extract(name, faces);
    Map<String, float[]> outputs = model.predictTasks(table.values(), table.samples().size());
    TaskFigures figures = new TaskFigures(with.replicates());
    List<TaskOutcome> outcomes = new ArrayList<>();
    for (ModelTask task : chosen) {
      outcomes.add(
          new TaskOutcome(
              task,
              figures
                  .of(
                      task,
                      table.samples(),
                      outputs.get(task.name()),
                      with.seeds().stream("bootstrap/" + name + "." + task.name()))
                  .orElseThrow(),
              "the labelled images"));
    }
    return new Outcome(
        name,
        outcomes,
        table.samples().stream().map(FaceSample::identity).distinct().sorted().toList(),
        leftOut,
        notTested);
  }

  private List<ModelTask> chosen(FaceModel model, FaceSamples faces, List<String> notTested) {
    List<ModelTask> all = model.tasks();
    List<String> names = all.stream().map(ModelTask::name).toList();
    if (all.isEmpty()) {
      throw new ConfigException(
          name
              + ": the model tells identities alone; only one that was trained with model.tasks can"
              + " be compared with labels");
    }
    for (String wanted : tasks) {
      if (!names.contains(wanted)) {
        throw new ConfigException(
            name + ": the model has no task " + wanted + "; it has " + String.join(", ", names));
      }
    }
    Set<String> attributes = new TreeSet<>();
    faces.forEach(face -> attributes.addAll(face.attributes().keySet()));
    List<ModelTask> chosen = new ArrayList<>();
    for (ModelTask task : all) {
      boolean present = attributes.contains(task.attribute());
      if (tasks.isEmpty() ? present : tasks.contains(task.name())) {
        chosen.add(task);
      } else if (!present) {
        notTested.add(
            "Task " + task.name() + ": no image has the attribute " + task.attribute() + ".");
      }
    }
    if (chosen.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: none of the %d images has an attribute that the model has a task for (%s); %s",
              name,
              faces.size(),
              String.join(", ", all.stream().map(ModelTask::attribute).distinct().toList()),
              attributes.isEmpty()
                  ? "they have none"
                  : "they have " + String.join(", ", attributes)));
    }
    return chosen;
  }

  /** Every image needs the label, or at least one where others are left out. */
  private void requireLabels(ModelTask task, FaceSamples faces, List<String> leftOut) {
    int missing = 0;
    String first = null;
    for (int row = 0; row < faces.size(); row++) {
      FaceSample face = faces.get(row);
      String value = face.attributes().get(task.attribute());
      if (value == null) {
        if (first == null) {
          first = "image " + (row + 1) + " of " + faces.size() + " (" + face.key() + ")";
        }
        missing++;
      } else if (task.oldest().isPresent()) {
        requireAge(task, row, face, value);
      }
    }
    if (first == null) {
      return;
    }
    if (!leaveOutUnlabelled || missing == faces.size()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: %s has no attribute %s, which task %s is compared with; %d images lack it%s",
              name,
              first,
              task.attribute(),
              task.name(),
              missing,
              missing == faces.size()
                  ? ", and none has it"
                  : "; they can be left out and counted (--leave-out-unlabelled,"
                      + " leaveOutUnlabelled: true)"));
    }
    leftOut.add(
        missing + " images without " + task.attribute() + " do not count for " + task.name() + ".");
  }

  private void requireAge(ModelTask task, int row, FaceSample face, String value) {
    try {
      task.years(value);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: image %d (%s): attribute %s: %s",
              name,
              row + 1,
              face.key(),
              task.attribute(),
              e.getMessage()),
          e);
    }
  }
}
