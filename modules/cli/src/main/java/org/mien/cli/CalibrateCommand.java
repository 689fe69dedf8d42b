package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.PairList;
import org.mien.data.sampling.VerificationPairs;
import org.mien.eval.calibration.LogisticCalibration;
import org.mien.eval.calibration.ThresholdCalibration;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.file.Calibration;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.PairProtocol;

/** {@code mien calibrate}: a threshold for production, stored in the model. */
@Parameters(commandDescription = "A threshold at a target false match rate, stored in the model")
final class CalibrateCommand extends HelpOption {
  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @Parameter(
      names = "--target-fmr",
      description = "The false match rate that is wanted: one in a thousand is 1e-3")
  private double target = 1e-3;

  @Parameter(
      names = "--genuine-pairs",
      description = "Where the SOURCE names no pairs: how many of one person are drawn")
  private int genuinePairs = 3000;

  @Parameter(
      names = "--impostor-pairs",
      description = "Where the SOURCE names no pairs: how many of two people are drawn")
  private int impostorPairs = 100_000;

  @Parameter(names = "--seed", description = "Seed of the drawn pairs and of the bootstrap")
  private long seed = 1;

  @Parameter(names = "--dry-run", description = "Print, and leave the model as it is")
  private boolean dryRun;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (!(target > 0 && target < 1)) {
      throw new ConfigException(
          "--target-fmr: expected a rate between 0 and 1, such as 1e-3, was " + target);
    }
    DatasetArgument.Named named = source.single();
    FaceManifest faces = named.openAligned();
    SeedStreams seeds = new SeedStreams(seed);
    Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      ModelDescriptor descriptor = opened.descriptor();
      Set<String> trainedOn = new HashSet<>(descriptor.trainingIdentities());
      PairList pairs = pairs(named, faces, seeds);
      requireSupport(pairs.without(trainedOn).kept().impostorCount());
      ScoreSet scores =
          PairProtocol.of(pairs, faces.samples(), descriptor.preprocessing().crop())
              .scores(opened.embedder(), trainedOn, console.progress());
      ThresholdCalibration found =
          ThresholdCalibration.of(
              scores,
              new FarTarget(target),
              IdentityBootstrap.DEFAULT_REPLICATES,
              seeds.stream("bootstrap/calibration"));
      LogisticCalibration line = LogisticCalibration.of(scores);
      if (json) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("threshold", found);
        result.put("scores", line);
        console.resultJson(result);
      } else {
        console.result(found.statement());
        console.result(
            String.format(
                java.util.Locale.ROOT,
                "threshold: %.4f; log likelihood ratio: %.3f + %.3f x similarity",
                found.threshold().value(),
                line.intercept(),
                line.slope()));
      }
      if (!dryRun) {
        Path written =
            ModelFiles.replaceDescriptor(
                model.file(),
                model.descriptor(),
                descriptor.withCalibration(
                    found.threshold().value(),
                    found.statement(),
                    calibration(found, line, named.name())));
        console.say("mien: stored in " + written);
      }
      return 0;
    }
  }

  /** Before images are decoded and embedded. */
  private void requireSupport(long impostors) {
    ThresholdCalibration.refusal(new FarTarget(target), impostors)
        .ifPresent(
            why -> {
              throw new ConfigException("--target-fmr: " + why);
            });
  }

  private PairList pairs(DatasetArgument.Named named, FaceManifest faces, SeedStreams seeds) {
    if (named.dataset().protocol().isEmpty()) {
      return VerificationPairs.generate(faces.samples(), genuinePairs, impostorPairs, seeds);
    }
    if (named.dataset().protocol().get().open() instanceof PairList list) {
      return list;
    }
    throw new ConfigException(
        named.name() + ": its protocol has no pairs; a SOURCE without a protocol gets drawn ones");
  }

  private static Calibration calibration(
      ThresholdCalibration found, LogisticCalibration line, String data) {
    return new Calibration(
        found.target().rate(),
        Optional.ofNullable(found.thresholdFigure().low()),
        Optional.ofNullable(found.thresholdFigure().high()),
        found.fmr().value(),
        high(found.fmr()),
        found.fnmr().value(),
        high(found.fnmr()),
        found.genuine(),
        found.impostors(),
        line.intercept(),
        line.slope(),
        data);
  }

  private static Optional<Double> high(Metric metric) {
    return Optional.ofNullable(metric.high());
  }
}
