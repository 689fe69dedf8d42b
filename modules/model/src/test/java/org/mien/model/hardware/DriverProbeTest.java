package org.mien.model.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The probe, asking programs that act as nvidia-smi does on machines of all kinds. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class DriverProbeTest {
  @TempDir private Path folder;

  private DriverReport ask(String script, long patienceMillis) throws IOException {
    Path program = folder.resolve("nvidia-smi.sh");
    Files.writeString(program, script);
    return new DriverProbe(List.of("sh", program.toString()), patienceMillis, List.of()).ask();
  }

  @Test
  void aDriverThatAnswersIsRead() throws IOException {
    DriverReport report = ask("echo 'Tesla T4, 7.5, 535.104.05, 15360 MiB'", 10_000);
    assertEquals(DriverReport.State.ANSWERED, report.state(), report.problem());
    assertEquals("Tesla T4", report.gpus().get(0).name());
  }

  @Test
  void anOldDriverIsAskedAgainWithoutTheCapability() throws IOException {
    DriverReport report =
        ask(
            """
            case "$1" in
              *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;;
              *) echo 'Tesla T4, 455.45.01, 15109 MiB' ;;
            esac
            """,
            10_000);
    assertEquals(DriverReport.State.ANSWERED, report.state(), report.problem());
    assertEquals(Optional.empty(), report.gpus().get(0).capability());
    assertEquals(Optional.of(new DriverVersion(455, 45, 1)), report.gpus().get(0).driver());
    assertEquals(15109, report.gpus().get(0).memoryMebibytes());
  }

  @Test
  void aDriverThatFailsOrHangsIsReportedNotWaitedFor() throws IOException {
    DriverReport failed = ask("echo 'NVIDIA-SMI has failed'; exit 9", 10_000);
    assertEquals(DriverReport.State.SILENT, failed.state());
    assertEquals("NVIDIA-SMI has failed", failed.problem());
    DriverReport hung = ask("exec sleep 60", 300);
    assertEquals(DriverReport.State.SILENT, hung.state());
    assertTrue(hung.problem().contains("did not answer"), hung.problem());
  }

  @Test
  void withoutTheProgramTheLibraryDecides() throws IOException {
    List<String> missing = List.of(folder.resolve("none").toString());
    Path library = folder.resolve("libcuda.so.1");
    assertEquals(
        DriverReport.State.ABSENT, new DriverProbe(missing, 1000, List.of(library)).ask().state());
    Files.createFile(library);
    assertEquals(
        DriverReport.State.SILENT, new DriverProbe(missing, 1000, List.of(library)).ask().state());
  }
}
