package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.eval.calibration.LogisticCalibration;
import org.mien.eval.score.Similarity;
import org.mien.model.file.Calibration;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.nd4j.Nd4jRuntime;

/** {@code mien verify}: whether two images show one person. */
@Parameters(commandDescription = "Whether two images show one person, at the model's threshold")
final class VerifyCommand extends HelpOption {
  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @ParametersDelegate private final ImageAlignment alignment = new ImageAlignment();

  @Parameter(description = "A.jpg B.jpg")
  private List<Path> images = new ArrayList<>();

  @Parameter(
      names = "--threshold",
      description = "Cosine from which on two faces count as one person; by default the model's")
  private Double threshold;

  @Parameter(
      names = "--prior",
      description = "How probable it is, before they are compared, that two images show one person")
  private double prior = 0.5;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (images.size() != 2) {
      throw new ParameterException("expected two images, was " + images.size());
    }
    if (!(prior > 0 && prior < 1)) {
      throw new ConfigException("--prior: expected a probability between 0 and 1, was " + prior);
    }
    Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      ModelDescriptor descriptor = opened.descriptor();
      EmbeddingMatrix embeddings = alignment.embed(opened, images, console.progress());
      double similarity = embeddings.cosine(0, 1);
      Optional<Double> used = Optional.ofNullable(threshold).or(descriptor::threshold);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("similarity", similarity);
      used.ifPresent(
          value -> {
            result.put("threshold", value);
            result.put("same", similarity >= value);
          });
      descriptor
          .calibration()
          .ifPresent(
              known -> {
                result.put("probabilitySame", probabilitySame(known, similarity));
                result.put("prior", prior);
              });
      if (json) {
        console.resultJson(result);
      } else {
        console.result(String.format(Locale.ROOT, "similarity %.4f", similarity));
        console.result(decision(descriptor, used, similarity));
        descriptor.calibration().ifPresent(known -> console.result(certainty(known, similarity)));
      }
      return 0;
    }
  }

  private String decision(ModelDescriptor descriptor, Optional<Double> used, double similarity) {
    if (used.isEmpty()) {
      return "no decision: the model has no threshold; mien calibrate finds one, --threshold sets one";
    }
    String origin =
        threshold != null
            ? "given"
            : descriptor.thresholdOrigin().orElse("from the model, which does not say where from");
    return String.format(
        Locale.ROOT,
        "%s: %s %.4f (%s)",
        similarity >= used.get() ? "the same person" : "different people",
        similarity >= used.get() ? "at least" : "below",
        used.get(),
        origin);
  }

  private String certainty(Calibration known, double similarity) {
    return String.format(
        Locale.ROOT,
        "probability of the same person %.4f, where %.4f was to be expected beforehand, and images"
            + " are like those of %s",
        probabilitySame(known, similarity),
        prior,
        known.data());
  }

  private double probabilitySame(Calibration known, double similarity) {
    return new LogisticCalibration(
            known.intercept(), known.slope(), known.genuinePairs(), known.impostorPairs())
        .probabilitySame(new Similarity(similarity), prior);
  }
}
