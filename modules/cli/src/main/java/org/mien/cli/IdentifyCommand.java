package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingFile;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.source.FolderConfig;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.TopMatches;
import org.mien.eval.search.UnitLength;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.feature.FeatureExtractor;

/** {@code mien identify}: whom an image shows, of those in a gallery. */
@Parameters(commandDescription = "Whom images show, of the people in a gallery")
final class IdentifyCommand extends HelpOption {
  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @ParametersDelegate private final ImageAlignment alignment = new ImageAlignment();

  @Parameter(
      names = "--gallery",
      required = true,
      description =
          "Folder with a folder of images for each person, or embeddings that mien embed wrote with"
              + " this model (NAME.npy)")
  private Path gallery;

  @Parameter(description = "PROBE.jpg...")
  private List<Path> probes = new ArrayList<>();

  @Parameter(names = "--matches", description = "How many images of the gallery are shown")
  private int matches = 5;

  @Parameter(
      names = "--threshold",
      description =
          "Cosine from which on a match counts as the same person; by default the model's")
  private Double threshold;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (probes.isEmpty()) {
      throw new ParameterException("expected at least one image");
    }
    if (matches < 1) {
      throw new ConfigException("--matches: expected at least 1, was " + matches);
    }
    Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      EmbeddingMatrix known = known(opened, console);
      EmbeddingMatrix looked = alignment.embed(opened, probes, console.progress());
      TopMatches top = new TopMatches(Math.min(matches, known.rows()));
      ExactSearch.run(
          EmbeddingRows.of(looked),
          EmbeddingRows.of(known),
          List.of(top),
          Runtime.getRuntime().availableProcessors(),
          console.progress());
      Optional<Double> used = Optional.ofNullable(threshold).or(opened.descriptor()::threshold);
      if (json) {
        List<Object> all = new ArrayList<>();
        for (int probe = 0; probe < probes.size(); probe++) {
          all.add(result(top, known, probe, used));
        }
        console.resultJson(all);
      } else {
        for (int probe = 0; probe < probes.size(); probe++) {
          print(top, known, probe, used, opened.descriptor(), console);
        }
      }
      return 0;
    }
  }

  private EmbeddingMatrix known(FaceModel opened, Console console) {
    if (gallery.toString().endsWith(".npy")) {
      EmbeddingMatrix read = EmbeddingFile.read(gallery);
      if (read.dimension() != opened.descriptor().dimension()) {
        throw new ConfigException(
            String.format(
                "--gallery: %s holds embeddings of %d numbers, the model gives %d; they are another"
                    + " model's",
                gallery, read.dimension(), opened.descriptor().dimension()));
      }
      for (int row = 0; row < read.rows(); row++) {
        requireDirection(read, row);
      }
      return read;
    }
    if (!Files.isDirectory(gallery)) {
      throw new ConfigException("--gallery: expected a folder or a file NAME.npy, was " + gallery);
    }
    Preprocessing input = opened.descriptor().preprocessing();
    FaceManifest faces =
        alignment.apply(new FolderConfig(gallery, 1).open(new SeedStreams(0)), input);
    return new FeatureExtractor(
            opened.embedder(),
            input.crop(),
            Decoding.FULL,
            Optional.empty(),
            true,
            console.progress())
        .extract("gallery", faces.samples())
        .toMatrix();
  }

  /** Says which row of the file cannot be compared, from 1 as its table of keys has them. */
  private void requireDirection(EmbeddingMatrix read, int row) {
    try {
      UnitLength.squared("row " + (row + 1) + ", " + read.keys().get(row), read.row(row));
    } catch (DataException e) {
      throw DataException.in(gallery, e.getMessage(), e);
    }
  }

  private Map<String, Object> result(
      TopMatches top, EmbeddingMatrix known, int probe, Optional<Double> used) {
    List<Object> found = new ArrayList<>();
    for (int place = 0; place < top.count(probe); place++) {
      Map<String, Object> match = new LinkedHashMap<>();
      int row = top.row(probe, place);
      match.put("identity", known.identities().get(row));
      match.put("key", known.keys().get(row));
      match.put("similarity", (double) top.similarity(probe, place));
      double similarity = top.similarity(probe, place);
      used.ifPresent(value -> match.put("same", similarity >= value));
      found.add(match);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("probe", probes.get(probe).toString());
    used.ifPresent(value -> result.put("threshold", value));
    result.put("matches", found);
    return result;
  }

  private void print(
      TopMatches top,
      EmbeddingMatrix known,
      int probe,
      Optional<Double> used,
      ModelDescriptor descriptor,
      Console console) {
    double best = top.similarity(probe, 0);
    String verdict =
        used.isEmpty()
            ? "no decision: the model has no threshold (mien calibrate)"
            : best >= used.get()
                ? known.identities().get(top.row(probe, 0))
                : "nobody in the gallery";
    console.result(probes.get(probe) + ": " + verdict);
    for (int place = 0; place < top.count(probe); place++) {
      int row = top.row(probe, place);
      console.result(
          String.format(
              Locale.ROOT,
              "  %2d  %.4f  %-30s %s",
              place + 1,
              top.similarity(probe, place),
              known.identities().get(row),
              known.keys().get(row)));
    }
    descriptor
        .calibration()
        .filter(found -> threshold == null)
        .ifPresent(
            found ->
                console.result(
                    String.format(
                        Locale.ROOT,
                        "      at this threshold each stranger in the gallery is taken for the person"
                            + " with %.2g, so that somebody of %d is with up to %.2g",
                        found.fmr(),
                        known.rows(),
                        Math.min(1, found.fmr() * known.rows()))));
  }
}
