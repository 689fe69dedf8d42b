package org.mien.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class FingerprintTest {
  /** FIPS 180-2, appendix B, and the digest of nothing. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;

  @Test
  void ofAFileAndOfATextIsTheKnownSha256() throws IOException {
    assertEquals(ABC, Fingerprint.ofFile(Files.writeString(folder.resolve("abc"), "abc")));
    assertEquals(NOTHING, Fingerprint.ofFile(Files.createFile(folder.resolve("empty"))));
    assertEquals(ABC, Fingerprint.ofText("abc"));
    assertEquals(NOTHING, new Fingerprint().hex());
  }

  @Test
  void ofAFileLongerThanTheBufferIsThatOfAllItsBytes() throws IOException {
    // FIPS 180-2, appendix B.3.
    Path million = Files.writeString(folder.resolve("million"), "a".repeat(1_000_000));
    assertEquals(
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        Fingerprint.ofFile(million));
  }

  @Test
  void ofValuesIsTheSha256OfTheirLengthsAndBytes() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    bytes.putLong(2).put("é".getBytes(StandardCharsets.UTF_8));
    bytes.putLong(-7);
    bytes.putLong(2).putFloat(1.5f).putFloat(-0.0f);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(bytes.array(), 0, bytes.position());
    assertEquals(
        HexFormat.of().formatHex(sha256.digest()),
        new Fingerprint().add("é").add(-7).add(new float[] {1.5f, -0.0f}).hex());
  }

  @Test
  void everyFloatCountsAlsoBeyondTheBuffer() {
    float[] values = new float[40_000];
    String before = new Fingerprint().add(values).hex();
    for (int changed : new int[] {0, 16_383, 16_384, 39_999}) {
      values[changed] = 1;
      assertNotEquals(before, new Fingerprint().add(values).hex());
      values[changed] = 0;
    }
    assertEquals(before, new Fingerprint().add(values).hex());
  }

  @Test
  void textsDoNotRunIntoEachOther() {
    assertNotEquals(
        new Fingerprint().add("ab").add("c").hex(), new Fingerprint().add("a").add("bc").hex());
  }

  @Test
  void namesAMissingFile() {
    Path none = folder.resolve("none");
    DataException e = assertThrows(DataException.class, () -> Fingerprint.ofFile(none));
    assertTrue(e.getMessage().startsWith(none + ": cannot be read"), e.getMessage());
  }
}
