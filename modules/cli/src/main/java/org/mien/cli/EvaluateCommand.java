package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.PairList;
import org.mien.data.protocol.Protocol;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.data.source.FolderConfig;
import org.mien.eval.identification.FewShot;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.template.MediaPooling;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.MirroredEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.FaceProtocol;
import org.mien.trainer.evaluation.FewShotProtocol;
import org.mien.trainer.evaluation.GallerySearch;
import org.mien.trainer.evaluation.LabelledFaces;
import org.mien.trainer.evaluation.LfwProtocol;
import org.mien.trainer.evaluation.PairProtocol;
import org.mien.trainer.evaluation.ProtocolOutcome;
import org.mien.trainer.evaluation.ProtocolRun;
import org.mien.trainer.evaluation.ReportExtras;
import org.mien.trainer.evaluation.TemplateComparison;
import org.mien.trainer.evaluation.VerificationOutcome;
import org.mien.trainer.experiment.EvaluationReport;

/** {@code mien evaluate}: a published protocol on a model. */
@Parameters(commandDescription = "A protocol on a model: figures with intervals, and a report")
final class EvaluateCommand extends HelpOption {
  private static final String USUAL_POOLING = "norm,media";
  private static final int USUAL_QUERIES = 5;
  private static final int USUAL_EPISODES = 600;

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
          "With --gallery: how several images of a person in it count, mean-embedding (the default)"
              + " or maximum-similarity")
  private String fusion;

  @Parameter(
      names = "--few-shot",
      description =
          "Tell people of the SOURCE apart by a few images of each, people x images: 5x1,5x5")
  private List<String> fewShot = new ArrayList<>();

  @Parameter(
      names = "--queries",
      description = "With --few-shot: images asked for of each person in an episode, 5 by default")
  private Integer queries;

  @Parameter(names = "--episodes", description = "With --few-shot: how many, 600 by default")
  private Integer episodes;

  @Parameter(
      names = "--tasks",
      description =
          "What the model tells besides identity (model.tasks: age, expression, ...) against the"
              + " labels of the SOURCE; names of tasks, or all for those whose label it has. A"
              + " SOURCE without a protocol is evaluated so anyway")
  private List<String> tasks = new ArrayList<>();

  @Parameter(
      names = "--leave-out-unlabelled",
      description = "With --tasks: leave out and count images without the label, rather than end")
  private boolean leaveOutUnlabelled;

  @Parameter(
      names = "--leave-out-trained",
      description =
          "With --gallery, --few-shot and --tasks: leave out the images of people who were trained"
              + " on; pairs of them are always left out")
  private boolean leaveOutTrained;

  @Parameter(
      names = "--pooling",
      description =
          "How a template's images become one (IJB): words joined by commas out of norm or no-norm,"
              + " detector-score, media or images. By default norm,media")
  private String pooling;

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

  @Parameter(
      names = "--skip-engines",
      description =
          "Do not embed some of the images on another engine, which the report compares; with --out,"
              + " where it takes a few seconds")
  private boolean skipEngines;

  @ParametersDelegate private final ReportOption extras = new ReportOption();

  @Parameter(names = "--seed", description = "Seed of the bootstrap")
  private long seed = 1;

  @Parameter(names = "--out", description = "Folder for metrics.json and report.html")
  private Path out;

  @Parameter(
      names = "--pdf",
      description = "With --out: report.pdf, too, printed with Chromium or Chrome (MIEN_CHROMIUM)")
  private boolean pdf;

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
    if (protocol == null && pairs != null) {
      throw new ParameterException("--pairs: works only with --protocol");
    }
    requireOneWay();
    refuse("--skip-engines", skipEngines, out != null, "--out");
    refuse("--pdf", pdf, out != null, "--out");
    Optional<PdfPrinter> printer =
        pdf ? Optional.of(PdfPrinter.find(System.getenv())) : Optional.empty();
    ReportExtras asked = extras.extras(out);
    Nd4jRuntime runtime = Nd4jRuntime.start();
    try (FaceModel opened = model.open(engine)) {
      Embedder embedder = averageFlip ? new MirroredEmbedder(opened.embedder()) : opened.embedder();
      Crop used = crop(opened.descriptor().preprocessing().crop());
      SeedStreams seeds = new SeedStreams(seed);
      FaceProtocol chosen = chosen(named, opened, used, seeds);
      ProtocolOutcome outcome =
          chosen.run(
              new ProtocolRun(
                  opened,
                  embedder,
                  new HashSet<>(opened.descriptor().trainingIdentities()),
                  IdentityBootstrap.DEFAULT_REPLICATES,
                  asked.thumbnails() > 0,
                  seeds,
                  console.progress()));
      String images = named.map(DatasetArgument.Named::name).orElse(String.valueOf(data));
      EvaluationReport report =
          report(outcome.title(), images, opened, embedder, runtime, used)
              .add(outcome, asked, seeds);
      Map<String, Map<String, Metric>> metrics = new LinkedHashMap<>(outcome.metrics());
      if (out != null) {
        List<FaceSample> faces = faces(chosen, outcome);
        report.speed(opened, embedder, model.file(), faces, used);
        Map<String, Metric> engines =
            skipEngines
                ? report.noEngines("not compared (--skip-engines)")
                : report.engines(opened, embedder, averageFlip, outcome, faces, used);
        if (!engines.isEmpty()) {
          metrics.put(chosen.name() + ".engines", engines);
        }
      }
      if (outcome instanceof VerificationOutcome compared) {
        if (out != null && !asked.scores().write(compared, out.resolve("scores"))) {
          report.noScores(compared, asked.scores());
        }
        sayFailures(compared.faces(), console);
      }
      finish(report, metrics, console);
      if (!json) {
        outcome.leftOutInWords().ifPresent(console::result);
      }
      // Last, for it may fail.
      printer.ifPresent(
          found -> console.say("mien: PDF " + found.print(out.resolve(HtmlReport.FILE_NAME))));
      return 0;
    }
  }

  private static List<FaceSample> faces(FaceProtocol protocol, ProtocolOutcome outcome) {
    return outcome instanceof VerificationOutcome compared
        ? compared.faces().samples()
        : protocol.samples();
  }

  private static void sayFailures(VerificationOutcome.Faces faces, Console console) {
    faces.failures().stream()
        .findFirst()
        .ifPresent(
            first ->
                console.say(
                    String.format(
                        "mien: left out %d images (failures to acquire) and %d pairs, the first:"
                            + " %s (%s)",
                        faces.failures().size(), faces.lostPairs(), first.key(), first.reason())));
  }

  private void requirePairs(String instead) {
    extras.refuse(instead);
    refuse("--leave-out-failures", leaveOutFailures, false, "a protocol of pairs");
  }

  /** Options that the kind of evaluation asked for does not read are refused, not ignored. */
  private void requireOneWay() {
    int ways = 0;
    for (boolean asked :
        List.of(gallery != null, !fewShot.isEmpty(), !tasks.isEmpty(), protocol != null)) {
      ways += asked ? 1 : 0;
    }
    if (ways > 1) {
      throw new ParameterException(
          "--gallery, --few-shot, --tasks and --protocol are different evaluations; expected one");
    }
    refuse("--fusion", fusion != null, gallery != null, "--gallery");
    refuse("--queries", queries != null, !fewShot.isEmpty(), "--few-shot");
    refuse("--episodes", episodes != null, !fewShot.isEmpty(), "--few-shot");
    boolean other = gallery != null || !fewShot.isEmpty() || !tasks.isEmpty();
    refuse("--group-by", !groupBy.isEmpty(), !other, "pairs");
    refuse("--pooling", pooling != null, !other && protocol == null, "IJB's templates");
  }

  private static void refuse(String option, boolean given, boolean works, String with) {
    if (given && !works) {
      throw new ParameterException(option + ": works only with " + with);
    }
  }

  private FaceProtocol chosen(
      Optional<DatasetArgument.Named> named, FaceModel opened, Crop used, SeedStreams seeds) {
    if (gallery != null) {
      requirePairs("--gallery");
      return search(source(named, "--gallery"), used, seeds);
    }
    if (!fewShot.isEmpty()) {
      requirePairs("--few-shot");
      return new FewShotProtocol(
          "fewShot",
          settings(),
          source(named, "--few-shot").openAligned().samples(),
          leaveOutTrained,
          used);
    }
    if (!tasks.isEmpty()) {
      return labelled(source(named, "--tasks"), used);
    }
    if (named.isEmpty()) {
      refuse("--group-by", !groupBy.isEmpty(), false, "a SOURCE, whose images have attributes");
      refuseLabelled();
      return lfw(used, seeds);
    }
    DatasetArgument.Named faces = named.get();
    if (faces.dataset().protocol().isEmpty() && !opened.tasks().isEmpty()) {
      refuse("--group-by", !groupBy.isEmpty(), false, "a SOURCE with a protocol of pairs");
      refuse("--pooling", pooling != null, false, "IJB's templates");
      return labelled(faces, used);
    }
    refuseLabelled();
    return ofSource(faces, used);
  }

  private void refuseLabelled() {
    refuse("--leave-out-unlabelled", leaveOutUnlabelled, false, "--tasks");
    refuse("--leave-out-trained", leaveOutTrained, false, "--gallery, --few-shot and --tasks");
  }

  private static DatasetArgument.Named source(
      Optional<DatasetArgument.Named> named, String option) {
    return named.orElseThrow(
        () -> new ParameterException(option + ": expected a SOURCE with the faces besides"));
  }

  private List<FewShot> settings() {
    try {
      return fewShot.stream()
          .map(
              setting ->
                  FewShot.parse(
                      setting,
                      queries == null ? USUAL_QUERIES : queries,
                      episodes == null ? USUAL_EPISODES : episodes))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--few-shot: " + e.getMessage(), e);
    }
  }

  private FaceProtocol labelled(DatasetArgument.Named faces, Crop used) {
    requirePairs("labels");
    return new LabelledFaces(
        "task",
        faces.openAligned().samples(),
        tasks.equals(List.of("all")) ? List.of() : tasks,
        leaveOutUnlabelled,
        leaveOutTrained,
        used);
  }

  private FaceProtocol ofSource(DatasetArgument.Named faces, Crop used) {
    Protocol found = protocolOf(faces);
    if (found instanceof TemplateProtocol templates) {
      refuse("--group-by", !groupBy.isEmpty(), false, "pairs of images");
      requirePairs("templates");
      return new TemplateComparison(
          templates.name(), templates, faces.openAligned().samples(), pooling(), used);
    }
    if (!(found instanceof PairList compared)) {
      throw new ConfigException(
          faces.name()
              + ": its protocol is one of probes among distractors; mien megaface runs those");
    }
    refuse("--pooling", pooling != null, false, "IJB's templates");
    PairProtocol protocol =
        PairProtocol.of(compared, faces.openAligned().samples(), used)
            .splitBy(groupBy, "--group-by");
    if (compared.name().equals("pairs")) {
      protocol = protocol.titled("Pairs of " + faces.name()); // a list has no name of its own
    }
    try {
      protocol.check();
    } catch (DataException e) {
      if (compared.file().isPresent()) {
        throw e; // which names it
      }
      throw DataException.in(
          String.join(
              ", ",
              PathComponents.of(faces.dataset().protocol().orElseThrow()).stream()
                  .map(Path::toString)
                  .toList()),
          e.getMessage(),
          e);
    }
    return leaveOutFailures ? protocol.leavingOutFailures() : protocol;
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
                        + " configs/data for samples, or name a --gallery to look for them in, or"
                        + " --few-shot 5x1, or evaluate a model of several tasks on its labels"))
        .open();
  }

  private void finish(
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
  }

  private FaceProtocol search(DatasetArgument.Named probes, Crop used, SeedStreams seeds) {
    GalleryFusion chosen =
        switch (fusion == null ? "mean-embedding" : fusion) {
          case "mean-embedding" -> GalleryFusion.MEAN_EMBEDDING;
          case "maximum", "maximum-similarity" -> GalleryFusion.MAXIMUM_SIMILARITY;
          default ->
              throw new ConfigException(
                  "--fusion: expected mean-embedding or maximum-similarity, was " + fusion);
        };
    return new GallerySearch(
        "identification",
        "The images of " + probes.name() + " in " + gallery + ".",
        probes.dataset().alignment().apply(new FolderConfig(gallery, 1).open(seeds)).samples(),
        probes.openAligned().samples(),
        chosen,
        leaveOutTrained,
        used);
  }

  private PoolingOptions pooling() {
    Set<String> words =
        new HashSet<>(List.of((pooling == null ? USUAL_POOLING : pooling).split(",", -1)));
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

  private FaceProtocol lfw(Crop used, SeedStreams seeds) {
    PairProtocol found = new LfwProtocol(pairsFile(), data, used, leaveOutFailures).toPairs(seeds);
    if (!found.name().equals(protocol)) {
      throw new ConfigException(
          "--pairs: " + pairsFile() + " is a file of " + found.title() + ", not " + protocol);
    }
    return found;
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
      words.addAll(List.of("--gallery", gallery.toString()));
    }
    if (fusion != null) {
      words.addAll(List.of("--fusion", fusion));
    }
    if (!fewShot.isEmpty()) {
      words.addAll(List.of("--few-shot", String.join(",", fewShot)));
    }
    if (queries != null) {
      words.addAll(List.of("--queries", queries.toString()));
    }
    if (episodes != null) {
      words.addAll(List.of("--episodes", episodes.toString()));
    }
    if (!tasks.isEmpty()) {
      words.addAll(List.of("--tasks", String.join(",", tasks)));
    }
    if (leaveOutUnlabelled) {
      words.add("--leave-out-unlabelled");
    }
    if (leaveOutTrained) {
      words.add("--leave-out-trained");
    }
    groupBy.forEach(name -> words.addAll(List.of("--group-by", name)));
    if (pooling != null) {
      words.addAll(List.of("--pooling", pooling));
    }
    if (leaveOutFailures) {
      words.add("--leave-out-failures");
    }
    if (skipEngines) {
      words.add("--skip-engines");
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
