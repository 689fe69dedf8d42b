package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.run.RunDirectory;
import org.mien.eval.metrics.Metric;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.hardware.Backend;
import org.mien.model.hardware.CudaBuild;
import org.mien.model.hardware.GpuSupport;
import org.mien.trainer.experiment.Circumstances;
import org.mien.trainer.experiment.Experiment;
import org.mien.trainer.experiment.ExperimentConfig;
import org.mien.trainer.experiment.ModelConfig;
import org.mien.trainer.observe.MlflowWriter;
import org.mien.trainer.observe.RunWatcher;
import org.mien.trainer.observe.TensorBoardWriter;

/** {@code mien train}: one experiment from its recipe to its report. */
@Parameters(commandDescription = "One experiment from YAML: train, evaluate, export, report")
final class TrainCommand extends HelpOption {
  @Parameter(description = "CONFIG.yaml (not needed with --resume)")
  private List<Path> config = new ArrayList<>();

  @Parameter(
      names = "--set",
      description = "Change one key of the recipe: training.epochs=5; may be given several times",
      splitter = NoSplitting.class)
  private List<String> set = new ArrayList<>();

  @Parameter(
      names = "--resume",
      description =
          "Go on with this run from its newest checkpoint; --set may then change the learning rate,"
              + " schedule, gradientClipping and lossExplosion")
  private Path resume;

  @Parameter(
      names = "--tensorboard",
      description = "Write event files for TensorBoard into the run's folder tensorboard")
  private boolean tensorBoard;

  @Parameter(
      names = "--mlflow",
      description = "Tell an MLflow server what the training does: http://localhost:5000")
  private String mlflow;

  @Parameter(names = "--runs", description = "Folder of run folders")
  private Path runs = DataVariables.home().resolve("experiments/runs");

  @Parameter(
      names = "--backend",
      description =
          "What networks run on: cpu, cuda (an NVIDIA GPU or an error), or auto. By default the"
              + " environment variable MIEN_BACKEND, else auto")
  private String backend;

  @Override
  public int run(Console console) {
    if (backend != null) {
      System.setProperty(Backend.PROPERTY, Backend.parse(backend, "--backend").word());
    }
    if (config.size() > 1 || (config.isEmpty() && resume == null)) {
      throw new ParameterException("expected one recipe (CONFIG.yaml)");
    }
    List<RunWatcher.Factory> watchers = watchers();
    RunDirectory run;
    ExperimentConfig recipe;
    if (resume == null) {
      LoadedConfig<ExperimentConfig> loaded = load(config.get(0), set);
      recipe = loaded.value();
      chooseHardware(recipe, console);
      run = Experiment.begin(loaded, runs);
    } else {
      run = RunDirectory.open(resume);
      recipe = load(run.resolvedConfig(), List.of()).value();
      if (config.isEmpty() && !set.isEmpty()) {
        ExperimentConfig changed = load(run.resolvedConfig(), set).value();
        Experiment.change(run, recipe, changed);
        recipe = changed;
      } else {
        requireSame(recipe, run);
      }
      chooseHardware(recipe, console);
    }
    Logging.toFile(run.log());
    console.say("mien: " + (resume == null ? "run " : "going on with ") + run.root());
    Experiment.Result result = train(recipe, run, watchers, console);
    summary(result).forEach(console::result);
    result
        .exports()
        .forEach(
            export ->
                console.result(
                    "export: " + export.file().getFileName() + ": " + export.parity().describe()));
    result.unmet().forEach(line -> console.say("mien: not as the recipe expects: " + line));
    console.result("report: " + run.report());
    console.result("run: " + run.root());
    return result.unmet().isEmpty() ? 0 : 1;
  }

  /** Before a run is begun: without the GPU that was asked for there is none. */
  private static void chooseHardware(ExperimentConfig recipe, Console console) {
    Backend wanted = Backend.wanted();
    GpuSupport gpu = GpuSupport.ofMachine();
    gpu.require(wanted, recipe.model().freeze() != ModelConfig.Freeze.BACKBONE);
    if (wanted != Backend.CPU && CudaBuild.ofClassPath().any()) {
      console.say(
          "mien: " + gpu.line() + (gpu.anyOnGpu(wanted) ? "" : "; going on with the processor"));
    }
  }

  private List<RunWatcher.Factory> watchers() {
    List<RunWatcher.Factory> watchers = new ArrayList<>();
    if (tensorBoard) {
      watchers.add(TensorBoardWriter::watch);
    }
    if (mlflow != null) {
      watchers.add(MlflowWriter.of(mlflow));
    }
    return watchers;
  }

  private Experiment.Result train(
      ExperimentConfig recipe,
      RunDirectory run,
      List<RunWatcher.Factory> watchers,
      Console console) {
    try {
      return Interruption.during(
          console,
          "this step is finished and a checkpoint written",
          "mien train --resume " + run.root(),
          interruption ->
              Experiment.run(
                  recipe,
                  run,
                  new Circumstances(
                      runs.resolveSibling("cache"),
                      commandLine(),
                      console.progress(),
                      interruption::requested,
                      watchers)));
    } catch (TrainingDivergedException e) {
      if (new CheckpointStore(run.checkpoints()).finishedEpochs().isPresent()) {
        console.say(
            String.format(
                Locale.ROOT,
                "mien: mien train --resume %s --set training.optimizer.learningRate=%.3g goes on from"
                    + " the last checkpoint",
                run.root(),
                recipe.training().optimizer().learningRate() / 10));
      }
      throw e;
    }
  }

  private static LoadedConfig<ExperimentConfig> load(Path file, List<String> overrides) {
    return ConfigLoader.load(file, ExperimentConfig.class, overrides, DataVariables.values());
  }

  /** A recipe given with --resume has to be the run's own: results must not mix two recipes. */
  private void requireSame(ExperimentConfig recipe, RunDirectory run) {
    boolean changed =
        !config.isEmpty()
            && !ConfigWriter.toYaml(load(config.get(0), set).value())
                .equals(ConfigWriter.toYaml(recipe));
    if (changed) {
      throw new ConfigException(
          "--resume "
              + run.root()
              + ": the recipe given is not the one the run was begun with ("
              + run.resolvedConfig()
              + "); begin a new run, or leave CONFIG out: --set alone may change how far steps go");
    }
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>(List.of("train"));
    config.forEach(file -> words.add(file.toString()));
    set.forEach(change -> words.addAll(List.of("--set", change)));
    if (resume != null) {
      words.addAll(List.of("--resume", resume.toString()));
    }
    return words;
  }

  static List<String> summary(Experiment.Result result) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Map<String, Metric>> protocol : result.metrics().results().entrySet()) {
      StringBuilder line = new StringBuilder(protocol.getKey()).append(':');
      for (String name :
          List.of(
              "accuracy",
              "accuracy.nearestCentroid",
              "f1.macro",
              "averagePrecision",
              "mae",
              "cs@5",
              "auc",
              "tar@far=1e-2")) {
        Metric metric = protocol.getValue().get(name);
        if (metric != null) {
          line.append(String.format(Locale.ROOT, "  %s %.4f", name, metric.value()));
          if (metric.low() != null && metric.high() != null) {
            line.append(String.format(Locale.ROOT, " [%.4f, %.4f]", metric.low(), metric.high()));
          }
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
