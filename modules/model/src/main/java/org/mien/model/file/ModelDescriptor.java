package org.mien.model.file;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.task.ModelTask;

/**
 * What has to be known about a model besides its weights; {@code mien.yaml} inside a model's zip,
 * {@code NAME.yaml} beside {@code NAME.onnx}.
 *
 * @param name for people and reports
 * @param dimension length of an embedding
 * @param preprocessing what the network expects of its input
 * @param sha256 SHA-256 of the weights file, 64 hexadecimal digits: the {@code .onnx} that this
 *     descriptor lies beside, or the ONNX backbone inside the zip
 * @param output which output of an ONNX network is the vector, where it has several
 * @param features the vertex that the head starts from, where backbone and head are one graph
 * @param threshold cosine from which on two faces count as the same person
 * @param thresholdOrigin how the threshold was found
 * @param calibration how often the threshold errs and what a similarity says, where that is known
 * @param licence terms of the weights
 * @param source where the weights come from
 * @param trainingIdentities whom the model was trained on; empty if not known
 * @param classifierIdentities whom each output of the classifier stands for, in order; empty where
 *     there is no classifier
 * @param tasks what else the network tells of a face; left out where there is nothing
 * @param provenanceFingerprint fingerprint of the run that made the model
 * @param seed of that run
 * @param configSha256 SHA-256 of that run's resolved configuration
 */
public record ModelDescriptor(
    @Setting("Name of the model, for people and reports.") String name,
    @Setting(value = "Length of an embedding.", min = 1, max = 65536) int dimension,
    @Setting("What the network expects of its input.") Preprocessing preprocessing,
    @Setting("SHA-256 of the weights file, 64 hexadecimal digits.") Optional<String> sha256,
    @Setting("The ONNX output that is the vector, where there are several.")
        Optional<String> output,
    @Setting("The vertex that the head starts from, in a joined graph.") Optional<String> features,
    @Setting(value = "Cosine from which on two faces count as the same person.", min = -1, max = 1)
        Optional<Double> threshold,
    @Setting("How the threshold was found.") Optional<String> thresholdOrigin,
    @Setting("How often the threshold errs, as mien calibrate found it.")
        Optional<Calibration> calibration,
    @Setting(value = "Terms of the weights.", defaultValue = "unknown") String licence,
    @Setting(value = "Where the weights come from.", defaultValue = "unknown") String source,
    @Setting(value = "Identities the model was trained on.", defaultValue = "[]")
        List<String> trainingIdentities,
    @Setting(value = "Identities in the order of the classifier's outputs.", defaultValue = "[]")
        List<String> classifierIdentities,
    @Setting("What else the network tells of a face, in the order of its outputs.")
        Optional<List<ModelTask>> tasks,
    @Setting("Fingerprint of the run that made the model.") Optional<String> provenanceFingerprint,
    @Setting("Seed of the run that made the model.") Optional<String> seed,
    @Setting("SHA-256 of the resolved configuration of the run that made the model.")
        Optional<String> configSha256) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public ModelDescriptor {
    trainingIdentities = List.copyOf(trainingIdentities);
    classifierIdentities = List.copyOf(classifierIdentities);
    tasks = tasks.map(List::copyOf).filter(list -> !list.isEmpty());
    if (name.isBlank()) {
      throw new IllegalArgumentException("expected a name, was blank");
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("expected a dimension of at least 1, was " + dimension);
    }
    if (sha256.isPresent() && !SHA256.matcher(sha256.get()).matches()) {
      throw new IllegalArgumentException(
          "expected a SHA-256 of 64 hexadecimal digits in lower case, was " + sha256.get());
    }
    // Written so that NaN is refused.
    if (threshold.isPresent() && !(Math.abs(threshold.get()) <= 1)) {
      throw new IllegalArgumentException(
          "expected a cosine in [-1, 1] as threshold, was " + threshold.get());
    }
  }

  /** A descriptor with no more than what has to be known. */
  public static ModelDescriptor of(String name, int dimension, Preprocessing preprocessing) {
    return new ModelDescriptor(
        name,
        dimension,
        preprocessing,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "unknown",
        "unknown",
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same for other weights: an output or vertex of the old ones means nothing there. */
  public ModelDescriptor withWeights(
      Optional<String> newSha256, Optional<String> newOutput, Optional<String> newFeatures) {
    return with(
        copy -> {
          copy.sha256 = newSha256;
          copy.output = newOutput;
          copy.features = newFeatures;
        });
  }

  /** The same for a network that expects another input. */
  public ModelDescriptor withPreprocessing(Preprocessing newPreprocessing) {
    return with(copy -> copy.preprocessing = newPreprocessing);
  }

  /** The same with a threshold of which nothing else is known. */
  public ModelDescriptor withThreshold(double newThreshold, String origin) {
    return with(
        copy -> {
          copy.threshold = Optional.of(newThreshold);
          copy.thresholdOrigin = Optional.of(origin);
          copy.calibration = Optional.empty();
        });
  }

  /** The same with a threshold of which more is known. */
  public ModelDescriptor withCalibration(
      double newThreshold, String origin, Calibration newCalibration) {
    return with(
        copy -> {
          copy.threshold = Optional.of(newThreshold);
          copy.thresholdOrigin = Optional.of(origin);
          copy.calibration = Optional.of(newCalibration);
        });
  }

  public ModelDescriptor withIdentities(List<String> training, List<String> classifier) {
    return with(
        copy -> {
          copy.trainingIdentities = training;
          copy.classifierIdentities = classifier;
        });
  }

  public ModelDescriptor withOrigin(String newLicence, String newSource) {
    return with(
        copy -> {
          copy.licence = newLicence;
          copy.source = newSource;
        });
  }

  public ModelDescriptor withRun(
      String newProvenanceFingerprint, String newSeed, String newConfigSha256) {
    return with(
        copy -> {
          copy.provenanceFingerprint = Optional.of(newProvenanceFingerprint);
          copy.seed = Optional.of(newSeed);
          copy.configSha256 = Optional.of(newConfigSha256);
        });
  }

  public ModelDescriptor withTasks(List<ModelTask> newTasks) {
    return with(copy -> copy.tasks = Optional.of(newTasks));
  }

  private ModelDescriptor with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.descriptor();
  }

  /** A descriptor while some of its parts are replaced. */
  private static final class Copy {
    private String name;
    private int dimension;
    private Preprocessing preprocessing;
    private Optional<String> sha256;
    private Optional<String> output;
    private Optional<String> features;
    private Optional<Double> threshold;
    private Optional<String> thresholdOrigin;
    private Optional<Calibration> calibration;
    private String licence;
    private String source;
    private List<String> trainingIdentities;
    private List<String> classifierIdentities;
    private Optional<List<ModelTask>> tasks;
    private Optional<String> provenanceFingerprint;
    private Optional<String> seed;
    private Optional<String> configSha256;

    Copy(ModelDescriptor from) {
      name = from.name;
      dimension = from.dimension;
      preprocessing = from.preprocessing;
      sha256 = from.sha256;
      output = from.output;
      features = from.features;
      threshold = from.threshold;
      thresholdOrigin = from.thresholdOrigin;
      calibration = from.calibration;
      licence = from.licence;
      source = from.source;
      trainingIdentities = from.trainingIdentities;
      classifierIdentities = from.classifierIdentities;
      tasks = from.tasks;
      provenanceFingerprint = from.provenanceFingerprint;
      seed = from.seed;
      configSha256 = from.configSha256;
    }

    ModelDescriptor descriptor() {
      return new ModelDescriptor(
          name,
          dimension,
          preprocessing,
          sha256,
          output,
          features,
          threshold,
          thresholdOrigin,
          calibration,
          licence,
          source,
          trainingIdentities,
          classifierIdentities,
          tasks,
          provenanceFingerprint,
          seed,
          configSha256);
    }
  }
}
