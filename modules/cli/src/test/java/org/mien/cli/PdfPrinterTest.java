package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.report.ReportData;
import org.mien.eval.report.RunSummary;

final class PdfPrinterTest {
  @TempDir private Path folder;

  private PdfPrinter script(String text) throws IOException {
    Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return PdfPrinter.find(Map.of(PdfPrinter.VARIABLE, program.toString()));
  }

  private Path page() throws IOException {
    return Files.writeString(folder.resolve("report.html"), "<p>Hello");
  }

  @Test
  void withoutChromiumItIsSaidBeforeAnyWork() {
    String none =
        assertThrows(
                ConfigException.class, () -> PdfPrinter.find(Map.of("PATH", folder.toString())))
            .getMessage();
    assertTrue(none.contains("none is on the PATH"), none);
    assertTrue(none.contains("MIEN_CHROMIUM"), none);
    String wrong =
        assertThrows(
                ConfigException.class,
                () -> PdfPrinter.find(Map.of(PdfPrinter.VARIABLE, folder + "/missing")))
            .getMessage();
    assertTrue(wrong.contains("missing, which is no program"), wrong);
  }

  @Test
  void theProgramOnThePathPrintsBesideThePage() throws IOException {
    Path program =
        Files.writeString(
            folder.resolve("chromium"),
            """
            #!/bin/sh
            for word in "$@"; do
              case $word in --print-to-pdf=*) printf '%%PDF-1 of %s' "$word" > "${word#*=}" ;; esac
            done
            """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path pdf = PdfPrinter.find(Map.of("PATH", folder.toString())).print(page());
    assertEquals(folder.resolve("report.pdf"), pdf);
    assertTrue(Files.readString(pdf).startsWith("%PDF-1 of --print-to-pdf="));
  }

  @Test
  void anEmptyEntryOfThePathIsNotTheCurrentFolder() throws IOException {
    Path here = Path.of("chromium").toAbsolutePath();
    assumeTrue(!Files.exists(here), "something is called chromium here");
    Files.writeString(here, "#!/bin/sh\n");
    try {
      Files.setPosixFilePermissions(here, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (String path : new String[] {"", ":" + folder, folder + ":"}) {
        assertThrows(ConfigException.class, () -> PdfPrinter.find(Map.of("PATH", path)), path);
      }
    } finally {
      Files.delete(here);
    }
  }

  /** As Chromium's children do, which outlive it for a moment. */
  @Test
  void aChildThatStillWritesIntoTheProfileDoesNotLoseThePdf() throws IOException {
    PdfPrinter printer =
        script(
            """
            for word in "$@"; do
              case $word in
                --print-to-pdf=*) printf '%%PDF-1' > "${word#*=}" ;;
                --user-data-dir=*) profile="${word#*=}" ;;
              esac
            done
            mkdir "$profile"
            (
              i=0
              while [ $i -lt 800 ]; do
                for j in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
                  : > "$profile/$i-$j" || exit
                done
                i=$((i + 1))
              done
            ) > /dev/null 2>&1 &
            while ! [ -e "$profile/1-1" ]; do sleep 0.1; done
            """);
    Path pdf = printer.print(page());
    assertEquals("%PDF-1", Files.readString(pdf));
  }

  @Test
  void aProgramThatTakesTooLongIsEndedWithItsChildren() throws Exception {
    Path child = folder.resolve("child");
    PdfPrinter slow = script("sleep 60 & echo $! > '" + child + "'; wait\n");
    Path page = page();
    String told = assertThrows(DataException.class, () -> slow.print(page, 2)).getMessage();
    assertTrue(told.contains("did not print it within 2 s"), told);
    Optional<ProcessHandle> sleeping =
        ProcessHandle.of(Long.parseLong(Files.readString(child).strip()));
    if (sleeping.isPresent()) {
      sleeping.get().onExit().get(10, TimeUnit.SECONDS);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("child", "program", "report.html"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aProgramThatFailsLeavesAnOlderFileAndItsWordsAreTold() throws IOException {
    Path old = Files.writeString(folder.resolve("report.pdf"), "old");
    PdfPrinter failing = script("echo no display >&2; exit 7\n");
    Path page = page();
    String told = assertThrows(DataException.class, () -> failing.print(page)).getMessage();
    assertTrue(told.contains("ended with 7 and printed nothing: no display"), told);
    PdfPrinter silent = script("exit 0\n");
    String nothing = assertThrows(DataException.class, () -> silent.print(page)).getMessage();
    assertTrue(nothing.contains("ended with 0 and printed nothing"), nothing);
    assertEquals("old", Files.readString(old));
  }

  @Test
  void aRealReportIsPrintedWhereChromiumIsInstalled() throws IOException {
    try {
      PdfPrinter.find(System.getenv());
    } catch (ConfigException e) {
      assumeTrue(false, "no Chromium here");
    }
    ReportData data =
        ReportData.builder(
                "title", "2026-01-01T00:00:00Z", new RunSummary("run", "model", "images"))
            .build();
    data.write(folder.resolve(ReportData.FILE_NAME));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(
        0,
        CommandLine.run(out, err, "report", folder.toString(), "--pdf"),
        err.toString(StandardCharsets.UTF_8));
    assertTrue(Files.isRegularFile(folder.resolve(HtmlReport.FILE_NAME)));
    byte[] pdf = Files.readAllBytes(folder.resolve("report.pdf"));
    assertEquals("%PDF-", new String(pdf, 0, 5, StandardCharsets.ISO_8859_1));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("report.pdf"));
  }
}
