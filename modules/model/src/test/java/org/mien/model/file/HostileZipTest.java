package org.mien.model.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

/** Zips that were made to harm, or by something else. */
class HostileZipTest {
  @TempDir Path folder;
  private Map<String, byte[]> good;

  @BeforeEach
  void readAGoodModel() {
    Path zip = folder.resolve("good.zip");
    try (FaceModel model = SmallModels.onGraph()) {
      model.save(zip);
    }
    good = new LinkedHashMap<>();
    try (BoundedZip entries = BoundedZip.open(zip)) {
      for (String name : entries.names()) {
        good.put(name, entries.bytes(name, Long.MAX_VALUE));
      }
    }
  }

  private Path written(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("hostile.zip");
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private String refusal(Path file) {
    String message = assertThrows(DataException.class, () -> FaceModel.load(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message;
  }

  private String refusalOf(String entry, UnaryOperator<String> change) throws IOException {
    String text = new String(good.get(entry), UTF_8);
    String changed = change.apply(text);
    assertTrue(!changed.equals(text), "the change changed nothing");
    good.put(entry, changed.getBytes(UTF_8));
    return refusal(written(good));
  }

  @Test
  void theGoodOneIsRead() throws IOException {
    Path file = written(good);
    assertDoesNotThrow(() -> FaceModel.load(file).close());
  }

  @Test
  void aHugeNumberOfEntriesIsRefused() throws IOException {
    for (int i = 0; i < 70_000; i++) {
      good.put("e" + i, new byte[0]);
    }
    assertTrue(refusal(written(good)).contains("entries; expected at most 32"));
  }

  @Test
  void aZipBombIsRefusedBeforeItIsUnpacked() throws IOException {
    Path file = folder.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        zip.write(zeros);
      }
      zip.closeEntry();
    }
    assertTrue(Files.size(file) < 1 << 20);
    assertTrue(refusal(file).contains("claims to hold 314572800 bytes"));
  }

  @Test
  void aZipOfSomethingElseIsRefused() throws IOException {
    assertTrue(
        refusal(written(Map.of("holiday.jpg", new byte[10]))).contains("no model of Mien's"));
  }

  @Test
  void everyMissingEntryIsNamed() throws IOException {
    for (String entry : new String[] {"configuration.json", "coefficients.bin", "mien.yaml"}) {
      Map<String, byte[]> without = new LinkedHashMap<>(good);
      without.remove(entry);
      assertTrue(refusal(written(without)).contains("has no entry " + entry));
    }
  }

  @Test
  void aForeignClassIsRefusedWhereverItIsNamed() throws IOException {
    String layer = "org.deeplearning4j.nn.conf.layers.BatchNormalization";
    assertTrue(new String(good.get("configuration.json"), UTF_8).contains(layer));
    for (String foreign :
        new String[] {
          "javax.swing.JEditorPane",
          "java.net.URL",
          "org.nd4j.shade.jackson.databind.ObjectMapper",
          "com.example.NotThere"
        }) {
      readAGoodModel();
      assertTrue(
          refusalOf("configuration.json", json -> json.replace(layer, foreign))
              .contains("names the class " + foreign));
    }
    readAGoodModel();
    assertTrue(
        refusalOf(
                "configuration.json",
                json -> json.replaceFirst("\\{", "{\"x\": [\"javax.swing.JEditorPane\", {}],"))
            .contains("names the class javax.swing.JEditorPane"));
  }

  @Test
  void aSecondClassUnderTheSameKeyIsSeenToo() throws IOException {
    assertTrue(
        refusalOf(
                "configuration.json",
                json ->
                    json.replaceFirst(
                        "\"@class\"", "\"@class\": \"java.lang.ProcessBuilder\", \"@class\""))
            .contains("names the class java.lang.ProcessBuilder"));
  }

  @Test
  void anArchitectureLargerThanItsWeightsIsRefusedBeforeItIsBuilt() throws IOException {
    String message =
        refusalOf(
            "configuration.json", json -> json.replaceAll("\"nout\" : 7", "\"nout\" : 2000000000"));
    assertTrue(message.contains("where the configuration takes"), message);
  }

  @Test
  void nestingWithoutEndIsRefused() throws IOException {
    good.put("configuration.json", "[".repeat(100_000).getBytes(UTF_8));
    assertTrue(refusal(written(good)).contains("configuration"));
  }

  @Test
  void aConfigurationOfSomethingElseIsRefused() throws IOException {
    good.put("configuration.json", "{\"vertices\": 3}".getBytes(UTF_8));
    refusal(written(good));
    good.put("configuration.json", "hello".getBytes(UTF_8));
    assertTrue(refusal(written(good)).contains("is not JSON"));
  }

  @Test
  void aHeaderThatClaimsMoreNumbersThanThereAreIsRefused() throws IOException {
    for (long claimed : new long[] {1L << 60, 1_000_000_000L, -1}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(8);
        out.writeUTF("LONG");
        for (long number : new long[] {2, 1, claimed, 1, 1, 0, 1, 99}) {
          out.writeLong(number);
        }
        out.writeUTF("MIXED_DATA_TYPES");
        out.writeLong(claimed);
        out.writeUTF("FLOAT");
        out.writeFloat(1);
      }
      good.put("coefficients.bin", bytes.toByteArray());
      assertTrue(refusal(written(good)).contains("coefficients.bin is damaged"));
    }
    good.put("coefficients.bin", "short".getBytes(UTF_8));
    assertTrue(refusal(written(good)).contains("coefficients.bin is damaged"));
  }

  @Test
  void aDescriptorThatIsNotOneIsRefusedWithItsPlace() throws IOException {
    String message =
        refusalOf("mien.yaml", yaml -> yaml.replace("dimension: 7", "dimension: seven"));
    assertTrue(message.contains("mien.yaml:2:"), message);
    readAGoodModel();
    message = refusalOf("mien.yaml", yaml -> yaml.replace("features: pool", "features: poll"));
    assertTrue(message.contains("no vertex poll"), message);
  }

  @Test
  void aRandomFileIsNoZip() throws IOException {
    Path file = Files.writeString(folder.resolve("x.zip"), "PK not really");
    assertEquals(0, refusal(file).indexOf(file + ": not a zip"));
  }
}
