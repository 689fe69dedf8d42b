package org.mien.trainer.experiment;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.mien.core.config.ConfigWriter;
import org.mien.core.config.FlatConfig;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.provenance.Provenance;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.AtomicFiles;
import org.mien.core.run.RunDirectory;
import org.mien.core.run.RunLock;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.sampling.Split;
import org.mien.eval.metrics.Expectation;
import org.mien.eval.metrics.ExpectationCheck;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportCurves;
import org.mien.eval.report.ReportData;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.export.ExportFormat;
import org.mien.model.export.ExportResult;
import org.mien.model.export.ModelExporter;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.head.HeadGraph;
import org.mien.model.nd4j.Nd4jRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One experiment, one way through: recipe, faces, split, features, trained network, figures,
 * exports, report. Each stage's result is a value, and most are also a file of the run.
 */
public final class Experiment {
  private static final Logger LOG = LoggerFactory.getLogger(Experiment.class);

  /**
   * What a run may go on with other values of: how far steps go, and when they have gone too far.
   */
  private static final List<String> STEERING =
      List.of(
          "training.optimizer.learningRate",
          "training.schedule",
          "training.gradientClipping",
          "training.lossExplosion");

  /** Real faces an exported file is compared on. */
  private static final int PARITY_IMAGES = 32;

  private final ExperimentConfig config;
  private final RunDirectory run;
  private final Circumstances circumstances;
  private final RunWatchers watchers;
  private final SeedStreams seeds;

  /**
   * What a run leaves.
   *
   * @param run its folder
   * @param metrics the figures
   * @param exports the files the model was exported to, each compared with it
   * @param unmet expectations of the recipe that were not met, in words
   */
  public record Result(
      RunDirectory run, MetricsFile metrics, List<ExportResult> exports, List<String> unmet) {
    public Result {
      exports = List.copyOf(exports);
      unmet = List.copyOf(unmet);
    }
  }

  private Experiment(
      ExperimentConfig config,
      RunDirectory run,
      Circumstances circumstances,
      RunWatchers watchers) {
    this.watchers = watchers;
    this.config = config;
    this.run = run;
    this.circumstances = circumstances;
    this.seeds = new SeedStreams(config.seed());
  }

  /**
   * Begins a run: writes the recipe, as given and with every default filled in, before any work.
   *
   * @param runs folder of run folders
   */
  public static RunDirectory begin(LoadedConfig<ExperimentConfig> recipe, Path runs) {
    RunDirectory run = RunDirectory.create(runs, recipe.value().name());
    AtomicFiles.writeString(run.config(), recipe.source());
    AtomicFiles.writeString(run.resolvedConfig(), ConfigWriter.toYaml(recipe.value()));
    return run;
  }

  /**
   * Lets a run that was stopped, or that diverged, go on with another learning rate, schedule,
   * clipping or bound of the loss. The recipe as it was stays in the run's folder, as {@code
   * resolved.before-change-1.yaml} and so on.
   *
   * @param before the run's recipe
   * @param after the same with other values
   * @throws ConfigException if another key differs, or every epoch is done
   */
  public static void change(RunDirectory run, ExperimentConfig before, ExperimentConfig after) {
    String old = ConfigWriter.toYaml(before);
    String changed = ConfigWriter.toYaml(after);
    if (old.equals(changed)) {
      return;
    }
    Map<String, String> oldKeys = FlatConfig.of(old, run.resolvedConfig().toString());
    Map<String, String> newKeys = FlatConfig.of(changed, run.resolvedConfig().toString());
    TreeSet<String> keys = new TreeSet<>(oldKeys.keySet());
    keys.addAll(newKeys.keySet());
    keys.removeIf(key -> Objects.equals(oldKeys.get(key), newKeys.get(key)));
    for (String key : keys) {
      if (STEERING.stream().noneMatch(may -> key.equals(may) || key.startsWith(may + "."))) {
        throw new ConfigException(
            "--resume "
                + run.root()
                + ": "
                + key
                + " is not what the run was begun with ("
                + run.resolvedConfig()
                + "); a run may go on with other values of "
                + String.join(", ", STEERING)
                + " only: begin a new run");
      }
    }
    try (RunLock lock = run.lock()) {
      LOG.debug("changing {} under {}", run, lock);
      OptionalInt epochs = new CheckpointStore(run.checkpoints()).finishedEpochs();
      if (epochs.isPresent() && epochs.getAsInt() >= before.training().epochs()) {
        throw new ConfigException(
            "--resume "
                + run.root()
                + ": all "
                + epochs.getAsInt()
                + " epochs are done, so other values of "
                + String.join(", ", keys)
                + " would change nothing");
      }
      AtomicFiles.writeString(
          earlier(run, changes(run) + 1),
          "# In force for the first "
              + epochs.orElse(0)
              + " epochs, up to the newest checkpoint of then.\n"
              + old);
      AtomicFiles.writeString(run.resolvedConfig(), changed);
    }
  }

  private static Path earlier(RunDirectory run, int number) {
    return run.root().resolve("resolved.before-change-" + number + ".yaml");
  }

  /** How often a run's recipe was changed. */
  static int changes(RunDirectory run) {
    int count = 0;
    while (Files.exists(earlier(run, count + 1))) {
      count++;
    }
    return count;
  }

  /**
   * Runs all stages, going on from the newest checkpoint if the run has one.
   *
   * @param config must be the one the run was begun with
   * @throws org.mien.trainer.loop.StoppedException if the training was asked to stop
   */
  public static Result run(ExperimentConfig config, RunDirectory run, Circumstances circumstances) {
    try (RunLock lock = run.lock()) {
      LOG.debug("writing {} under {}", run, lock);
      RunWatchers watchers =
          RunWatchers.of(
              circumstances.watchers(),
              run,
              FlatConfig.of(ConfigWriter.toYaml(config), run.resolvedConfig().toString()));
      return watchers.watch(
          () -> {
            Result result = new Experiment(config, run, circumstances, watchers).run();
            watchers.figures(result.metrics());
            return result;
          });
    }
  }

  private Result run() {
    Nd4jRuntime.startInBackground();
    Evaluations.check(config);
    FaceManifest manifest = config.data().alignment().apply(config.data().source().open(seeds));
    Split split = Split.of(manifest, config.data().split(), seeds);
    Nd4jRuntime runtime = Nd4jRuntime.start();
    if (!runtime.oneDnn().active()) {
      LOG.warn("oneDNN is off, so networks run several times slower: {}", runtime.oneDnn());
    }
    String resolved = ConfigWriter.toYaml(config);
    Provenance provenance =
        ProvenanceCollector.start(
            resolved,
            config.seed(),
            runtime.backend(),
            Runtime.getRuntime().availableProcessors(),
            circumstances.commandLine());
    Json.write(run.provenance(), provenance);

    TrainedNetwork trained =
        new NetworkTraining(config, split, run, circumstances, watchers).train();
    try (OpenBackbone backbone = trained.backbone();
        FaceModel model = model(trained, split, resolved)) {
      // The model has a copy of the backbone; the original lies outside Java's heap, where nobody
      // would notice for long that it is garbage.
      System.gc();
      model.save(run.model());
      AtomicFiles.writeString(run.descriptor(), ConfigWriter.toYaml(model.descriptor()));
      List<Skipped> skipped = new ArrayList<>(manifest.skipped());
      skipped.addAll(trained.features().skipped());
      writeSkipped(skipped);

      Evaluations evaluations =
          Evaluations.of(config, split, trained, model, circumstances.progress());
      MetricsFile metrics = MetricsFile.of(figures(evaluations));
      metrics.write(run.metrics());
      evaluations
          .comparisons()
          .forEach(outcome -> config.evaluation().scores().write(outcome, run.scores()));

      List<ExportResult> exports = export(model, trained.features().samples());
      Provenance finished =
          provenance
              .withInput("data set " + manifest.name(), fingerprint(manifest))
              .withInput("backbone " + backbone.description(), backbone.embedder().fingerprint())
              .withFinishedAt(Instant.now());
      Json.write(run.provenance(), finished);

      ReportData report =
          new TrainingReport(
                  config,
                  run,
                  split,
                  manifest,
                  trained,
                  model,
                  evaluations,
                  exports,
                  skipped,
                  finished)
              .data(resolved, metrics);
      report.write(run.root().resolve(ReportData.FILE_NAME));
      HtmlReport.write(report, run.report());
      ReportCurves.write(report, run.curves());
      return new Result(run, metrics, exports, unmet(metrics));
    }
  }

  private FaceModel model(TrainedNetwork trained, Split split, String resolved) {
    OpenBackbone backbone = trained.backbone();
    ModelDescriptor descriptor =
        ModelDescriptor.of(
                config.name(), config.model().head().dimension(), backbone.preprocessing())
            .withIdentities(
                split.identities(),
                HeadGraph.classifies(trained.head()) ? split.identities() : List.of())
            .withOrigin(backbone.licence().orElse("unknown"), "Mien, on " + backbone.description())
            .withRun(
                new Fingerprint().add(resolved).add(backbone.embedder().fingerprint()).hex(),
                Long.toString(config.seed()),
                new Fingerprint().add(resolved).hex());
    ModelDescriptor complete =
        trained.tasks().isEmpty() ? descriptor : descriptor.withTasks(trained.tasks());
    return backbone
        .graph()
        .map(graph -> FaceModel.ofGraph(complete, graph.get(), backbone.embedder(), trained.head()))
        .orElseGet(
            () ->
                FaceModel.ofOnnx(
                    complete,
                    backbone.onnxFile().orElseThrow(),
                    Optional.of(trained.head()),
                    OnnxEmbedder.Options.defaults()));
  }

  private static Map<String, Map<String, Metric>> figures(Evaluations evaluations) {
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
    evaluations.classification().ifPresent(c -> figures.put("classification", c.metrics()));
    evaluations.tasks().forEach(task -> figures.put(task.protocol(), task.metrics()));
    evaluations.verification().forEach(v -> figures.put(v.protocol(), v.figures()));
    evaluations.protocols().forEach(outcome -> figures.putAll(outcome.metrics()));
    return figures;
  }

  private List<ExportResult> export(FaceModel model, List<FaceSample> samples) {
    FacePreprocessor preprocessor = new FacePreprocessor(model.descriptor().preprocessing());
    int length = preprocessor.preprocessing().imageLength();
    int count = Math.min(PARITY_IMAGES, samples.size());
    float[] images = new float[count * length];
    for (int i = 0; i < count; i++) {
      // Spread over the set, so that they are not all of one person.
      FaceSample sample = samples.get((int) ((long) i * samples.size() / count));
      preprocessor.apply(sample.image().decode(), images, i * length);
    }
    List<ExportResult> results = new ArrayList<>();
    for (ExportFormat format : config.export()) {
      Path target = run.export(config.name() + format.extension());
      results.add(ModelExporter.of(format).export(model, target, images, count));
    }
    return results;
  }

  private List<String> unmet(MetricsFile metrics) {
    Map<String, Expectation> expectations = new LinkedHashMap<>();
    config.expect().forEach((name, bounds) -> expectations.put(name, bounds.toExpectation()));
    return ExpectationCheck.failures(expectations, metrics).stream()
        .map(ExpectationCheck.Failure::message)
        .toList();
  }

  private void writeSkipped(List<Skipped> skipped) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord("key", "reason");
      skipped.forEach(entry -> csv.writeRecord(entry.key(), entry.reason()));
    } catch (IOException e) {
      throw DataException.in(run.skipped(), "cannot be written", e);
    }
    AtomicFiles.writeString(run.skipped(), text.toString());
    if (!skipped.isEmpty()) {
      LOG.warn(
          "{} files or folders of the data set were not used; {} lists them, the first is {}: {}",
          skipped.size(),
          run.skipped(),
          skipped.get(0).key(),
          skipped.get(0).reason());
    }
  }

  /** Names and identities of all samples; the content is in the cache's keys. */
  private static String fingerprint(FaceManifest manifest) {
    Fingerprint print = new Fingerprint();
    manifest.samples().forEach(sample -> print.add(sample.key()).add(sample.identity()));
    return Arrays.asList(
            manifest.samples().size() + " images",
            manifest.identities().size() + " identities",
            "keys " + print.hex())
        .toString();
  }
}
