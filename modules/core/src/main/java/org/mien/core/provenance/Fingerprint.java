package org.mien.core.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mien.core.error.DataException;

/** SHA-256 over values in order, for cache keys and provenance. */
public final class Fingerprint {
  private final MessageDigest digest = sha256();

  /** Adds text; its length is added too, so that ("ab","c") and ("a","bc") differ. */
  public Fingerprint add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes with their length. */
  public Fingerprint add(byte[] bytes) {
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  /** Adds one number. */
  public Fingerprint add(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  /** Adds floats bit for bit, with their count. */
  public Fingerprint add(float[] values) {
    add(values.length);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    int chunk = buffer.capacity() / Float.BYTES;
    for (int start = 0; start < values.length; start += chunk) {
      int count = Math.min(chunk, values.length - start);
      buffer.clear();
      buffer.asFloatBuffer().put(values, start, count);
      buffer.limit(count * Float.BYTES);
      digest.update(buffer);
    }
    return this;
  }

  /** Returns 64 hexadecimal digits; the fingerprint starts anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the SHA-256 of a file's bytes, as {@code sha256sum} prints it. */
  public static String ofFile(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the SHA-256 of a text's UTF-8 bytes, as {@code sha256sum} prints it for a file. */
  public static String ofText(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
