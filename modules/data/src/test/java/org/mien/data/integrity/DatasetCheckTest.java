package org.mien.data.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.data.source.FolderConfig;

final class DatasetCheckTest {
  private static final CheckOptions OPTIONS = CheckOptions.defaults(2);

  @TempDir Path root;

  @Test
  void distinctPicturesAreClean() {
    for (int i = 0; i < 12; i++) {
      picture("train/Person_" + i % 4 + "/" + i + ".png", i);
    }

    CheckReport report = check(OPTIONS, set("train", SetRole.TRAIN));

    assertEquals(List.of(), report.findings());
    assertTrue(report.clean());
    assertTrue(report.complete());
    assertEquals(
        List.of(new CheckReport.SetCounts("train", SetRole.TRAIN, 12, 4, 12, 0, 0)), report.sets());
  }

  @Test
  void damagedFilesAreListedWithTheirReasonsAndMayLeaveAnIdentityEmpty() {
    picture("set/A/1.png", 1);
    byte[] jpeg = Drawings.jpeg(Drawings.blobs(80, 80, 2), 0.9);
    write("set/A/cut.jpg", Arrays.copyOf(jpeg, jpeg.length / 2));
    write("set/B/text.jpg", "not an image".getBytes(StandardCharsets.UTF_8));
    write("set/B/empty.png", new byte[0]);
    write("set/C/notes.txt", new byte[3]);

    CheckReport report = check(OPTIONS, set("set", SetRole.TRAIN));

    Finding unreadable = only(report, FindingKind.UNREADABLE_IMAGE);
    assertEquals(3, unreadable.total());
    assertEquals(Severity.ERROR, unreadable.severity());
    assertEquals(
        List.of("A/cut.jpg", "B/empty.png", "B/text.jpg"),
        unreadable.examples().stream().map(each -> each.keys().get(0)).toList());
    assertTrue(
        unreadable.examples().get(0).detail().startsWith("is a truncated JPEG"),
        unreadable.examples().get(0).detail());
    assertTrue(unreadable.message().contains("1 x is a truncated JPEG: it stops after N bytes"));
    assertEquals(
        List.of("B", "C"),
        only(report, FindingKind.EMPTY_IDENTITY).examples().stream()
            .map(each -> each.keys().get(0))
            .sorted()
            .toList());
    assertEquals(1, only(report, FindingKind.LEFT_OUT).total());
    assertFalse(report.clean());
    assertTrue(report.complete());
  }

  @Test
  void anotherCheckForDamageIsAskedAboutEachImageThatCanBeDecoded() {
    picture("set/A/1.png", 1);
    picture("set/A/2.png", 2);
    write("set/A/3.png", new byte[0]);
    AtomicInteger asked = new AtomicInteger();
    DamageCheck damage =
        source -> {
          asked.incrementAndGet();
          return source.toString().contains("2.png")
              ? Optional.of("has a hole in its middle")
              : Optional.empty();
        };

    CheckReport report =
        check(new CheckOptions(1, damage, 4, false, 20), set("set", SetRole.TRAIN));

    assertEquals(2, asked.get());
    assertEquals(
        List.of("has a hole in its middle", "is empty (N bytes); expected"),
        only(report, FindingKind.UNREADABLE_IMAGE).examples().stream()
            .map(each -> each.detail().replaceAll("\\d+", "N").replaceAll("expected.*", "expected"))
            .toList());
  }

  @Test
  void onePictureIsFoundInsideAndAcrossIdentitiesWhateverItsFormat() {
    BufferedImage twice = Drawings.blobs(60, 60, 1);
    write("set/A/1.png", Drawings.png(twice));
    write("set/A/2.png", Drawings.png(twice));
    BufferedImage mixed = Drawings.blobs(60, 60, 2);
    write("set/A/3.png", Drawings.png(mixed));
    write("set/B/1.bmp", Drawings.bmp(mixed));
    picture("set/B/2.png", 3);

    CheckReport report = check(OPTIONS, set("set", SetRole.TRAIN));

    Finding inside = only(report, FindingKind.SAME_PICTURE_OF_ONE_IDENTITY);
    assertEquals(Severity.WARNING, inside.severity());
    assertEquals(
        List.of(new Finding.Case(List.of("A/1.png", "A/2.png"), "2 times, same bytes")),
        inside.examples());
    Finding across = only(report, FindingKind.SAME_PICTURE_OF_TWO_IDENTITIES);
    assertEquals(Severity.ERROR, across.severity());
    assertEquals(
        List.of(new Finding.Case(List.of("A/3.png", "B/1.bmp"), "2 times, same pixels")),
        across.examples());
    assertEquals(2, report.findings().size());
    assertEquals(Severity.ERROR, report.findings().get(0).severity());
  }

  @Test
  void reencodedAndScaledCopiesAreNearDuplicatesAndMirroredOnesWhereAskedFor() {
    BufferedImage original = Drawings.blobs(250, 250, 1);
    write("set/A/1.png", Drawings.png(original));
    write("set/A/2.jpg", Drawings.jpeg(original, 0.6));
    BufferedImage other = Drawings.blobs(250, 250, 2);
    write("set/A/3.png", Drawings.png(other));
    write("set/B/1.jpg", Drawings.jpeg(Drawings.scaled(other, 112, 112), 0.8));
    BufferedImage mirrored = Drawings.blobs(250, 250, 3);
    write("set/B/2.png", Drawings.png(mirrored));
    write("set/C/1.jpg", Drawings.jpeg(Drawings.mirrored(mirrored), 0.8));

    CheckReport plain = check(OPTIONS, set("set", SetRole.TRAIN));
    CheckReport both = check(new CheckOptions(2, DamageCheck.BY_DECODING, 4, true, 20), "set");

    assertEquals(
        List.of(List.of("A/1.png", "A/2.jpg")),
        keys(only(plain, FindingKind.NEAR_DUPLICATE_OF_ONE_IDENTITY)));
    assertEquals(
        List.of(List.of("A/3.png", "B/1.jpg")),
        keys(only(plain, FindingKind.NEAR_DUPLICATE_OF_TWO_IDENTITIES)));
    assertTrue(plain.clean());
    Finding across = only(both, FindingKind.NEAR_DUPLICATE_OF_TWO_IDENTITIES);
    assertEquals(2, across.total());
    assertTrue(
        across.examples().stream()
            .anyMatch(
                each ->
                    each.keys().equals(List.of("B/2.png", "C/1.jpg"))
                        && each.detail().endsWith(", mirrored")));
    assertEquals(
        List.of(),
        check(new CheckOptions(2, DamageCheck.BY_DECODING, -1, true, 20), "set").findings());
  }

  @Test
  void picturesSharedByTrainingAndTestAreLeaks() {
    BufferedImage same = Drawings.blobs(100, 100, 1);
    BufferedImage near = Drawings.blobs(100, 100, 2);
    write("train/A/1.png", Drawings.png(same));
    write("test/A/9.png", Drawings.png(same));
    write("train/A/2.png", Drawings.png(near));
    write("test/A/8.jpg", Drawings.jpeg(near, 0.7));
    write("evaluation/C/7.png", Drawings.png(same));

    CheckReport report =
        check(
            OPTIONS,
            set("train", SetRole.TRAIN),
            set("test", SetRole.TEST),
            set("evaluation", SetRole.EVALUATION));

    Finding leak = only(report, FindingKind.SAME_PICTURE_IN_TWO_SPLITS);
    assertEquals(Severity.ERROR, leak.severity());
    assertEquals(
        List.of(List.of("train:A/1.png", "test:A/9.png", "evaluation:C/7.png")), keys(leak));
    assertTrue(leak.message().endsWith("(train and test and evaluation 1)"), leak.message());
    assertEquals(
        List.of(List.of("train:A/2.png", "test:A/8.jpg")),
        keys(only(report, FindingKind.NEAR_DUPLICATE_IN_TWO_SPLITS)));
    // Test and evaluation are both reported on: the picture counts twice, but nothing leaks.
    assertEquals(1, only(report, FindingKind.SAME_PICTURE_IN_TWO_SETS).total());
    assertEquals(1, only(report, FindingKind.SAME_PICTURE_OF_TWO_IDENTITIES).total());
  }

  @Test
  void peopleAreFoundUnderAnySpellingInTrainingAndEvaluation() {
    picture("train/Gerhard_Schröder/1.png", 1);
    picture("train/Jane_Doe/1.png", 2);
    picture("train/Jane-Doe/2.png", 3);
    picture("train/person_01/1.png", 4);
    picture("validation/Jane Doe/1.png", 5);
    picture("evaluation/gerhard schroder/1.png", 6);
    picture("evaluation/person_01/1.png", 7);
    picture("evaluation/Somebody_Else/1.png", 8);

    CheckReport report =
        check(
            OPTIONS,
            set("train", SetRole.TRAIN),
            set("validation", SetRole.VALIDATION),
            set("evaluation", SetRole.EVALUATION));

    Finding error = only(report, FindingKind.IDENTITY_TRAINED_AND_EVALUATED);
    assertEquals(List.of(List.of("gerhard schroder")), keys(error));
    assertEquals("train and evaluation", error.examples().get(0).detail());
    assertEquals(
        List.of(List.of("jane doe")), keys(only(report, FindingKind.IDENTITY_IN_TWO_SPLITS)));
    assertEquals(
        List.of(List.of("Jane-Doe", "Jane_Doe")),
        keys(only(report, FindingKind.IDENTITY_SPELLED_TWICE)));
    assertEquals(
        List.of(List.of("person 01")), keys(only(report, FindingKind.IDENTITIES_NOT_COMPARABLE)));
    assertFalse(report.clean());
  }

  @Test
  void numbersAreComparedBetweenSplitsOfOneSet() {
    picture("a/17/1.png", 1);
    picture("b/17/1.png", 2);
    CheckedSet train = set("a", SetRole.TRAIN);
    FaceManifest other = set("b", SetRole.TRAIN).manifest();
    FaceManifest split = new FaceManifest("a", other.samples(), List.of());

    CheckReport report =
        check(
            OPTIONS,
            train,
            new CheckedSet("split", SetRole.EVALUATION, split, true, Optional.empty()));

    assertEquals(1, only(report, FindingKind.IDENTITY_TRAINED_AND_EVALUATED).total());
  }

  @Test
  void aSetThatNamesNobodyHasDuplicatesButNoWrongNames() {
    BufferedImage same = Drawings.blobs(50, 50, 1);
    write("set/x1/1.png", Drawings.png(same));
    write("set/x2/1.png", Drawings.png(same));
    FaceManifest manifest = set("set", SetRole.TRAIN).manifest();

    CheckReport report =
        check(OPTIONS, new CheckedSet("set", SetRole.TRAIN, manifest, false, Optional.empty()));

    assertEquals(
        List.of(FindingKind.SAME_PICTURE_OF_ONE_IDENTITY),
        report.findings().stream().map(Finding::kind).toList());
  }

  @Test
  void protocolsAreCheckedByThemselvesAndAgainstTheirImages() {
    BufferedImage same = Drawings.blobs(50, 50, 1);
    write("set/A/1.png", Drawings.png(same));
    write("set/A/2.png", Drawings.png(same));
    write("set/B/1.png", Drawings.png(same));
    picture("set/B/2.png", 2);
    PairList pairs =
        new PairList(
            "pairs",
            List.of(
                new Pair("A/1.png", "A", "A/2.png", "A", true, 0),
                new Pair("B/2.png", "B", "A/1.png", "A", false, 0),
                new Pair("A/1.png", "A", "B/2.png", "B", false, 1),
                new Pair("A/1.png", "A", "B/1.png", "B", false, 1),
                new Pair("A/2.png", "x", "B/2.png", "x", true, 1),
                new Pair("C/1.png", "C", "B/2.png", "B", false, 1)),
            2);

    CheckReport report =
        DatasetCheck.run(
            List.of(set("set", SetRole.TEST)),
            List.of(new CheckedProtocol(pairs, Optional.of("set"), Optional.empty())),
            List.of(),
            OPTIONS,
            Progress.silent(),
            () -> false);

    assertEquals(
        List.of(
            new Finding.Case(List.of("A"), "folds [1, 2]"),
            new Finding.Case(List.of("B"), "folds [1, 2]")),
        only(report, FindingKind.FOLDS_SHARE_IDENTITIES).examples());
    assertEquals(
        List.of(new Finding.Case(List.of("A/1.png", "B/2.png"), "pairs 2 and 3")),
        only(report, FindingKind.PAIR_LISTED_TWICE).examples());
    assertEquals(
        List.of(List.of("C/1.png")), keys(only(report, FindingKind.PROTOCOL_IMAGE_MISSING)));
    assertEquals(
        List.of(
            new Finding.Case(
                List.of("A/2.png", "B/2.png"), "pair 5 is genuine; the set says A and B")),
        only(report, FindingKind.PAIR_CONTRADICTS_IDENTITIES).examples());
    assertEquals(
        List.of(new Finding.Case(List.of("A/1.png", "A/2.png"), "pair 1, same pixels")),
        only(report, FindingKind.GENUINE_PAIR_OF_ONE_PICTURE).examples());
    assertEquals(
        List.of(new Finding.Case(List.of("A/1.png", "B/1.png"), "pair 4, same pixels")),
        only(report, FindingKind.IMPOSTOR_PAIR_OF_ONE_PICTURE).examples());
    assertEquals(6L, report.protocols().get(0).counts().get("pairs"));
  }

  @Test
  void anImpostorPairOfNearDuplicatesIsAWarning() {
    BufferedImage picture = Drawings.blobs(200, 200, 1);
    write("set/A/1.png", Drawings.png(picture));
    write("set/B/1.jpg", Drawings.jpeg(picture, 0.7));
    PairList pairs =
        new PairList("p", List.of(new Pair("A/1.png", "A", "B/1.jpg", "B", false, 0)), 1);

    CheckReport report =
        DatasetCheck.run(
            List.of(set("set", SetRole.TEST)),
            List.of(new CheckedProtocol(pairs, Optional.of("set"), Optional.empty())),
            List.of(),
            OPTIONS,
            Progress.silent(),
            () -> false);

    assertEquals(1, only(report, FindingKind.IMPOSTOR_PAIR_OF_NEAR_DUPLICATES).total());
    assertTrue(report.clean());
  }

  @Test
  void countsSizesAndChecksumsAreComparedWithTheDescriptor() throws IOException {
    picture("set/A/1.png", 1);
    picture("set/A/2.png", 2);
    write("set/B/1.png", Drawings.png(Drawings.blobs(41, 40, 3)));
    Path list = root.resolve("list.txt");
    Files.writeString(list, "abc");
    DatasetDescriptor descriptor =
        ConfigLoader.parse(
                """
                name: x
                title: x
                citation: x
                origin: x
                openedBy: [folder]
                layout: x
                images:
                  complete: {images: 300, identities: 40}
                  subsets:
                    small: {images: 3, identities: 2, identitiesWithTwoOrMore: 1, size: 40x40}
                protocols:
                  pairs.txt: {view: 2, pairs: 2, folds: 1}
                checksums:
                  list.txt: {md5: 900150983cd24fb0d6963f7d28e17f72}
                licence: x
                consent: x
                limits: x
                triedOnRealFiles: false
                tried: x
                """,
                "x.yaml",
                DatasetDescriptor.class,
                List.of(),
                Map.of())
            .value();
    FaceManifest manifest = set("set", SetRole.TRAIN).manifest();
    PairList pairs =
        new PairList("p", List.of(new Pair("A/1.png", "A", "A/2.png", "A", true, 0)), 1);
    CheckedProtocol protocol =
        new CheckedProtocol(
            pairs,
            Optional.empty(),
            Optional.of(new CheckedProtocol.Expected(descriptor, "pairs.txt")));
    CheckedFile file = new CheckedFile(list, descriptor);

    CheckReport fits = against(manifest, descriptor, Optional.empty(), List.of(file));
    Files.writeString(list, "abd");
    CheckReport differs =
        DatasetCheck.run(
            List.of(expecting(manifest, descriptor, Optional.of("complete"))),
            List.of(protocol),
            List.of(file, new CheckedFile(root.resolve("unlisted"), descriptor)),
            OPTIONS,
            Progress.silent(),
            () -> false);

    assertEquals(
        List.of(new Finding.Case(List.of("B/1.png"), "41x40, expected 40x40")),
        only(fits, FindingKind.SIZE_DIFFERS).examples());
    assertTrue(fits.clean());
    assertEquals(
        List.of(
            "p pairs: 1, expected 2 by x protocols.pairs.txt",
            "set identities: 2, expected 40 by x images.complete",
            "set images: 3, expected 300 by x images.complete"),
        only(differs, FindingKind.COUNTS_DIFFER).examples().stream()
            .map(each -> each.keys().get(0) + ": " + each.detail())
            .sorted()
            .toList());
    assertTrue(
        only(differs, FindingKind.CHECKSUM_DIFFERS)
            .examples()
            .get(0)
            .detail()
            .endsWith("expected 900150983cd24fb0d6963f7d28e17f72"));
    Files.delete(list);
    assertThrows(
        DataException.class, () -> against(manifest, descriptor, Optional.empty(), List.of(file)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CheckedSet.Expected(descriptor, Optional.of("large")));
    assertThrows(
        IllegalArgumentException.class, () -> new CheckedProtocol.Expected(descriptor, "other"));
  }

  private static CheckReport against(
      FaceManifest manifest,
      DatasetDescriptor descriptor,
      Optional<String> part,
      List<CheckedFile> files) {
    return DatasetCheck.run(
        List.of(expecting(manifest, descriptor, part)),
        List.of(),
        files,
        OPTIONS,
        Progress.silent(),
        () -> false);
  }

  private static CheckedSet expecting(
      FaceManifest manifest, DatasetDescriptor descriptor, Optional<String> part) {
    return new CheckedSet(
        "set",
        SetRole.TRAIN,
        manifest,
        true,
        Optional.of(new CheckedSet.Expected(descriptor, part)));
  }

  @Test
  void examplesAreBoundedAndTheReportIsTheSameWithAnyNumberOfThreads() {
    for (int i = 0; i < 40; i++) {
      BufferedImage picture = Drawings.blobs(40, 40, i % 20);
      write("set/P" + i % 3 + "/" + i + ".png", Drawings.png(picture));
    }
    write("set/P0/flat1.png", Drawings.png(Drawings.flat(40, 40, Color.RED)));
    write("set/P1/flat2.png", Drawings.png(Drawings.flat(40, 40, Color.GREEN)));
    write("set/P1/bad.png", new byte[5]);
    CheckOptions one = new CheckOptions(1, DamageCheck.BY_DECODING, 8, true, 5);
    CheckOptions many = new CheckOptions(7, DamageCheck.BY_DECODING, 8, true, 5);

    CheckReport report = check(one, "set");

    // 20 pictures, each in two files i and i + 20, whose people differ by 20 mod 3.
    Finding across = only(report, FindingKind.SAME_PICTURE_OF_TWO_IDENTITIES);
    assertEquals(20, across.total());
    assertEquals(5, across.examples().size());
    assertEquals(2, report.sets().get(0).flat());
    assertEquals(Json.toString(report), Json.toString(check(many, "set")));
  }

  @Test
  void theReportIsJsonWithNamesPeopleCanRead() throws IOException {
    write("set/A/1.png", new byte[0]);
    picture("set/A/2.png", 2);

    String json = Json.toString(check(OPTIONS, set("set", SetRole.VALIDATION)));

    assertTrue(json.contains("\"kind\": \"unreadable-image\""), json);
    assertTrue(json.contains("\"severity\": \"error\""), json);
    assertTrue(json.contains("\"role\": \"validation\""), json);
    assertTrue(json.contains("\"clean\": false"), json);
    Path file = root.resolve("report.json");
    Files.writeString(file, json);
    assertEquals(json, Json.toString(Json.read(file, CheckReport.class)));
  }

  @Test
  void aCheckThatIsStoppedSaysSo() {
    for (int i = 0; i < 40; i++) {
      picture("set/A/" + i + ".png", i);
    }
    AtomicInteger asked = new AtomicInteger();

    CheckReport report =
        DatasetCheck.run(
            List.of(set("set", SetRole.TRAIN)),
            List.of(),
            List.of(),
            CheckOptions.defaults(1),
            Progress.silent(),
            () -> asked.incrementAndGet() > 10);

    assertFalse(report.complete());
    assertFalse(report.clean());
    long read = report.sets().get(0).read();
    assertTrue(read > 0 && read < 40, read + " read");
  }

  @Test
  void setsHaveDifferentNamesAndProtocolsNameOneOfThem() {
    picture("set/A/1.png", 1);
    CheckedSet set = set("set", SetRole.TRAIN);

    assertThrows(IllegalArgumentException.class, () -> check(OPTIONS, set, set));
    CheckedProtocol elsewhere =
        new CheckedProtocol(
            new PairList("p", List.of(), 1), Optional.of("other"), Optional.empty());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DatasetCheck.run(
                List.of(set),
                List.of(elsewhere),
                List.of(),
                OPTIONS,
                Progress.silent(),
                () -> false));
  }

  @Test
  void everyKindHasANameOfItsOwnAndASeverity() {
    Set<String> labels =
        Arrays.stream(FindingKind.values()).map(FindingKind::label).collect(Collectors.toSet());
    assertEquals(FindingKind.values().length, labels.size());
    for (FindingKind kind : FindingKind.values()) {
      assertTrue(kind.label().matches("[a-z-]+"), kind.label());
      assertEquals(kind.severity(), new Finding(kind, "m", 1, List.of()).severity());
    }
  }

  private CheckReport check(CheckOptions options, String name) {
    return check(options, set(name, SetRole.TRAIN));
  }

  private static CheckReport check(CheckOptions options, CheckedSet... sets) {
    return DatasetCheck.run(
        List.of(sets), List.of(), List.of(), options, Progress.silent(), () -> false);
  }

  private CheckedSet set(String name, SetRole role) {
    return CheckedSet.of(role, new FolderConfig(root.resolve(name), 1).open(new SeedStreams(1)));
  }

  private static Finding only(CheckReport report, FindingKind kind) {
    List<Finding> found = report.of(kind);
    assertEquals(1, found.size(), kind + " in " + report.findings());
    return found.get(0);
  }

  private static List<List<String>> keys(Finding finding) {
    List<List<String>> keys = new ArrayList<>();
    finding.examples().forEach(each -> keys.add(each.keys()));
    return keys;
  }

  private void picture(String name, long seed) {
    write(name, Drawings.png(Drawings.blobs(40, 40, 100 + seed)));
  }

  private void write(String name, byte[] bytes) {
    Path file = root.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
