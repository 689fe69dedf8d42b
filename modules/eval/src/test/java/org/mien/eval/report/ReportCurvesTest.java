package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCurvesTest {
  @TempDir Path folder;

  @Test
  void everyCurveHasAFile() throws IOException {
    ReportData data = ExampleReport.everything();

    List<String> names =
        ReportCurves.write(data, folder).stream().map(p -> p.getFileName().toString()).toList();

    assertEquals(
        List.of(
            "lfw-roc.csv",
            "lfw-det.csv",
            "lfw-bands.csv",
            "lfw-scores.csv",
            "gallery-cmc.csv",
            "gallery-openset.csv",
            "megaface-cmc.csv",
            "ijbc-roc.csv",
            "groups-ethnicity-rates.csv",
            "groups-ethnicity-cross.csv",
            "strata-ageGapYears-fnmr.csv",
            "embedding-map.csv",
            "training-epochs.csv"),
        names);
    List<String> roc = Files.readAllLines(folder.resolve("lfw-roc.csv"));
    assertEquals("far,tar,threshold", roc.get(0));
    assertEquals(data.verification().get(0).curve().size() + 1, roc.size());
    String[] last = roc.get(roc.size() - 1).split(",", -1);
    assertEquals(1, Double.parseDouble(last[0]));
    assertEquals(1, Double.parseDouble(last[1]));
    assertEquals(
        List.of("rank,rate,low,high", "1,0.94,0.9199999999999999,0.95"),
        Files.readAllLines(folder.resolve("gallery-cmc.csv")).subList(0, 2));
  }

  @Test
  void namesStayInTheFolderAndApart() {
    VerificationSection up = ExampleReport.verification(new Random(1), "../up", "t", 20, 20, 4, 0);
    Map<String, String> files =
        ReportCurves.of(
            ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                .verification(up)
                .verification(up)
                .build());

    assertTrue(files.containsKey("up-roc.csv"), files.keySet().toString());
    assertTrue(files.containsKey("up-2-roc.csv"), files.keySet().toString());
    files.keySet().forEach(name -> assertFalse(name.contains("/"), name));
  }

  @Test
  void textWithACommaIsQuoted() {
    StrataSection section =
        new StrataSection(
            "q",
            null,
            null,
            List.of(new StrataSection.Stratum("[0,\"5\")", 3, CountedRate.of(0, 0))),
            null);
    Map<String, String> files =
        ReportCurves.of(
            ReportData.builder("t", "2026-11-24T09:30:00Z", ExampleReport.summary())
                .strata(section)
                .build());

    assertTrue(
        files.get("strata-q-fnmr.csv").endsWith("\n\"[0,\"\"5\"\")\",3,0,0,,,\n"),
        files.toString());
  }
}
