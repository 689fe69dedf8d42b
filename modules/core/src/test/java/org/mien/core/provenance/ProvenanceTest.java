package org.mien.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.json.Json;

class ProvenanceTest {
  @TempDir Path folder;

  private static Provenance start() {
    return ProvenanceCollector.start(
        "abc", 42, "ND4J CPU", 2, List.of("train", "configs/quickstart.yaml"));
  }

  @Test
  void tellsTheProgramAndTheMachine() {
    Provenance provenance = start();
    assertTrue(provenance.mienVersion().matches("[0-9]+\\.[0-9]+.*"), provenance.mienVersion());
    assertEquals(System.getProperty("java.version"), provenance.javaVersion());
    assertTrue(provenance.os().startsWith(System.getProperty("os.name")), provenance.os());
    assertFalse(provenance.cpu().isBlank());
    assertTrue(provenance.cores() > 0 && provenance.maxHeapBytes() > 0);
    assertTrue(Duration.between(provenance.startedAt(), Instant.now()).toMinutes() < 5);
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        provenance.configSha256());
  }

  @Test
  void comesBackFromItsFile() throws IOException {
    Path file = folder.resolve("provenance.json");
    Provenance begun = start();
    Json.write(file, begun);
    assertEquals(begun, Json.read(file, Provenance.class));
    assertFalse(Files.readString(file).contains("finishedAt"));
    Provenance ended =
        begun
            .withInput("weights", "0a1b")
            .withInput("data", "lfw: 4,324 images")
            .withFinishedAt(Instant.parse("2026-01-02T03:04:05.678Z"));
    Json.write(file, ended);
    Provenance read = Json.read(file, Provenance.class);
    assertEquals(ended, read);
    assertEquals(List.of("weights", "data"), List.copyOf(read.inputs().keySet()));
  }

  @Test
  void anInputHasOneFingerprint() {
    Provenance provenance = start().withInput("weights", "a").withInput("weights", "a");
    assertEquals(Map.of("weights", "a"), provenance.inputs());
    assertThrows(IllegalArgumentException.class, () -> provenance.withInput("weights", "b"));
  }

  @Test
  void theProcessorIsTheFirstOneLinuxNames() throws IOException {
    Path cpuInfo =
        Files.writeString(
            folder.resolve("cpuinfo"),
            "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Xeon(R) 2.00GHz\nmodel name\t: Other\n");
    assertEquals("Xeon(R) 2.00GHz", ProvenanceCollector.cpu(cpuInfo));
    String architecture = System.getProperty("os.arch");
    assertEquals(architecture, ProvenanceCollector.cpu(folder.resolve("none")));
    Files.writeString(cpuInfo, "processor\t: 0\nBogoMIPS\t: 50.00\n");
    assertEquals(architecture, ProvenanceCollector.cpu(cpuInfo));
    assertNotNull(ProvenanceCollector.cpu());
  }
}
