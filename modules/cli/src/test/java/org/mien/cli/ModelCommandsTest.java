package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.embedding.EmbeddingFile;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.ContactSheet;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.SyntheticConfig;
import org.mien.eval.comparison.ScoreFile;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;

/** What is done with a trained model, on drawn faces. */
final class ModelCommandsTest {
  private static final int IMAGES = 5;
  private static final String RECIPE =
      """
      name: drawn
      seed: 3
      data:
        source: {type: synthetic, firstIdentity: 100000, identities: 16, imagesPerIdentity: 8, sizePixels: 64}
        split: {verificationIdentities: 0.4, testEvery: 4}
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 32}
      training: {epochs: 2, batchSize: 8}
      evaluation: {genuinePairs: 100, impostorPairs: 100, bootstrapReplicates: 100, map: pca}
      export: [dl4j]
      """;

  @TempDir private static Path shared;
  private static Path trained;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;
  private Path model;

  private static int mien(
      ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
    out.reset();
    err.reset();
    return CommandLine.run(out, err, arguments);
  }

  private String mien(String... arguments) {
    int code = mien(out, err, arguments);
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String refused(String... arguments) {
    assertEquals(2, mien(out, err, arguments));
    return err.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @BeforeAll
  static void trainOnDrawnFacesAndDrawOthers() throws IOException {
    Path recipe = Files.writeString(shared.resolve("drawn.yaml"), RECIPE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        mien(out, err, "train", recipe.toString(), "--runs", shared.resolve("runs").toString());
    assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
    try (var runs = Files.list(shared.resolve("runs"))) {
      trained =
          runs.filter(run -> Files.exists(run.resolve("model/model.zip")))
              .findFirst()
              .orElseThrow();
    }
    draw(200_000, 8, IMAGES, shared.resolve("people"));
    draw(300_000, 6, 1, shared.resolve("strangers"));
  }

  private static void draw(int first, int people, int images, Path target) {
    for (FaceSample sample :
        new SyntheticConfig(first, people, images, 64, 0.5).open(new SeedStreams(5)).samples()) {
      Path file = target.resolve(sample.identity()).resolve(sample.key().replaceAll("\\W+", "-"));
      ContactSheet.writePng(sample.image().decode(), Path.of(file + ".png"));
    }
  }

  @BeforeEach
  void copyTheModel() throws IOException {
    model = Files.copy(trained.resolve("model/model.zip"), folder.resolve("model.zip"));
  }

  private static List<Path> imagesOf(int person) throws IOException {
    try (var people = Files.list(shared.resolve("people"))) {
      try (var images = Files.list(people.sorted().skip(person).findFirst().orElseThrow())) {
        return images.sorted().toList();
      }
    }
  }

  @Test
  void embeddingsOfAFolderAreAnArrayWithKeys() {
    Path file = folder.resolve("faces.npy");
    mien(
        "embed",
        "--model",
        model.toString(),
        shared.resolve("people").toString(),
        "--out",
        file.toString(),
        "--normalize");
    EmbeddingMatrix read = EmbeddingFile.read(file);
    assertEquals(8 * IMAGES, read.rows());
    assertEquals(32, read.dimension());
    assertEquals(1, read.cosine(0, 0), 1e-6);
    double squares = 0;
    for (float value : read.row(7)) {
      squares += value * value;
    }
    assertEquals(1, squares, 1e-5);
  }

  @Test
  void aThresholdIsStoredAndDecidesAndSaysHowSureItIs() throws IOException {
    List<Path> first = imagesOf(0);
    String[] twoImages = {
      "verify", "--model", model.toString(), first.get(0).toString(), first.get(0).toString()
    };
    assertTrue(mien(twoImages).contains("no decision: the model has no threshold"));
    String statement =
        mien(
            "calibrate",
            "--model",
            model.toString(),
            shared.resolve("people").toString(),
            "--target-fmr",
            "0.05",
            "--genuine-pairs",
            "60",
            "--impostor-pairs",
            "300");
    assertTrue(statement.contains("for an FMR of 5e-2"), statement);
    JsonNode same =
        json(
            mien(
                "verify",
                "--json",
                "--prior",
                "0.01",
                "--model",
                model.toString(),
                first.get(0).toString(),
                first.get(0).toString()));
    assertEquals(1, same.get("similarity").asDouble(), 1e-5);
    assertTrue(same.get("same").asBoolean());
    assertEquals(0.01, same.get("prior").asDouble());
    JsonNode other =
        json(
            mien(
                "verify",
                "--json",
                "--model",
                model.toString(),
                first.get(0).toString(),
                imagesOf(1).get(0).toString()));
    assertTrue(
        other.get("probabilitySame").asDouble() < same.get("probabilitySame").asDouble(),
        other + " " + same);
    // Only the descriptor changed: the vectors are the ones of before.
    assertTrue(mien("models", "info", model.toString()).contains("threshold"));
  }

  @Test
  void aTargetThatThePairsCannotSupportIsRefusedAndTheModelLeftAlone() throws IOException {
    byte[] before = Files.readAllBytes(model);
    String message =
        refused(
            "calibrate",
            "--model",
            model.toString(),
            shared.resolve("people").toString(),
            "--target-fmr",
            "1e-6");
    assertTrue(message.contains("rule of 3"), message);
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(model)));
  }

  @Test
  void whoeverIsInTheGalleryIsFoundThere() throws IOException {
    Path probe = imagesOf(3).get(2);
    JsonNode found =
        json(
            mien(
                "identify",
                "--json",
                "--threshold",
                "0.9",
                "--matches",
                "2",
                "--model",
                model.toString(),
                "--gallery",
                shared.resolve("people").toString(),
                probe.toString()));
    JsonNode matches = found.get(0).get("matches");
    assertEquals(2, matches.size());
    assertEquals(
        probe.getParent().getFileName().toString(), matches.get(0).get("identity").asText());
    assertEquals(1, matches.get(0).get("similarity").asDouble(), 1e-5);
    assertTrue(matches.get(0).get("same").asBoolean());
  }

  private Path galleryOfPeople() {
    Path gallery = folder.resolve("gallery.npy");
    mien(
        "embed",
        "--model",
        model.toString(),
        shared.resolve("people").toString(),
        "--out",
        gallery.toString());
    return gallery;
  }

  private String[] identify(Path gallery, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("identify", "--model", model.toString(), "--gallery", gallery.toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void anIndexFindsWhatTheExactSearchFindsAndSaysHowOftenItDoes() throws IOException {
    Path gallery = galleryOfPeople();
    JsonNode built = json(mien("index", "--json", "--ef-search", "50", gallery.toString()));
    assertEquals(8 * IMAGES, built.get("rows").asInt());
    assertEquals(50, built.get("efSearch").asInt());
    assertEquals(4, built.at("/recall/probes").asInt());
    assertEquals(1, built.at("/recall/at1/value").asDouble());
    assertTrue(built.at("/recall/at1/low").asDouble() < 0.5);
    assertTrue(Files.isRegularFile(folder.resolve("gallery.hnsw")));

    String probe = imagesOf(3).get(2).toString();
    JsonNode exact = json(mien(identify(gallery, "--json", probe))).get(0);
    JsonNode approximate =
        json(mien(identify(gallery, "--search", "approximate", "--json", probe))).get(0);
    assertEquals("exact", exact.get("search").asText());
    assertFalse(exact.has("recall"));
    assertEquals("approximate", approximate.get("search").asText());
    assertEquals(built.get("recall"), approximate.get("recall"));
    assertEquals(5, approximate.get("matches").size());
    for (int place = 0; place < 5; place++) {
      JsonNode one = exact.get("matches").get(place);
      JsonNode other = approximate.get("matches").get(place);
      assertEquals(one.get("key"), other.get("key"));
      assertEquals(one.get("similarity").asDouble(), other.get("similarity").asDouble(), 3e-7);
    }
    String said = mien(identify(gallery, "--search", "approximate", probe));
    assertTrue(said.contains("approximate search; of what the exact search finds"), said);
    assertTrue(said.contains("(4 rows of the gallery held out)"), said);
    assertTrue(mien(identify(gallery, probe)).contains("exact search"));
    String wrote = mien("index", "--seed", "9", gallery.toString());
    assertTrue(wrote.contains("ef-search 200, seed 9; built in"), wrote);
  }

  @Test
  void namesOnStandardInputAreAnsweredOneByOneAndABadOneDoesNotEndTheOthers() throws IOException {
    Path gallery = galleryOfPeople();
    mien("index", gallery.toString());
    String first = imagesOf(1).get(0).toString();
    String second = imagesOf(2).get(0).toString();
    String names = first + "\nno-such.png\n\nno\0name\n" + second + "\n";
    String answers =
        answers(names, identify(gallery, "--search", "approximate", "--threshold", "0.99", "-"));
    for (String probe : List.of(first, second)) {
      assertTrue(answers.contains(probe + ": " + personOf(probe)), answers);
    }
    assertTrue(answers.contains("\nno-such.png: error no-such.png: "), answers);
    assertTrue(answers.contains("\nno\0name: error "), answers);
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("approximate search"), said);

    List<String> lines = answers(names, identify(gallery, "--json", "-")).lines().toList();
    assertEquals(4, lines.size(), lines.toString());
    List<JsonNode> objects = new ArrayList<>();
    for (String line : lines) {
      objects.add(json(line));
    }
    assertEquals(first, objects.get(0).get("probe").asText());
    assertEquals(personOf(first), objects.get(0).at("/matches/0/identity").asText());
    assertEquals("no-such.png", objects.get(1).get("probe").asText());
    assertTrue(objects.get(1).get("error").asText().startsWith("no-such.png: "), lines.get(1));
    assertEquals(List.of("probe", "error"), keys(objects.get(1)));
    assertEquals("no\0name", objects.get(2).get("probe").asText());
    assertTrue(objects.get(2).has("error"), lines.get(2));
    assertEquals(second, objects.get(3).get("probe").asText());
  }

  private static String personOf(String image) {
    return Path.of(image).getParent().getFileName().toString();
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Returns what is said on standard output of names on standard input, some of which fail. */
  private String answers(String names, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(names.getBytes(StandardCharsets.UTF_8)));
    try {
      assertEquals(3, mien(out, err, arguments), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anIndexThatIsMissingStaleOrCutIsRefusedWithItsName() throws IOException {
    Path gallery = galleryOfPeople();
    Path index = folder.resolve("gallery.hnsw");
    String probe = imagesOf(0).get(0).toString();
    String[] search = identify(gallery, "--search", "approximate", probe);
    assertEquals(3, mien(out, err, search));
    String missing = err.toString(StandardCharsets.UTF_8);
    assertTrue(missing.contains(index + ": no such file; mien index makes it"), missing);

    mien("index", gallery.toString());
    byte[] whole = Files.readAllBytes(index);
    Files.write(index, Arrays.copyOf(whole, whole.length - 100));
    assertEquals(3, mien(out, err, search));
    String cut = err.toString(StandardCharsets.UTF_8);
    assertTrue(cut.contains(index + ": the index is damaged"), cut);

    Files.write(index, whole);
    EmbeddingMatrix known = EmbeddingFile.read(gallery);
    known.values()[0] += 0.01f;
    EmbeddingFile.write(gallery, known);
    assertEquals(3, mien(out, err, search));
    String stale = err.toString(StandardCharsets.UTF_8);
    assertTrue(stale.contains("other embeddings than the gallery's"), stale);

    known.values()[3 * known.dimension()] = Float.NaN;
    EmbeddingFile.write(gallery, known);
    assertEquals(3, mien(out, err, "index", gallery.toString()));
    String bad = err.toString(StandardCharsets.UTF_8);
    assertTrue(bad.contains(gallery + ": the embedding of row 4, "), bad);
  }

  @Test
  void whatCannotBeIndexedIsRefused() throws IOException {
    String people = shared.resolve("people").toString();
    String probe = imagesOf(0).get(0).toString();
    assertTrue(refused("index", people).contains("expected a gallery NAME.npy"));
    assertTrue(refused("index", "g.npy", "--m", "1").contains("--m: expected 2 to 128, was 1"));
    assertTrue(
        refused("index", "g.npy", "--ef-construction", "15")
            .contains("--ef-construction: expected 16 to 10000, was 15"));
    assertTrue(
        refused(identify(Path.of(people), "--search", "approximate", probe))
            .contains("--search approximate: expected --gallery NAME.npy"));
    assertTrue(refused(identify(Path.of(people), "--search", "rough", probe)).contains("--search"));
    assertTrue(refused(identify(Path.of(people), "-", probe)).contains("expected - alone"));
  }

  /** In a process of its own, for the tests have loaded nearly everything. */
  @Test
  void withoutTheOptionNothingOfTheIndexsLibraryIsLoaded() throws Exception {
    Path gallery = galleryOfPeople();
    mien("index", gallery.toString());
    String probe = imagesOf(0).get(0).toString();
    assertEquals(0, luceneClasses(identify(gallery, probe)));
    assertTrue(luceneClasses(identify(gallery, "--search", "approximate", probe)) > 5);
  }

  private long luceneClasses(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Xlog:class+load",
                "-Dmien.home=" + System.getProperty("mien.home"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("classes.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, process.waitFor(), () -> "see " + log);
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(" org.apache.lucene.")).count();
    }
  }

  @Test
  void probesAmongDistractorsLeaveFiguresPageCurvesAndTheKitsFiles() {
    String people = shared.resolve("people").toString();
    String strangers = shared.resolve("strangers").toString();
    Path lists = folder.resolve("lists");
    mien("data", "megaface", people, strangers, "--sizes", "2,6", "--out", lists.toString());
    Path result = folder.resolve("result");
    mien(
        "megaface",
        "--model",
        model.toString(),
        people,
        strangers,
        "--lists",
        lists.toString(),
        "--out",
        result.toString());
    Map<String, Map<String, Metric>> figures =
        MetricsFile.read(result.resolve("metrics.json")).results();
    assertEquals(List.of("megaface-2_1", "megaface-6_1"), List.copyOf(figures.keySet()));
    double few = figures.get("megaface-2_1").get("rank1").value();
    double more = figures.get("megaface-6_1").get("rank1").value();
    assertTrue(few >= more && more > 0.3, few + " and " + more);
    assertEquals(8 * IMAGES * (IMAGES - 1), figures.get("megaface-6_1").get("rank1").trials());
    for (String file :
        List.of(
            "report.html", "curves/megaface-6-1-cmc.csv", "cmc_people_megaface_drawn_6_1.json")) {
      assertTrue(Files.isRegularFile(result.resolve(file)), file);
    }
  }

  @Test
  void facesTakenForEachOtherAmongDistractorsAreShownIfAsked() throws IOException {
    String people = shared.resolve("people").toString();
    String strangers = shared.resolve("strangers").toString();
    Path lists = folder.resolve("lists");
    mien("data", "megaface", people, strangers, "--sizes", "6", "--out", lists.toString());
    Path result = folder.resolve("result");
    List<String> command =
        new ArrayList<>(List.of("megaface", "--model", model.toString(), people, strangers));
    command.addAll(List.of("--lists", lists.toString(), "--out", result.toString()));
    mien(command.toArray(new String[0]));
    String page = Files.readString(result.resolve("report.html"));
    assertFalse(page.contains("<img"), "no picture of a face");
    assertTrue(page.contains("--thumbnails 10 lists the worst"), "says how to get them");
    command.addAll(List.of("--thumbnails", "1"));
    mien(command.toArray(new String[0]));
    page = Files.readString(result.resolve("report.html"));
    assertTrue(page.contains("<img src=\"data:image/jpeg;base64,"), "pictures");
    assertTrue(page.contains("Worst errors: megaface-6_1"), "the section");
    command.addAll(List.of("--map", "pca"));
    assertTrue(refused(command.toArray(new String[0])).contains("--map:"));
  }

  @Test
  void aDataSetWithPairsIsEvaluatedAndSplitByAnAttribute() throws IOException {
    StringBuilder pairs = new StringBuilder();
    StringBuilder list = new StringBuilder("file,identity,hat\n");
    Path people = shared.resolve("people");
    for (int person = 0; person < 8; person++) {
      List<Path> own = imagesOf(person);
      List<Path> next = imagesOf((person + 1) % 8);
      for (int i = 0; i < IMAGES; i++) {
        list.append(
            String.format(
                "%s,%s,%s%n",
                people.relativize(own.get(i)),
                own.get(i).getParent().getFileName(),
                person < 4 ? "yes" : "no"));
        pairs.append(
            String.format(
                "%s %s 1%n%s %s 0%n",
                people.relativize(own.get(i)),
                people.relativize(own.get((i + 1) % IMAGES)),
                people.relativize(own.get(i)),
                people.relativize(next.get(i))));
      }
    }
    Files.writeString(folder.resolve("pairs.txt"), pairs);
    Files.writeString(folder.resolve("faces.csv"), list);
    Path dataset =
        Files.writeString(
            folder.resolve("own.yaml"),
            "source: {type: list, file: "
                + folder.resolve("faces.csv")
                + ", root: "
                + people
                + "}\nprotocol: {type: pairs, file: "
                + folder.resolve("pairs.txt")
                + "}\n");
    Path result = folder.resolve("result");
    mien(
        "evaluate",
        "--model",
        model.toString(),
        dataset.toString(),
        "--group-by",
        "hat",
        "--out",
        result.toString());
    Map<String, Map<String, Metric>> figures =
        MetricsFile.read(result.resolve("metrics.json")).results();
    assertEquals(List.of("pairs", "pairs.hat", "pairs.engines"), List.copyOf(figures.keySet()));
    assertTrue(figures.get("pairs").get("auc").value() > 0.6, figures.get("pairs").toString());
    assertTrue(
        figures.get("pairs.hat").keySet().stream().anyMatch(name -> name.contains("hat=yes")),
        figures.get("pairs.hat").keySet().toString());
    String page = Files.readString(result.resolve("report.html"));
    assertTrue(page.contains("hat"), "the page splits by hat");
    String unknown =
        refused("evaluate", "--model", model.toString(), dataset.toString(), "--group-by", "coat");
    assertTrue(unknown.contains("they have hat"), unknown);
    String noProtocol = refused("evaluate", "--model", model.toString(), people.toString());
    assertTrue(noProtocol.contains("names no protocol"), noProtocol);
  }

  @Test
  void probesAreLookedForInAGallery() {
    Path result = folder.resolve("result");
    mien(
        "evaluate",
        "--model",
        model.toString(),
        shared.resolve("people").toString(),
        "--gallery",
        shared.resolve("people").toString(),
        "--out",
        result.toString());
    Map<String, Metric> found =
        MetricsFile.read(result.resolve("metrics.json")).results().get("identification");
    assertTrue(found.get("rank1").value() > 0.5, found.toString());
    assertTrue(Files.isRegularFile(result.resolve("report.html")));
  }

  /** Pairs of the people in a folder, in two folds that share nobody. */
  private Path ownPairs(Path people) throws IOException {
    StringBuilder pairs = new StringBuilder();
    StringBuilder list = new StringBuilder("file,identity\n");
    for (int person = 0; person < 8; person++) {
      List<Path> own = imagesOf(person);
      List<Path> next = imagesOf((person + 1) % 8);
      for (int i = 0; i < IMAGES; i++) {
        Path root = shared.resolve("people");
        list.append(root.relativize(own.get(i)))
            .append(',')
            .append(own.get(i).getParent().getFileName())
            .append('\n');
        pairs.append(
            String.format(
                "%s %s 1%n%s %s 0%n",
                root.relativize(own.get(i)),
                root.relativize(own.get((i + 1) % IMAGES)),
                root.relativize(own.get(i)),
                root.relativize(next.get(i))));
      }
    }
    Files.writeString(folder.resolve("pairs.txt"), pairs);
    Files.writeString(folder.resolve("faces.csv"), list);
    return Files.writeString(
        folder.resolve("own.yaml"),
        "source: {type: list, file: "
            + folder.resolve("faces.csv")
            + ", root: "
            + people
            + "}\nprotocol: {type: pairs, file: "
            + folder.resolve("pairs.txt")
            + "}\n");
  }

  private Path evaluated(Path dataset, String name, String... more) {
    Path result = folder.resolve(name);
    List<String> words =
        new ArrayList<>(List.of("evaluate", "--model", model.toString(), dataset.toString()));
    words.addAll(List.of("--out", result.toString()));
    words.addAll(List.of(more));
    mien(words.toArray(new String[0]));
    return result;
  }

  @Test
  void facesAreInAReportOnlyIfTheyAreAskedFor() throws IOException {
    // An image under the wrong name, so that there are errors to be shown.
    Path copy = copyOfPeople();
    Path wrongly = copy.resolve(shared.resolve("people").relativize(imagesOf(0).get(0)).toString());
    Files.write(wrongly, Files.readAllBytes(imagesOf(1).get(0)));
    Path dataset = ownPairs(copy);
    String usual = Files.readString(evaluated(dataset, "usual").resolve("report.html"));
    assertFalse(usual.contains("<img"), "no picture of a face");
    assertFalse(usual.contains("data:image"), "no picture of a face");
    assertTrue(usual.contains("--thumbnails 10 of mien evaluate"), "says how to get them");
    assertFalse(Files.readString(trained.resolve("report.html")).contains("<img"));
    Path asked = evaluated(dataset, "asked", "--thumbnails", "2", "--map", "tsne");
    String page = Files.readString(asked.resolve("report.html"));
    int pictures = page.split("<img src=\"data:image/jpeg;base64,", -1).length - 1;
    assertTrue(pictures >= 2 && pictures <= 8, pictures + " pictures");
    assertTrue(page.contains("biometric personal data"), "a note on privacy");
    assertTrue(page.contains("t-SNE keeps neighbours together"), "the map");
    String[] command = {"evaluate", "--model", model.toString(), dataset.toString()};
    for (String[] wrong :
        new String[][] {
          {"--thumbnails", "2"},
          {"--map", "umap", "--out", folder.resolve("x").toString()},
          {"--thumbnails", "51", "--out", folder.resolve("x").toString()}
        }) {
      String[] all = Arrays.copyOf(command, command.length + wrong.length);
      System.arraycopy(wrong, 0, all, command.length, wrong.length);
      String message = refused(all);
      assertTrue(message.contains(wrong[0] + ":"), message);
    }
  }

  @Test
  void aTrainingRunTellsSpeedFailuresOverlapAndWhatItsHeadIsWorth() throws IOException {
    String page = Files.readString(trained.resolve("report.html"));
    for (String heading :
        List.of(
            "Speed and size",
            "Failures to acquire",
            "People trained on and tested",
            "The trained model against Without the trained head",
            "Map of embeddings",
            "Worst errors: People who were not trained on",
            "Reliability")) {
      assertTrue(page.contains(heading), heading);
    }
    Map<String, Metric> heldOut =
        MetricsFile.read(trained.resolve("metrics.json")).results().get("heldOut");
    assertTrue(heldOut.get("cllr").value() >= heldOut.get("cllr.min").value() - 0.01);
    assertEquals(
        heldOut.get("accuracy").trials(),
        ScoreFile.read(trained.resolve("scores/heldOut.csv.gz")).size());
  }

  @Test
  void runsOnTheSamePairsArePairedAndOthersAreSaidNotToBe() throws IOException {
    Path dataset = ownPairs(shared.resolve("people"));
    Path first = evaluated(dataset, "first");
    Path second = evaluated(dataset, "second", "--average-flip");
    Path without = evaluated(dataset, "without", "--scores", "none");
    assertTrue(Files.isRegularFile(first.resolve("scores/pairs.csv.gz")));
    assertFalse(Files.exists(without.resolve("scores")));
    Path page = folder.resolve("side.html");
    String told =
        mien("report", first.toString(), second.toString(), without.toString(), "--out", page + "");
    assertTrue(told.contains("Pairs of own, B minus A"), told);
    assertTrue(told.contains("C keeps no scores of single pairs"), told);
    String html = Files.readString(page);
    assertTrue(html.contains("Paired: Pairs of own"), "a section of the paired figures");
    assertTrue(html.contains("Both right"), "the table of decisions");
    assertTrue(html.contains("ROC, Pairs of own"), "the curves in one figure");
  }

  @Test
  void pairsWhoseImagesCannotBeReadAreLeftOutAndCountedIfAsked() throws IOException {
    Path copy = copyOfPeople();
    Path broken = copy.resolve(shared.resolve("people").relativize(imagesOf(0).get(0)).toString());
    Files.writeString(broken, "no image");
    Path dataset = ownPairs(copy);
    Path result = evaluated(dataset, "result", "--leave-out-failures");
    String warned = err.toString(StandardCharsets.UTF_8);
    assertTrue(warned.contains("left out 1 images"), warned);
    long pairs =
        MetricsFile.read(result.resolve("metrics.json")).results().get("pairs").get("auc").trials();
    // Two genuine pairs, one of this person's impostor pairs and one of the person before.
    assertEquals(8 * IMAGES * 2 - 4, pairs);
    String page = Files.readString(result.resolve("report.html"));
    assertTrue(page.contains("4 of 80 pairs were left out"), "the page tells");
    assertEquals(3, mien(out, err, "evaluate", "--model", model.toString(), dataset.toString()));
  }

  private Path copyOfPeople() throws IOException {
    Path copy = folder.resolve("people");
    try (var files = Files.walk(shared.resolve("people"))) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(shared.resolve("people").relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return copy;
  }
}
