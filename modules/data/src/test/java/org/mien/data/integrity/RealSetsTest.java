package org.mien.data.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.LfwPairs;
import org.mien.data.protocol.PairList;
import org.mien.data.source.DatasetConfig;
import org.mien.data.source.FolderConfig;
import org.mien.data.source.LfwConfig;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/** What is known of the real sets is found in them. */
final class RealSetsTest {
  private static final Path DATA = DataFolder.path().resolve("data");

  @DataTest
  void lfwAlignedHasItsCountsItsPairsAndOnePictureUnderTwoNames() {
    FaceManifest manifest = open(new LfwConfig(DATA.resolve("lfw-aligned-112"), 1));
    DatasetDescriptor lfw = descriptor("lfw");
    PairList pairs = LfwPairs.read(DATA.resolve("lfw/pairs.txt"));

    CheckReport report =
        DatasetCheck.run(
            List.of(
                new CheckedSet(
                    "lfw",
                    SetRole.EVALUATION,
                    manifest,
                    true,
                    Optional.of(new CheckedSet.Expected(lfw, Optional.of("pairsOnly"))))),
            List.of(
                new CheckedProtocol(
                    pairs,
                    Optional.of("lfw"),
                    Optional.of(new CheckedProtocol.Expected(lfw, "pairs.txt")))),
            List.of(
                new CheckedFile(DATA.resolve("lfw/pairs.txt"), lfw),
                new CheckedFile(DATA.resolve("lfw/people.txt"), lfw)),
            CheckOptions.defaults(2),
            Progress.silent(),
            () -> false);

    CheckReport.SetCounts counts = report.sets().get(0);
    assertEquals(7701, counts.images());
    assertEquals(4281, counts.identities());
    assertEquals(0, counts.unreadable());
    assertEquals(0, counts.flat());
    assertEquals(6000L, report.protocols().get(0).counts().get("pairs"));
    assertTrue(report.clean(), report.findings().toString());
    assertEquals(
        List.of(
            FindingKind.NEAR_DUPLICATE_OF_TWO_IDENTITIES,
            FindingKind.GENUINE_PAIR_OF_ONE_PICTURE,
            FindingKind.NEAR_DUPLICATE_OF_ONE_IDENTITY),
        report.findings().stream().map(Finding::kind).toList());
    // Seen by eye: one photograph.
    assertEquals(
        List.of("Gabrielle_Rose/Gabrielle_Rose_0001.jpg", "Martha_Bowen/Martha_Bowen_0002.jpg"),
        report.findings().get(0).examples().get(0).keys());
    assertEquals(1, report.findings().get(0).total());
    assertEquals(2, report.findings().get(1).total());
    assertEquals(2, report.findings().get(2).total());
  }

  @DataTest
  void orlIsCompleteAndFitsItsDescriptor() {
    FaceManifest manifest = open(new FolderConfig(DATA.resolve("orl"), 1));

    CheckReport report =
        DatasetCheck.run(
            List.of(
                new CheckedSet(
                    "orl",
                    SetRole.TRAIN,
                    manifest,
                    true,
                    Optional.of(new CheckedSet.Expected(descriptor("orl"), Optional.empty())))),
            List.of(),
            List.of(),
            CheckOptions.defaults(2),
            Progress.silent(),
            () -> false);

    assertEquals(400, report.sets().get(0).images());
    assertEquals(40, report.sets().get(0).identities());
    // Shots of a person within seconds.
    assertEquals(
        List.of(FindingKind.LEFT_OUT, FindingKind.NEAR_DUPLICATE_OF_ONE_IDENTITY),
        report.findings().stream().map(Finding::kind).toList());
    assertTrue(report.clean());
  }

  @DataTest
  void lfwDeepFunneledWithTenOrMoreHasItsCounts() {
    DatasetStatistics statistics =
        statistics(new LfwConfig(DATA.resolve("lfw/lfw-deepfunneled"), 10));

    assertEquals(4324, statistics.images());
    assertEquals(158, statistics.identities());
    assertEquals(10, statistics.imagesPerIdentity().minimum());
    assertEquals("{250x250=4324}", statistics.files().sizes().toString());
    assertEquals("{JPEG=4324}", statistics.files().formats().toString());
  }

  @DataTest
  void caltechFacesHaveTheirCounts() {
    DatasetStatistics statistics = statistics(new FolderConfig(DATA.resolve("caltech-faces"), 1));

    assertEquals(410, statistics.images());
    assertEquals(25, statistics.identities());
    assertEquals(0, statistics.files().unreadable());
    assertEquals("{JPEG=410}", statistics.files().formats().toString());
  }

  private static DatasetStatistics statistics(DatasetConfig config) {
    return DatasetStatistics.of(
        open(config), StatisticsOptions.defaults(), Progress.silent(), () -> false);
  }

  private static FaceManifest open(DatasetConfig config) {
    return config.open(new SeedStreams(1));
  }

  private static DatasetDescriptor descriptor(String name) {
    return DatasetDescriptor.load(
        DataFolder.projectRoot().resolve("datasets").resolve(name + ".yaml"));
  }
}
