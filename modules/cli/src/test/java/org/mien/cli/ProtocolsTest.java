package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.embedding.EmbeddingFile;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.ContactSheet;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.SyntheticConfig;
import org.mien.eval.identification.MegafaceResultFile;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.template.PoolingOptions;
import org.mien.model.embed.Embedder;
import org.mien.model.file.FaceModel;
import org.mien.trainer.evaluation.TemplateComparison;
import org.mien.trainer.experiment.EvaluationReport;

/** Every protocol, in a recipe and on the command line, on drawn faces. */
final class ProtocolsTest {
  private static final int PEOPLE = 8;
  private static final int IMAGES = 6;

  /** Figures that have no interval, and why: everything else needs one. */
  private static final Map<String, String> WITHOUT_INTERVAL = new LinkedHashMap<>();

  static {
    WITHOUT_INTERVAL.put(
        "accuracy\\.(standardError|standardDeviation|populationStandardDeviation)",
        "measures of spread themselves");
    WITHOUT_INTERVAL.put(
        "threshold(@.*|\\.mean)",
        "where so few impostors are expected above it that none may be, or no resampling moves it");
    WITHOUT_INTERVAL.put(
        "f[n]?mr\\.(maxOverMin|maxOverGeometricMean|gini)@.*",
        "where too few identities have errors to resample them");
    WITHOUT_INTERVAL.put("(mae|rmse|bias)@age=.*", "of a band with a single image");
    WITHOUT_INTERVAL.put(
        "(rank|tar@|accuracy@).*", "of means over sets or episodes that all give the same");
    WITHOUT_INTERVAL.put(
        "ece|cllr\\.(min|calibrationLoss)",
        "fitted to the pairs, so that resampling moves their bias");
    WITHOUT_INTERVAL.put("largest(Relative)?Difference|smallestCosine", "extremes of a sample");
  }

  @TempDir private static Path shared;
  private static Path run;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private static int mien(
      ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
    out.reset();
    err.reset();
    return CommandLine.run(out, err, arguments);
  }

  private String refused(int code, String... arguments) {
    int found = mien(out, err, arguments);
    String message = err.toString(StandardCharsets.UTF_8);
    assertEquals(code, found, message);
    return message;
  }

  private Map<String, Map<String, Metric>> figures(String... arguments) {
    Path result = folder.resolve("result");
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.addAll(List.of("--model", model().toString(), "--seed", "3", "--out", result.toString()));
    int code = mien(out, err, words.toArray(String[]::new));
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    assertTrue(Files.isRegularFile(result.resolve("report.html")));
    Map<String, Map<String, Metric>> found =
        MetricsFile.read(result.resolve("metrics.json")).results();
    requireIntervals(found);
    // Of the command alone, which takes some of the images to another engine.
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>(found);
    figures.keySet().removeIf(protocol -> protocol.endsWith(".engines"));
    assertEquals(figures.size() + (arguments[0].equals("evaluate") ? 1 : 0), found.size());
    return figures;
  }

  private static Path model() {
    return run.resolve("model/model.zip");
  }

  private static Map<String, Map<String, Metric>> ofRecipe() {
    return MetricsFile.read(run.resolve("metrics.json")).results();
  }

  private static void requireIntervals(Map<String, Map<String, Metric>> figures) {
    List<String> bare = new ArrayList<>();
    figures.forEach(
        (protocol, metrics) ->
            metrics.forEach(
                (name, metric) -> {
                  boolean excused =
                      WITHOUT_INTERVAL.keySet().stream().anyMatch(name::matches)
                          && (name.startsWith("accuracy.")
                              || (metric.note() != null
                                  && metric.note().contains("no interval: ")));
                  if (metric.low() == null && !excused) {
                    bare.add(protocol + "." + name + " " + metric);
                  }
                  if (metric.low() != null
                      && !(metric.low() <= metric.value() && metric.value() <= metric.high())
                      && !name.matches("(threshold|tar|tpir|fnir|accuracy|auc|eer).*")) {
                    bare.add(protocol + "." + name + " lies outside its interval: " + metric);
                  }
                }));
    assertEquals(List.of(), bare);
  }

  private static String own(String protocol) {
    return "source: {type: list, file: "
        + shared.resolve("faces.csv")
        + ", root: "
        + shared.resolve("people")
        + "}\nprotocol: "
        + protocol
        + "\n";
  }

  private static String pairs() {
    return "{type: pairs, file: " + shared.resolve("pairs.txt") + "}";
  }

  private static String ijb() {
    return "{type: ijb, members: "
        + shared.resolve("ijbc_face_tid_mid.txt")
        + ", pairs: "
        + shared.resolve("templates.txt")
        + ", galleries: ["
        + shared.resolve("g1.csv")
        + ", "
        + shared.resolve("g2.csv")
        + "], probes: "
        + shared.resolve("probes.csv")
        + "}";
  }

  private static String folderOf(String name) {
    return "{type: folder, folder: " + shared.resolve(name) + "}";
  }

  private static String recipe() {
    return """
        name: protocols
        seed: 3
        data:
          source: {type: synthetic, firstIdentity: 100000, identities: 10, imagesPerIdentity: 8, sizePixels: 64}
          split: {verificationIdentities: 0, testEvery: 4}
        model:
          backbone: {type: built-in}
          head: {type: linear, dimension: 32}
          tasks:
            - {name: age, loss: {type: age, oldest: 90}}
            - {name: expression, loss: {type: classes}}
            - {name: hat, attribute: occluded, loss: {type: binary}}
        training: {epochs: 2, batchSize: 8}
        export: [dl4j]
        evaluation:
          protocols:
            - name: pairs
              type: pairs
              groupBy: [hat]
        """
        + own(pairs()).indent(6)
        + "    - name: ijb-c\n      type: templates\n"
        + own(ijb()).indent(6)
        + "    - {type: gallery, name: identification, source: "
        + folderOf("people")
        + ", gallery: "
        + shared.resolve("gallery")
        + "}\n    - {type: megaface, probes: {source: "
        + folderOf("people")
        + "}, distractors: {source: "
        + folderOf("strangers")
        + "}, lists: "
        + shared.resolve("lists")
        + "}\n    - {type: few-shot, name: fewShot, settings: [3x1, 4x2], queries: 2, episodes: 20,"
        + " source: "
        + folderOf("people")
        + "}\n    - {type: labels, name: drawn, source: "
        + labelled()
        + "}\n"
        + """
        expect:
          pairs.auc: {atLeast: 0.6}
          ijb-c.identification.rank1: {atLeast: 0.2}
          megaface-5_1.rank1: {atLeast: 0.2}
          fewShot.accuracy@3way1shot: {atLeast: 0.34}
          drawn.age.mae: {atMost: 40}
        """;
  }

  private static String labelled() {
    return "{type: synthetic, firstIdentity: 400000, identities: 6, imagesPerIdentity: 4,"
        + " sizePixels: 64}";
  }

  @BeforeAll
  static void drawFacesAndTrain() throws IOException {
    draw(200_000, PEOPLE, IMAGES, "people");
    draw(300_000, 6, 1, "strangers");
    writeProtocols();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(
        0,
        mien(
            out,
            err,
            "data",
            "megaface",
            shared.resolve("people").toString(),
            shared.resolve("strangers").toString(),
            "--sizes",
            "3,5",
            "--sets",
            "2",
            "--out",
            shared.resolve("lists").toString()),
        err.toString(StandardCharsets.UTF_8));
    Path file = Files.writeString(shared.resolve("recipe.yaml"), recipe());
    int code =
        mien(out, err, "train", file.toString(), "--runs", shared.resolve("runs").toString());
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    try (var runs = Files.list(shared.resolve("runs"))) {
      run =
          runs.filter(one -> Files.exists(one.resolve("model/model.zip")))
              .findFirst()
              .orElseThrow();
    }
  }

  private static void draw(int first, int people, int images, String name) {
    for (FaceSample sample :
        new SyntheticConfig(first, people, images, 64, 0.5).open(new SeedStreams(5)).samples()) {
      Path file =
          shared
              .resolve(name)
              .resolve(sample.identity())
              .resolve(sample.key().replaceAll("\\W+", "-"));
      ContactSheet.writePng(sample.image().decode(), Path.of(file + ".png"));
    }
  }

  private static List<List<String>> people() throws IOException {
    Path root = shared.resolve("people");
    List<List<String>> people = new ArrayList<>();
    try (var folders = Files.list(root)) {
      for (Path person : folders.sorted().toList()) {
        try (var images = Files.list(person)) {
          people.add(images.sorted().map(image -> root.relativize(image).toString()).toList());
        }
      }
    }
    return people;
  }

  private static void writeProtocols() throws IOException {
    List<List<String>> people = people();
    StringBuilder faces = new StringBuilder("file,identity,hat\n");
    StringBuilder pairs = new StringBuilder();
    StringBuilder members = new StringBuilder();
    StringBuilder templates = new StringBuilder();
    StringBuilder probes = new StringBuilder("template_id,subject_id\n");
    StringBuilder[] galleries = {
      new StringBuilder("template_id,subject_id\n"), new StringBuilder("template_id,subject_id\n")
    };
    for (int person = 0; person < PEOPLE; person++) {
      List<String> own = people.get(person);
      int fold = person / 4;
      List<String> next = people.get(fold * 4 + (person + 1) % 4);
      for (int i = 0; i < IMAGES; i++) {
        String hat = person % 2 == 0 ? "yes" : "no";
        faces.append(own.get(i) + "," + own.get(i).split("/", -1)[0] + "," + hat + "\n");
        pairs.append(own.get(i) + " " + own.get((i + 1) % IMAGES) + " 1 " + fold + "\n");
        pairs.append(own.get(i) + " " + next.get(i) + " 0 " + fold + "\n");
        members.append(own.get(i) + " " + (2 * person + i / 3 + 1) + " " + i + "\n");
      }
      galleries[person % 2].append((2 * person + 1) + "," + person + "\n");
      probes.append((2 * person + 2) + "," + person + "\n");
      for (int other = 0; other < PEOPLE; other++) {
        templates.append(
            (2 * person + 1) + " " + (2 * other + 2) + " " + (person == other ? 1 : 0) + "\n");
      }
    }
    Files.writeString(shared.resolve("faces.csv"), faces);
    Files.writeString(shared.resolve("pairs.txt"), pairs);
    Files.writeString(shared.resolve("ijbc_face_tid_mid.txt"), members);
    Files.writeString(shared.resolve("templates.txt"), templates);
    Files.writeString(shared.resolve("g1.csv"), galleries[0]);
    Files.writeString(shared.resolve("g2.csv"), galleries[1]);
    Files.writeString(shared.resolve("probes.csv"), probes);
    for (int person = 0; person < 5; person++) {
      for (String image : people.get(person).subList(0, 2)) {
        Path copy = shared.resolve("gallery").resolve(image);
        Files.createDirectories(copy.getParent());
        Files.copy(shared.resolve("people").resolve(image), copy);
      }
    }
  }

  private Path dataset(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** The recipe's figures and the command's are made by the same code from the same numbers. */
  private static void assertSame(
      Map<String, Map<String, Metric>> expected, Map<String, Map<String, Metric>> found) {
    assertFalse(found.isEmpty());
    found.forEach(
        (protocol, metrics) -> {
          assertEquals(expected.get(protocol).keySet(), metrics.keySet(), protocol);
          metrics.forEach(
              (name, metric) -> {
                Metric other = expected.get(protocol).get(name);
                assertEquals(other.value(), metric.value(), 1e-5, protocol + "." + name);
                if (other.low() != null) {
                  assertEquals(other.low(), metric.low(), 1e-5, protocol + "." + name);
                  assertEquals(other.high(), metric.high(), 1e-5, protocol + "." + name);
                }
              });
        });
  }

  @Test
  void aRecipesProtocolsAreAllInItsMetricsAndOnItsPageWithIntervals() throws IOException {
    Map<String, Map<String, Metric>> found = ofRecipe();
    for (String name :
        List.of(
            "classification",
            "task.age",
            "pairs",
            "pairs.hat",
            "ijb-c",
            "ijb-c.identification",
            "ijb-c.identification.g1",
            "identification",
            "megaface-3_1",
            "megaface-3_2",
            "megaface-5_1",
            "megaface-3",
            "fewShot",
            "drawn.age",
            "drawn.expression",
            "drawn.hat")) {
      assertTrue(found.containsKey(name), name + " is missing in " + found.keySet());
    }
    requireIntervals(found);
    String page = Files.readString(run.resolve("report.html"));
    for (String text : List.of("Rank 1: identification", "3 people known by 1 image", "hat")) {
      assertTrue(page.contains(text), text);
    }
  }

  @Test
  void pairsOnTheCommandLineAreThoseOfTheRecipe() throws IOException {
    Path file = dataset("own.yaml", own(pairs()));
    assertSame(ofRecipe(), figures("evaluate", file.toString(), "--group-by", "hat"));
  }

  @Test
  void templatesOnTheCommandLineAreThoseOfTheRecipe() throws IOException {
    assertSame(ofRecipe(), figures("evaluate", dataset("ijb.yaml", own(ijb())).toString()));
  }

  @Test
  void aGalleryOnTheCommandLineIsThatOfTheRecipe() {
    Map<String, Map<String, Metric>> found =
        figures(
            "evaluate",
            shared.resolve("people").toString(),
            "--gallery",
            shared.resolve("gallery").toString());
    assertSame(ofRecipe(), found);
    assertNotNull(found.get("identification").get("fnir@fpir=1e-1").low());
  }

  @Test
  void megafaceOnTheCommandLineIsThatOfTheRecipeAndItsFilesAreReadBack() throws IOException {
    Map<String, Map<String, Metric>> found =
        figures(
            "megaface",
            shared.resolve("people").toString(),
            shared.resolve("strangers").toString(),
            "--lists",
            shared.resolve("lists").toString());
    assertSame(ofRecipe(), found);
    assertEquals(
        (found.get("megaface-3_1").get("rank1").value()
                + found.get("megaface-3_2").get("rank1").value())
            / 2,
        found.get("megaface-3").get("rank1").value(),
        1e-12);
    Metric strict = found.get("megaface-5_1").get("tar@far=1e-6");
    assertTrue(strict.note().startsWith("too few impostors"), strict.note());
    MegafaceResultFile kit =
        MegafaceResultFile.read(folder.resolve("result/cmc_people_megaface_protocols_5_2.json"));
    assertEquals(found.get("megaface-5_2").get("rank1").value(), kit.cmc().get(1).get(0), 1e-12);
  }

  @Test
  void noiseIsLeftOutReplacedOrZeroed() throws IOException {
    Path noises =
        Files.writeString(folder.resolve("noises.txt"), "# wrong\n" + people().get(0).get(0));
    long all = ofRecipe().get("megaface-5_1").get("rank1").trials();
    for (String cleaning : List.of("left-out", "replaced", "zeroed")) {
      Map<String, Map<String, Metric>> found =
          figures(
              "megaface",
              shared.resolve("people").toString(),
              shared.resolve("strangers").toString(),
              "--lists",
              shared.resolve("lists").toString(),
              "--cleaning",
              cleaning,
              "--probe-noises",
              noises.toString());
      assertEquals(
          all - (cleaning.equals("left-out") ? 2L * (IMAGES - 1) : 0),
          found.get("megaface-5_1").get("rank1").trials(),
          cleaning);
    }
  }

  @Test
  void episodesOnTheCommandLineAreThoseOfTheRecipe() {
    Map<String, Map<String, Metric>> found =
        figures(
            "evaluate",
            shared.resolve("people").toString(),
            "--few-shot",
            "3x1,4x2",
            "--queries",
            "2",
            "--episodes",
            "20");
    assertSame(ofRecipe(), found);
    Map<String, Metric> episodes = found.get("fewShot");
    assertEquals(3 * 2 * 20L, episodes.get("accuracy@3way1shot").trials());
    assertTrue(episodes.get("accuracy@4way2shot").note().contains("8 identities"));
    String few =
        refused(
            3,
            "evaluate",
            "--model",
            model().toString(),
            shared.resolve("people").toString(),
            "--few-shot",
            "9x1");
    assertTrue(few.contains("needs 9 identities of 6 images; 8 of 8 have them"), few);
    String wrong =
        refused(
            2,
            "evaluate",
            "--model",
            model().toString(),
            shared.resolve("people").toString(),
            "--few-shot",
            "5");
    assertTrue(wrong.contains("--few-shot: expected people x images"), wrong);
  }

  @Test
  void tasksAreComparedWithLabels() throws IOException {
    Path file = dataset("drawn.yaml", "source: " + labelled() + "\n");
    Map<String, Map<String, Metric>> found =
        figures("evaluate", file.toString(), "--set", "source.firstIdentity=400000");
    assertEquals(List.of("task.age", "task.expression", "task.hat"), List.copyOf(found.keySet()));
    Map<String, Metric> age = found.get("task.age");
    assertEquals(24, age.get("mae").trials());
    Map<String, Metric> expression = found.get("task.expression");
    for (String name : List.of("accuracy", "f1.macro", "balancedAccuracy")) {
      assertNotNull(expression.get(name).low(), name);
    }
    assertTrue(
        expression.keySet().stream().anyMatch(name -> name.startsWith("confusion@")),
        expression.keySet().toString());
    assertNotNull(age.get("cs@5").low());
    Map<String, Metric> hat = found.get("task.hat");
    assertEquals(
        1, hat.get("confusion@no=yes").value() + hat.get("confusion@no=no").value(), 1e-12);
    assertEquals(
        List.of("task.hat"),
        List.copyOf(figures("evaluate", file.toString(), "--tasks", "hat").keySet()));
    String unknown =
        refused(2, "evaluate", "--model", model().toString(), file.toString(), "--tasks", "weight");
    assertTrue(unknown.contains("the model has no task weight; it has age, expression"), unknown);
  }

  @Test
  void agesOfUtkFaceAndFoldersOfExpressionsAreLabels() throws IOException {
    List<List<String>> people = people();
    Path root = shared.resolve("people");
    for (int i = 0; i < IMAGES; i++) {
      Path age = folder.resolve("utk/" + (20 + 7 * i) + "_0_1_2017011600000" + i + ".jpg");
      Path face = folder.resolve("faces/" + (i % 2 == 0 ? "happy" : "neutral") + "/" + i + ".png");
      for (Path copy : List.of(age, face)) {
        Files.createDirectories(copy.getParent());
        Files.copy(root.resolve(people.get(i).get(0)), copy);
      }
    }
    Path utk =
        dataset("utk.yaml", "source: {type: utkface, folder: " + folder.resolve("utk") + "}\n");
    Map<String, Map<String, Metric>> ages = figures("evaluate", utk.toString());
    assertEquals(List.of("task.age"), List.copyOf(ages.keySet()));
    assertEquals((long) IMAGES, ages.get("task.age").get("cs@5").trials());
    Path expressions =
        dataset(
            "expressions.yaml",
            "source: {type: expression-folders, folder: " + folder.resolve("faces") + "}\n");
    Map<String, Metric> told = figures("evaluate", expressions.toString()).get("task.expression");
    assertEquals((long) IMAGES, told.get("accuracy").trials());
    double happy =
        told.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("confusion@happy="))
            .mapToDouble(entry -> entry.getValue().value())
            .sum();
    assertEquals(1, happy, 1e-12);
  }

  /** What another engine would give, but that it fails. */
  private record FailingEmbedder(Embedder other, int dimension, Supplier<float[]> fails)
      implements Embedder {
    @Override
    public Preprocessing preprocessing() {
      return other.preprocessing();
    }

    @Override
    public String fingerprint() {
      return other.fingerprint();
    }

    @Override
    public String engine() {
      return "a failing engine";
    }

    @Override
    public float[] embed(float[] images, int count) {
      return fails.get();
    }

    @Override
    public void close() {}
  }

  @Test
  void anEngineThatFailsIsToldInTheReportAndDoesNotEndTheEvaluation() {
    List<FaceSample> samples =
        new SyntheticConfig(200_000, 2, 2, 64, 0.5).open(new SeedStreams(5)).samples();
    TemplateComparison.Outcome outcome =
        new TemplateComparison.Outcome(
            "some", Optional.empty(), Optional.empty(), PoolingOptions.defaults());
    Map<String, FailingEmbedder> cases = new LinkedHashMap<>();
    try (FaceModel opened = FaceModel.load(model())) {
      Embedder whole = opened.embedder();
      cases.put(
          "IllegalStateException: no such operation.",
          new FailingEmbedder(
              whole,
              32,
              () -> {
                throw new IllegalStateException("no such operation\nand a long dump");
              }));
      cases.put(
          "OutOfMemoryError: physical memory.",
          new FailingEmbedder(
              whole,
              32,
              () -> {
                throw new OutOfMemoryError("physical memory");
              }));
      cases.put(
          "a failing engine gives embeddings of 7 numbers",
          new FailingEmbedder(whole, 7, () -> new float[7]));
      cases.forEach(
          (reason, failing) -> {
            EvaluationReport report =
                new EvaluationReport(
                    opened.descriptor(),
                    "title",
                    "images",
                    ProvenanceCollector.start("", 1, "none", 1, List.of()));
            assertEquals(
                Map.of(),
                report.engines(opened, failing, false, outcome, samples, new Crop.None()));
            List<String> notTested = report.data(MetricsFile.of(Map.of())).notTested();
            assertTrue(
                notTested.stream()
                    .anyMatch(line -> line.contains("not compared: ") && line.contains(reason)),
                notTested.toString());
          });
    }
  }

  @Test
  void figuresArePrintedEvenWhereTheirPdfIsNot() throws Exception {
    Path program = Files.writeString(folder.resolve("chromium"), "#!/bin/sh\nexit 9\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path said = folder.resolve("said.txt");
    String[] words = {
      "evaluate",
      dataset("pairs.yaml", own(pairs())).toString(),
      "--model",
      model().toString(),
      "--json",
      "--pdf",
      "--skip-engines",
      "--out",
      folder.resolve("printed").toString()
    };
    Process process =
        CommandLine.start(said, Map.of(PdfPrinter.VARIABLE, program.toString()), words);
    assertEquals(3, CommandLine.ended(process, said), () -> "see " + said);
    String text = Files.readString(said);
    int figures = text.indexOf("\"pairs\": {");
    assertTrue(figures >= 0 && figures < text.indexOf("ended with 9 and printed nothing"), text);
  }

  @Test
  void embeddingsAreComparedWithThoseOfTheOtherEngineUnlessToldNotTo() throws IOException {
    String source = dataset("pairs.yaml", own(pairs())).toString();
    for (String engine : List.of("onnx-runtime", "nd4j")) {
      Path result = folder.resolve(engine);
      String[] words = {
        "evaluate", source, "--model", model().toString(), "--engine", engine, "--out", "" + result
      };
      assertEquals(0, mien(out, err, words), err.toString(StandardCharsets.UTF_8));
      Map<String, Metric> engines =
          MetricsFile.read(result.resolve("metrics.json")).results().get("pairs.engines");
      // Two engines never round alike: a difference of nothing would be one engine twice.
      assertTrue(engines.get("largestDifference").value() > 0);
      assertTrue(engines.get("largestRelativeDifference").value() < 1e-4, engine);
      assertEquals(1, engines.get("smallestCosine").value(), 1e-6);
      assertEquals(48, engines.get("smallestCosine").trials());
      assertEquals(64, engines.get("flippedDecisions").trials());
      // The threshold lies right above an impostor's score: that pair alone may be tipped.
      assertTrue(engines.get("flippedDecisions").value() <= 1 / 64.0, engine);
      // Clopper and Pearson's bounds of none and of one of 64.
      boolean tipped = engines.get("flippedDecisions").value() > 0;
      assertEquals(tipped ? 0.0840 : 0.0560, engines.get("flippedDecisions").high(), 1e-4);
      String report = Files.readString(result.resolve("report.html"));
      assertTrue(report.contains("The same network on another engine"));
    }
    Path result = folder.resolve("skipped");
    String[] words = {
      "evaluate", source, "--model", model().toString(), "--skip-engines", "--out", "" + result
    };
    assertEquals(0, mien(out, err, words), err.toString(StandardCharsets.UTF_8));
    assertFalse(
        MetricsFile.read(result.resolve("metrics.json")).results().containsKey("pairs.engines"));
    assertTrue(
        Files.readString(result.resolve("report.html")).contains("not compared (--skip-engines)"));
    String refused =
        refused(2, "evaluate", source, "--model", model().toString(), "--skip-engines");
    assertTrue(refused.contains("--skip-engines: works only with --out"), refused);
  }

  @Test
  void anImageWithoutItsLabelIsNamedOrLeftOut() throws IOException {
    List<List<String>> people = people();
    StringBuilder table = new StringBuilder("file,identity,age\n");
    for (int i = 0; i < IMAGES; i++) {
      table.append(people.get(0).get(i) + ",a," + (i == 3 ? "" : 20 + i) + "\n");
    }
    Path csv = Files.writeString(folder.resolve("ages.csv"), table);
    Path file =
        dataset(
            "ages.yaml",
            "source: {type: list, file: " + csv + ", root: " + shared.resolve("people") + "}\n");
    String missing = refused(3, "evaluate", "--model", model().toString(), file.toString());
    assertTrue(missing.contains("image 4 of 6 (" + people.get(0).get(3) + ")"), missing);
    assertTrue(missing.contains("no attribute age"), missing);
    Map<String, Map<String, Metric>> found =
        figures("evaluate", file.toString(), "--leave-out-unlabelled");
    assertEquals(5, found.get("task.age").get("mae").trials());
    assertTrue(
        out.toString(StandardCharsets.UTF_8).contains("1 images without age"),
        "what was left out is told");
    Files.writeString(csv, table.toString().replace(",a,20", ",a,old"));
    String wrong = refused(3, "evaluate", "--model", model().toString(), file.toString());
    assertTrue(wrong.contains("image 1") && wrong.contains("expected an age in years"), wrong);
    Files.writeString(csv, table.toString().replace("age", "shoe"));
    String none =
        refused(3, "evaluate", "--model", model().toString(), file.toString(), "--tasks", "hat");
    assertTrue(none.contains("has no attribute occluded"), none);
  }

  @Test
  void peopleWhoWereTrainedOnCanBeLeftOut() throws IOException {
    Path file =
        dataset(
            "half.yaml",
            "source: {type: synthetic, firstIdentity: 100005, identities: 10, imagesPerIdentity: 4,"
                + " sizePixels: 64}\n");
    String[] words = {"evaluate", file.toString(), "--few-shot", "3x1", "--queries", "2"};
    Map<String, Map<String, Metric>> all = figures(words);
    assertTrue(all.get("fewShot").get("accuracy@3way1shot").note().contains("10 identities"));
    String[] further = Arrays.copyOf(words, words.length + 1);
    further[words.length] = "--leave-out-trained";
    Map<String, Map<String, Metric>> strangers = figures(further);
    assertTrue(strangers.get("fewShot").get("accuracy@3way1shot").note().contains("5 identities"));
    assertTrue(
        out.toString(StandardCharsets.UTF_8).contains("20 images of 5 people"),
        "what was left out is told");
  }

  @Test
  void probesWhoWereTrainedOnCanBeLeftOutOfMegaface() throws IOException {
    Path probes =
        dataset(
            "half.yaml",
            "source: {type: synthetic, firstIdentity: 100005, identities: 10, imagesPerIdentity: 4,"
                + " sizePixels: 64}\n");
    String strangers = shared.resolve("strangers").toString();
    Path lists = folder.resolve("lists");
    assertEquals(
        0,
        mien(
            out,
            err,
            "data",
            "megaface",
            probes.toString(),
            strangers,
            "--sizes",
            "6",
            "--out",
            lists.toString()));
    String[] words = {"megaface", probes.toString(), strangers, "--lists", lists.toString()};
    assertEquals(10 * 4 * 3L, figures(words).get("megaface-6_1").get("rank1").trials());
    String[] further = Arrays.copyOf(words, words.length + 1);
    further[words.length] = "--leave-out-trained";
    assertEquals(5 * 4 * 3L, figures(further).get("megaface-6_1").get("rank1").trials());
    assertTrue(
        out.toString(StandardCharsets.UTF_8).contains("20 images of 5 people among the probes"),
        "what was left out is told");
  }

  @Test
  void optionsThatWouldBeIgnoredAreRefused() throws IOException {
    String people = shared.resolve("people").toString();
    String model = model().toString();
    Path own = dataset("own.yaml", own(pairs()));
    String[][] cases = {
      {"--fusion: works only with --gallery", own.toString(), "--fusion", "maximum"},
      {"--pooling: works only with IJB", own.toString(), "--pooling", "no-norm"},
      {"--queries: works only with --few-shot", people, "--queries", "3"},
      {"expected one", people, "--few-shot", "3x1", "--gallery", people},
      {"--group-by: works only with", people, "--few-shot", "3x1", "--group-by", "hat"},
      {"--leave-out-trained: works only with", own.toString(), "--leave-out-trained"},
    };
    for (String[] one : cases) {
      List<String> words = new ArrayList<>(List.of("evaluate", "--model", model));
      words.addAll(Arrays.asList(one).subList(1, one.length));
      String message = refused(2, words.toArray(String[]::new));
      assertTrue(message.contains(one[0]), message);
    }
  }

  @Test
  void badPairsAreToldWithFileAndRow() throws IOException {
    String text = Files.readString(shared.resolve("pairs.txt"));
    List<String> lines = text.lines().toList();
    List<List<String>> people = people();
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put(
        text.replaceFirst(people.get(0).get(1), people.get(0).get(1) + "x"),
        ": " + folder.resolve("bad.txt") + ":1: names " + people.get(0).get(1) + "x");
    cases.put(
        String.join("\n", lines.stream().filter(line -> line.contains(" 1 ")).toList()),
        ": " + folder.resolve("bad.txt") + ": has 48 genuine and 0 impostor pairs");
    cases.put(text.replaceAll("(?m) 1$", " 2"), "has no pair of fold 1");
    cases.put(
        String.join("\n", lines.stream().filter(line -> !line.endsWith(" 1 1")).toList()),
        "fold 1 (of 0 to 1) has 0 genuine and 24 impostor pairs");
    cases.put(text.replaceFirst(" 1 0\n", " 7 0\n").replaceFirst("^", "a b 1 0\n"), "bad.txt:2");
    for (Map.Entry<String, String> one : cases.entrySet()) {
      Path bad = Files.writeString(folder.resolve("bad.txt"), one.getKey());
      Path file =
          dataset(
              "bad.yaml",
              own(pairs().replace(shared.resolve("pairs.txt").toString(), bad.toString())));
      String message = refused(3, "evaluate", "--model", model().toString(), file.toString());
      assertTrue(message.contains(one.getValue()), message);
      assertTrue(message.contains("bad.txt"), message);
    }
  }

  @Test
  void badEmbeddingsAreToldWithFileAndRow() throws IOException {
    float[] values = new float[3 * 32];
    Arrays.fill(values, 1);
    String probe = shared.resolve("people").resolve(people().get(0).get(0)).toString();
    for (String kind : List.of("NaN", "zeros", "dimension")) {
      float[] bad = values.clone();
      if (kind.equals("NaN")) {
        bad[32 + 5] = Float.NaN;
      } else if (kind.equals("zeros")) {
        Arrays.fill(bad, 64, 96, 0);
      }
      int dimension = kind.equals("dimension") ? 16 : 32;
      int rows = bad.length / dimension;
      Path file = folder.resolve("gallery.npy");
      List<String> keys = IntStream.range(0, rows).mapToObj(i -> "k" + i).toList();
      EmbeddingFile.write(file, new EmbeddingMatrix(keys, keys, dimension, bad));
      String message =
          refused(
              kind.equals("dimension") ? 2 : 3,
              "identify",
              "--model",
              model().toString(),
              "--gallery",
              file.toString(),
              probe);
      String expected =
          kind.equals("NaN")
              ? "row 2, k1"
              : kind.equals("zeros") ? "row 3, k2" : "holds embeddings of 16";
      assertTrue(message.contains(expected), message);
      assertTrue(message.contains("gallery.npy"), message);
    }
  }

  @Test
  void mistakesInARecipesProtocolsAreToldBeforeAnythingIsTrained() throws IOException {
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put(
        recipe().replace("name: identification", "name: pairs"), "the name pairs comes twice");
    cases.put(recipe().replace("name: identification", "name: heldOut"), "figures that every run");
    cases.put(recipe().replace("type: templates", "type: pairs"), "use type: templates");
    cases.put(
        recipe().replace("groupBy: [hat]", "groupBy: [coat]"),
        "no image has the attribute coat; they have hat");
    cases.put(
        recipe().replace("settings: [3x1, 4x2]", "settings: [9x1]"), "needs 9 identities of 3");
    cases.put(
        recipe().replace("type: labels,", "type: labels, tasks: [weight],"), "the recipe has age");
    cases.put(
        recipe().replace("type: megaface,", "type: megaface, cleaning: zeroed,"), "probeNoises");
    for (Map.Entry<String, String> one : cases.entrySet()) {
      Path file = Files.writeString(folder.resolve("recipe.yaml"), one.getKey());
      int code =
          mien(out, err, "train", file.toString(), "--runs", folder.resolve("runs").toString());
      String message = err.toString(StandardCharsets.UTF_8);
      assertTrue(code == 2 || code == 3, code + message);
      assertTrue(message.contains(one.getValue()), message);
      assertFalse(message.contains("epoch"), message);
    }
  }
}
