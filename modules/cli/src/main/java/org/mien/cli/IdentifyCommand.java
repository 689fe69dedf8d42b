package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.error.MienException;
import org.mien.core.json.Json;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.source.FolderConfig;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.HnswIndex;
import org.mien.eval.search.Matches;
import org.mien.eval.search.TopMatches;
import org.mien.model.file.FaceModel;
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

  @Parameter(
      description =
          "PROBE.jpg..., or - for names on standard input, one a line, each of which is answered at"
              + " once; with --json by one line")
  private List<Path> probes = new ArrayList<>();

  @Parameter(names = "--matches", description = "How many images of the gallery are shown")
  private int matches = 5;

  @Parameter(
      names = "--threshold",
      description =
          "Cosine from which on a match counts as the same person; by default the model's")
  private Double threshold;

  /** How the gallery is searched. */
  private enum Search {
    EXACT,
    APPROXIMATE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameter(
      names = "--search",
      description =
          "exact compares with every row; approximate walks the index that mien index made beside"
              + " NAME.npy, and may miss somebody")
  private Search search = Search.EXACT;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (probes.isEmpty()) {
      throw new ParameterException("expected at least one image, or - for names on standard input");
    }
    boolean namesOnStandardInput = probes.equals(List.of(Path.of("-")));
    if (!namesOnStandardInput && probes.contains(Path.of("-"))) {
      throw new ParameterException("expected - alone, or images");
    }
    if (matches < 1) {
      throw new ConfigException("--matches: expected at least 1, was " + matches);
    }
    if (search == Search.APPROXIMATE && !GalleryFile.is(gallery)) {
      throw new ConfigException(
          "--search approximate: expected --gallery NAME.npy, which mien embed writes and mien index"
              + " indexes, was "
              + gallery);
    }
    Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      EmbeddingMatrix known = known(opened, console);
      if (search == Search.EXACT) {
        return answer(
            new GallerySearcher(opened, known, Optional.empty()), namesOnStandardInput, console);
      }
      try (HnswIndex index =
          HnswIndex.read(GalleryFile.indexOf(gallery), EmbeddingRows.of(known))) {
        return answer(
            new GallerySearcher(opened, known, Optional.of(index)), namesOnStandardInput, console);
      }
    }
  }

  private int answer(GallerySearcher people, boolean namesOnStandardInput, Console console) {
    if (namesOnStandardInput) {
      return answerNamesThatCome(people, console);
    }
    Matches found = people.find(probes, console.progress());
    if (json) {
      List<Object> all = new ArrayList<>();
      for (int probe = 0; probe < probes.size(); probe++) {
        all.add(people.json(found, probe, probes.get(probe)));
      }
      console.resultJson(all);
    } else {
      for (int probe = 0; probe < probes.size(); probe++) {
        people.print(found, probe, probes.get(probe), console);
      }
      console.result(people.searchInWords());
    }
    return 0;
  }

  /**
   * Answers each name on standard input at once, with {@code --json} by one line. One that fails is
   * answered, too, and does not end the others; the exit code is that of the last failure.
   */
  private int answerNamesThatCome(GallerySearcher people, Console console) {
    int code = 0;
    console.say(people.searchInWords());
    try {
      BufferedReader names =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String name = names.readLine(); name != null; name = names.readLine()) {
        if (name.isBlank()) {
          continue;
        }
        try {
          Path probe = Path.of(name.strip());
          Matches found = people.find(List.of(probe), Progress.silent());
          if (json) {
            console.result(Json.toLine(people.json(found, 0, probe)));
          } else {
            people.print(found, 0, probe, console);
          }
        } catch (MienException | IllegalArgumentException e) {
          String reason = String.valueOf(e.getMessage());
          console.result(
              json
                  ? Json.toLine(new Failed(name.strip(), reason))
                  : name.strip() + ": error " + reason.replaceAll("\\R", " "));
          code = e instanceof MienException told ? told.exitCode() : 3;
        }
      }
    } catch (IOException e) {
      throw new DataException("standard input cannot be read (" + e.getMessage() + ")", e);
    }
    return code;
  }

  /** The answer to a name that fails. */
  private record Failed(String probe, String error) {}

  private EmbeddingMatrix known(FaceModel opened, Console console) {
    if (GalleryFile.is(gallery)) {
      EmbeddingMatrix read = GalleryFile.read(gallery);
      if (read.dimension() != opened.descriptor().dimension()) {
        throw new ConfigException(
            String.format(
                "--gallery: %s holds embeddings of %d numbers, the model gives %d; they are another"
                    + " model's",
                gallery, read.dimension(), opened.descriptor().dimension()));
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

  /** Who may be found, and how: exactly, or with an index. */
  private final class GallerySearcher {
    private final FaceModel opened;
    private final EmbeddingMatrix known;
    private final Optional<HnswIndex> index;
    private final Optional<Double> used;

    GallerySearcher(FaceModel opened, EmbeddingMatrix known, Optional<HnswIndex> index) {
      this.opened = opened;
      this.known = known;
      this.index = index;
      this.used = Optional.ofNullable(threshold).or(opened.descriptor()::threshold);
    }

    Matches find(List<Path> images, Progress.Factory progress) {
      EmbeddingRows looked = EmbeddingRows.of(alignment.embed(opened, images, progress));
      int count = Math.min(matches, known.rows());
      if (index.isPresent()) {
        return index.get().search(looked, count);
      }
      TopMatches top = new TopMatches(count);
      ExactSearch.run(
          looked,
          EmbeddingRows.of(known),
          List.of(top),
          Runtime.getRuntime().availableProcessors(),
          progress);
      return top;
    }

    String searchInWords() {
      return index
          .map(
              found ->
                  "approximate search; of what the exact search finds it found "
                      + IndexCommand.inWords(found.recall()))
          .orElse("exact search");
    }

    Map<String, Object> json(Matches top, int probe, Path image) {
      List<Object> found = new ArrayList<>();
      for (int place = 0; place < top.count(probe); place++) {
        Map<String, Object> match = new LinkedHashMap<>();
        int row = top.row(probe, place);
        match.put("identity", known.identities().get(row));
        match.put("key", known.keys().get(row));
        double similarity = top.similarity(probe, place);
        match.put("similarity", similarity);
        used.ifPresent(value -> match.put("same", similarity >= value));
        found.add(match);
      }
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("probe", image.toString());
      result.put("search", search.toString());
      index.ifPresent(by -> result.put("recall", IndexCommand.json(by.recall())));
      used.ifPresent(value -> result.put("threshold", value));
      result.put("matches", found);
      return result;
    }

    void print(Matches top, int probe, Path image, Console console) {
      double best = top.similarity(probe, 0);
      String verdict =
          used.isEmpty()
              ? "no decision: the model has no threshold (mien calibrate)"
              : best >= used.get()
                  ? known.identities().get(top.row(probe, 0))
                  : "nobody in the gallery";
      console.result(image + ": " + verdict);
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
      opened
          .descriptor()
          .calibration()
          .filter(found -> threshold == null)
          .ifPresent(
              found ->
                  console.result(
                      String.format(
                          Locale.ROOT,
                          "      at this threshold each stranger in the gallery is taken for the"
                              + " person with %.2g, so that somebody of %d is with up to %.2g",
                          found.fmr(),
                          known.rows(),
                          Math.min(1, found.fmr() * known.rows()))));
    }
  }
}
