package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.PairList;
import org.mien.data.protocol.Protocol;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.data.source.FolderConfig;
import org.mien.eval.fairness.Attribute;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.IdentificationResult;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.template.MediaPooling;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.MirroredEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.GallerySearch;
import org.mien.trainer.evaluation.LfwProtocol;
import org.mien.trainer.evaluation.PairProtocol;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.TemplateComparison;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.mien.trainer.experiment.EvaluationReport;

/** {@code mien evaluate}: a published protocol on a model. */
@Parameters(commandDescription = "A protocol on a model: figures with intervals, and a report")
final class EvaluateCommand extends HelpOption {
  private static final String USUAL_POOLING = "norm,media";

  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @ParametersDelegate private final DatasetArgument dataset = new DatasetArgument();

  @Parameter(
      names = "--group-by",
      description =
          "An attribute of the SOURCE's images, such as gender: false match and non-match rates of"
              + " each group at one threshold; may be given several times")
  private List<String> groupBy = new ArrayList<>();

  @Parameter(
      names = "--gallery",
      description =
          "Folder with a folder of images for each person: the SOURCE's images are looked for in it;"
              + " people of whom it holds none have to be rejected")
  private Path gallery;

  @Parameter(
      names = "--fusion",
      description =
          "How several images of a person in the gallery count: mean-embedding or maximum")
  private String fusion = "mean-embedding";

  @Parameter(
      names = "--pooling",
      description =
          "How a template's images become one (IJB): words joined by commas out of norm or no-norm,"
              + " detector-score, media or images. By default norm,media")
  private String pooling = USUAL_POOLING;

  @Parameter(
      names = "--protocol",
      description = "Instead of a SOURCE with a protocol: lfw or lfw-view1, with --data")
  private String protocol;

  @Parameter(
      names = "--data",
      description = "With --protocol: folder of images, Name/Name_0001.jpg")
  private Path data;

  @Parameter(
      names = "--pairs",
      description =
          "pairs.txt (lfw) or pairsDevTest.txt (lfw-view1); by default the file of that name in"
              + " --data or beside it")
  private Path pairs;

  @Parameter(
      names = "--crop",
      description =
          "The part of the images that shows the face: none, or centre:FRACTION. By default the"
              + " model's own; another one has to be allowed with --allow-other-crop")
  private String crop;

  @Parameter(
      names = "--allow-other-crop",
      description = "Evaluate although --crop is not the crop the model was made for")
  private boolean allowOtherCrop;

  @ParametersDelegate private final EngineOption engine = new EngineOption();

  @Parameter(
      names = "--average-flip",
      description = "Average each embedding with that of the mirror image; twice the work")
  private boolean averageFlip;

  @Parameter(
      names = "--leave-out-failures",
      description =
          "Leave out and count pairs whose images cannot be read or show no face to the detector,"
              + " rather than end with an error")
  private boolean leaveOutFailures;

  @ParametersDelegate private final ReportOption extras = new ReportOption();

  @Parameter(names = "--seed", description = "Seed of the bootstrap")
  private long seed = 1;

  @Parameter(names = "--out", description = "Folder for metrics.json and report.html")
  private Path out;

  @Parameter(names = "--json", description = "Print metrics.json on standard output")
  private boolean json;

  @Override
  public int run(Console console) {
    Optional<DatasetArgument.Named> named = dataset.optional();
    if (named.isPresent() == (protocol != null) || (protocol == null) != (data == null)) {
      throw new ParameterException(
          "expected either a SOURCE with a protocol, such as configs/data/lfw-aligned.yaml, or"
              + " --protocol lfw with --data FOLDER");
    }
    if (protocol != null && !protocol.equals("lfw") && !protocol.equals("lfw-view1")) {
      throw new ConfigException("--protocol: expected lfw or lfw-view1, was " + protocol);
    }
    ReportExtras wanted = extras.extras(out);
    if (gallery != null) {
      requirePairs("--gallery");
    }
    Nd4jRuntime runtime = Nd4jRuntime.start();
    try (FaceModel opened = model.open(engine)) {
      Embedder embedder = averageFlip ? new MirroredEmbedder(opened.embedder()) : opened.embedder();
      Crop used = crop(opened.descriptor().preprocessing().crop());
      SeedStreams seeds = new SeedStreams(seed);
      Optional<Protocol> chosen = gallery == null ? named.map(this::protocolOf) : Optional.empty();
      String images = named.map(DatasetArgument.Named::name).orElse(String.valueOf(data));
      if (gallery != null) {
        IdentificationResult found = search(named, embedder, used, seeds, console);
        return finish(
            withSpeed(
                report("a gallery", images, opened, embedder, runtime, used)
                    .identification(found, "The images of " + images + " in " + gallery + "."),
                opened,
                embedder,
                named.get().openAligned().samples(),
                used),
            Map.of("identification", found.metrics()),
            console);
      }
      if (chosen.isPresent() && chosen.get() instanceof TemplateProtocol templates) {
        requirePairs("templates");
        FaceSamples faces = named.get().openAligned().samples();
        TemplateComparison.Outcome found =
            new TemplateComparison(templates, faces, pooling(), used)
                .run(embedder, seeds, console.progress());
        return finish(
            withSpeed(
                report(found.protocol(), images, opened, embedder, runtime, used)
                    .templates(found, pooling()),
                opened,
                embedder,
                faces,
                used),
            found.metrics(),
            console);
      }
      VerificationOutcome outcome =
          chosen.isPresent()
              ? evaluate(named.get(), chosen.get(), opened, embedder, used, console)
              : evaluateLfw(opened, embedder, used, console);
      EvaluationReport report =
          withSpeed(
              report(outcome.title(), images, opened, embedder, runtime, used)
                  .verification(outcome, seeds, wanted, used),
              opened,
              embedder,
              outcome.faces().samples(),
              used);
      Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
      figures.put(outcome.protocol(), outcome.metrics());
      for (Attribute attribute : attributes(named, outcome)) {
        figures.put(
            outcome.protocol() + "." + attribute.name(), report.groups(outcome, attribute, seeds));
      }
      if (out != null && !wanted.scores().write(outcome, out.resolve("scores"))) {
        report.noScores(outcome, wanted.scores());
      }
      int code = finish(report, figures, console);
      outcome.faces().failures().stream()
          .findFirst()
          .ifPresent(
              first ->
                  console.say(
                      String.format(
                          "mien: left out %d images (failures to acquire) and %d pairs, the first:"
                              + " %s (%s)",
                          outcome.faces().failures().size(),
                          outcome.faces().lostPairs(),
                          first.key(),
                          first.reason())));
      if (!json) {
        outcome
            .leftOut()
            .ifPresent(
                left ->
                    console.result(
                        String.format(
                            "left out: %d of %d pairs, of %d people the model was trained on",
                            left.pairs(), left.total(), left.identities())));
      }
      return code;
    }
  }

  private void requirePairs(String instead) {
    extras.refuse(instead);
    if (leaveOutFailures) {
      throw new ConfigException(
          "--leave-out-failures: works with a protocol of pairs, not with " + instead);
    }
  }

  /** Measured for the report only: it takes seconds. */
  private EvaluationReport withSpeed(
      EvaluationReport report,
      FaceModel opened,
      Embedder embedder,
      List<FaceSample> images,
      Crop used) {
    return out == null ? report : report.speed(opened, embedder, model.file(), images, used);
  }

  /** The groups a protocol has of its own, and those that were asked for. */
  private List<Attribute> attributes(
      Optional<DatasetArgument.Named> named, VerificationOutcome outcome) {
    List<Attribute> found = new ArrayList<>();
    if (!outcome.pairs().groups().isEmpty()) {
      found.add(
          new Attribute(
              "group",
              Attribute.Keys.IMAGE,
              outcome.pairs().groups(),
              Attribute.Missing.OWN_GROUP));
    }
    if (groupBy.isEmpty()) {
      return found;
    }
    FaceManifest faces =
        named
            .orElseThrow(
                () ->
                    new ParameterException("--group-by: works with a SOURCE, whose images have it"))
            .open();
    for (String name : groupBy) {
      Map<String, String> values = new HashMap<>();
      Set<String> known = new TreeSet<>();
      for (FaceSample sample : faces.samples()) {
        known.addAll(sample.attributes().keySet());
        if (sample.attributes().containsKey(name)) {
          values.put(sample.key(), sample.attributes().get(name));
        }
      }
      if (values.isEmpty()) {
        throw new ConfigException(
            "--group-by: no image of "
                + faces.name()
                + " has the attribute "
                + name
                + (known.isEmpty()
                    ? "; they have none"
                    : "; they have " + String.join(", ", known)));
      }
      found.add(new Attribute(name, Attribute.Keys.IMAGE, values, Attribute.Missing.OWN_GROUP));
    }
    return found;
  }

  private Protocol protocolOf(DatasetArgument.Named named) {
    return named
        .dataset()
        .protocol()
        .orElseThrow(
            () ->
                new ConfigException(
                    named.name()
                        + ": names no protocol, so it does not say which faces are compared; see"
                        + " configs/data for samples, or name a --gallery to look for them in"))
        .open();
  }

  private int finish(
      EvaluationReport report, Map<String, Map<String, Metric>> results, Console console) {
    MetricsFile metrics = MetricsFile.of(results);
    if (out != null) {
      ReportFiles.write(report.data(metrics), metrics, out);
      console.say("mien: report " + out.resolve(HtmlReport.FILE_NAME));
    }
    if (json) {
      console.resultJson(metrics);
    } else {
      MetricsTable.of(metrics).forEach(console::result);
    }
    return 0;
  }

  private IdentificationResult search(
      Optional<DatasetArgument.Named> named,
      Embedder embedder,
      Crop used,
      SeedStreams seeds,
      Console console) {
    DatasetArgument.Named probes =
        named.orElseThrow(
            () -> new ParameterException("--gallery: expected a SOURCE with the probes besides"));
    GalleryFusion chosen =
        switch (fusion) {
          case "mean-embedding" -> GalleryFusion.MEAN_EMBEDDING;
          case "maximum" -> GalleryFusion.MAXIMUM_SIMILARITY;
          default ->
              throw new ConfigException(
                  "--fusion: expected mean-embedding or maximum, was " + fusion);
        };
    return new GallerySearch(
            probes.dataset().alignment().apply(new FolderConfig(gallery, 1).open(seeds)).samples(),
            probes.openAligned().samples(),
            chosen,
            used)
        .run(embedder, IdentificationOptions.defaults(), seeds, console.progress());
  }

  private PoolingOptions pooling() {
    Set<String> words = Set.of(pooling.split(",", -1));
    if (!Set.of("norm", "no-norm", "detector-score", "media", "images").containsAll(words)
        || (words.contains("norm") && words.contains("no-norm"))
        || (words.contains("media") && words.contains("images"))) {
      throw new ConfigException(
          "--pooling: expected norm or no-norm, detector-score, media or images, was " + pooling);
    }
    return new PoolingOptions(
        !words.contains("no-norm"),
        words.contains("detector-score"),
        words.contains("images")
            ? MediaPooling.SUM_OF_IMAGES
            : MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM);
  }

  private VerificationOutcome evaluate(
      DatasetArgument.Named named,
      Protocol chosen,
      FaceModel opened,
      Embedder embedder,
      Crop used,
      Console console) {
    if (!(chosen instanceof PairList pairs)) {
      throw new ConfigException(
          named.name()
              + ": its protocol is one of probes among distractors; mien megaface runs those");
    }
    FaceManifest faces = named.openAligned();
    PairProtocol wanted = PairProtocol.of(pairs, faces.samples(), used);
    if (pairs.name().equals("pairs")) {
      wanted = wanted.titled("Pairs of " + named.name()); // a list of pairs has no name of its own
    }
    return (leaveOutFailures ? wanted.leavingOutFailures() : wanted)
        .run(
            embedder,
            new HashSet<>(opened.descriptor().trainingIdentities()),
            VerificationOptions.defaults(),
            new SeedStreams(seed),
            console.progress());
  }

  private VerificationOutcome evaluateLfw(
      FaceModel opened, Embedder embedder, Crop used, Console console) {
    VerificationOutcome outcome =
        new LfwProtocol(pairsFile(), data, used, leaveOutFailures)
            .run(
                embedder,
                new HashSet<>(opened.descriptor().trainingIdentities()),
                VerificationOptions.defaults(),
                new SeedStreams(seed),
                console.progress());
    if (!outcome.protocol().equals(protocol)) {
      throw new ConfigException(
          "--pairs: " + pairsFile() + " is a file of " + outcome.title() + ", not " + protocol);
    }
    return outcome;
  }

  private EvaluationReport report(
      String title,
      String images,
      FaceModel opened,
      Embedder embedder,
      Nd4jRuntime runtime,
      Crop used) {
    return new EvaluationReport(
        opened.descriptor(),
        title,
        images,
        ProvenanceCollector.start(
                ConfigWriter.toYaml(opened.descriptor()),
                seed,
                embedder.engine() + "; " + runtime.backend(),
                Runtime.getRuntime().availableProcessors(),
                commandLine())
            .withInput("model " + model.file(), embedder.fingerprint())
            .withInput("crop", used.describe()));
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>(List.of("evaluate", "--model", model.file().toString()));
    words.addAll(dataset.words());
    if (protocol != null) {
      words.addAll(List.of("--protocol", protocol, "--data", data.toString()));
    }
    if (crop != null) {
      words.addAll(List.of("--crop", crop));
    }
    if (averageFlip) {
      words.add("--average-flip");
    }
    if (gallery != null) {
      words.addAll(List.of("--gallery", gallery.toString(), "--fusion", fusion));
    }
    groupBy.forEach(name -> words.addAll(List.of("--group-by", name)));
    if (!pooling.equals(USUAL_POOLING)) {
      words.addAll(List.of("--pooling", pooling));
    }
    if (leaveOutFailures) {
      words.add("--leave-out-failures");
    }
    extras.addWords(words);
    return words;
  }

  private Crop crop(Crop own) {
    if (crop == null) {
      return own;
    }
    Crop wanted = CropOption.parse(crop);
    if (!wanted.equals(own) && !allowOtherCrop) {
      throw new ConfigException(
          "--crop: the model was made for images with the crop "
              + own.describe()
              + ", not "
              + wanted.describe()
              + "; where these images show the same part of the face with it, say"
              + " --allow-other-crop");
    }
    return wanted;
  }

  private Path pairsFile() {
    if (pairs != null) {
      return pairs;
    }
    String name = protocol.equals("lfw") ? "pairs.txt" : "pairsDevTest.txt";
    Path parent = data.toAbsolutePath().normalize().getParent();
    List<Path> places = new ArrayList<>(List.of(data.resolve(name)));
    if (parent != null) {
      places.add(parent.resolve(name));
      places.add(parent.resolve("lfw").resolve(name));
    }
    return places.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "there is no " + name + " in " + data + " or beside it; name it with --pairs"));
  }
}
