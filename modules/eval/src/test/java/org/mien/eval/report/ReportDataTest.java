package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class ReportDataTest {
  @TempDir Path folder;

  @Test
  void comesBackEqualFromItsFile() {
    Path file = folder.resolve(ReportData.FILE_NAME);
    // The second holds infinite thresholds and absent sections.
    for (ReportData data : List.of(ExampleReport.full(40), ExampleReport.troubled())) {
      data.write(file);
      ReportData back = ReportData.read(file);

      assertEquals(data, back);
      assertEquals(HtmlReport.render(data), HtmlReport.render(back));
    }
  }

  @Test
  void replacesAnOlderFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");

    HtmlReport.write(ExampleReport.troubled(), file);

    assertEquals(HtmlReport.render(ExampleReport.troubled()), Files.readString(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void failureToWriteNamesTheFileAndLeavesNothing() throws IOException {
    Path file = folder.resolve("taken");
    Files.createDirectories(file.resolve("inside"));

    DataException e =
        assertThrows(DataException.class, () -> HtmlReport.write(ExampleReport.troubled(), file));

    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void refusesUnknownPartsBrokenTextAndOtherVersions() throws IOException {
    Path file = folder.resolve("report-data.json");
    String good = ExampleReport.troubled().toJson();

    for (String bad :
        List.of(
            good.replace("\"title\"", "\"titel\""),
            good.substring(0, good.length() / 2),
            good.replace("\"schema\" : 1", "\"schema\" : 2"),
            good.replace("\"pairs\"", "\"pears\"").replace("\"images\" : 400", "\"images\" : -4"),
            "null",
            "")) {
      Files.writeString(file, bad);
      DataException e = assertThrows(DataException.class, () -> ReportData.read(file));
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
    assertThrows(DataException.class, () -> ReportData.read(folder.resolve("absent.json")));
  }

  @Test
  void percentWhereAFractionIsExpectedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new FoldScores(1, 600, 98.7, 0.3));
    assertThrows(IllegalArgumentException.class, () -> new ErrorRatePoint(0.3, -0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new TarAtFarRow(0, null, null, null));
    assertThrows(
        IllegalArgumentException.class, () -> new IdentityScores("a", 3, 4, null, null, null));
    assertThrows(
        IllegalArgumentException.class, () -> new ScoreHistogram(0, 1, List.of(1L), List.of()));
  }
}
