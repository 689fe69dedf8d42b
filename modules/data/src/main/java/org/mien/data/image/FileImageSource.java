package org.mien.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;

/**
 * An image file, recognised by its content: JPEG (baseline or progressive; grey, colour, CMYK and
 * YCCK), PNG, uncompressed BMP, GIF (its first picture), WebP (not animated), PGM or PPM.
 *
 * <p>Pixels are 8-bit RGB: grey is spread over three planes; of 16 bits a PNG's upper 8 are kept,
 * PGM and PPM are scaled by their maximum; alpha is dropped, whatever lies under it; an EXIF
 * orientation is applied; colour profiles are not. CMYK is taken for inverted, as Adobe writes it
 * and most readers take it.
 *
 * <p>The structure is checked before anything is decoded: a truncated file, another format, a text
 * file named {@code .jpg}, and dimensions above 64 million pixels are {@link DataException}s that
 * name the file. What only a JPEG's decoder could notice is {@link JpegDamage}'s to find.
 *
 * @param file its path
 */
public record FileImageSource(Path file) implements ImageSource {
  /** Longer files are refused before they are read; 64 million raw pixels of 4 bytes fit. */
  private static final long MAXIMUM_BYTES = 256L << 20;

  @Override
  public RawImage decode() {
    return decode(readBytes());
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofFile(file);
  }

  @Override
  public FingerprintedImage read() {
    byte[] bytes = readBytes();
    return new FingerprintedImage(decode(bytes), digest(bytes));
  }

  @Override
  public void writeInput(FacePreprocessor faces, float[] target, int offset) {
    ImageBytes.writeInput(file.toString(), readBytes(), faces, target, offset);
  }

  @Override
  public String writeInputAndFingerprint(FacePreprocessor faces, float[] target, int offset) {
    byte[] bytes = readBytes();
    ImageBytes.writeInput(file.toString(), bytes, faces, target, offset);
    return digest(bytes);
  }

  @Override
  public RawImage view(FacePreprocessor faces) {
    return ImageBytes.view(file.toString(), readBytes(), faces);
  }

  /**
   * Decodes the file thoroughly, which takes about twice as long: see {@link JpegDamage}.
   *
   * @return what is wrong with it, beginning with the file's name; empty if nothing is
   */
  public Optional<String> problem() {
    try {
      return JpegDamage.problemWith(file.toString(), readBytes());
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
  }

  private RawImage decode(byte[] bytes) {
    return ImageBytes.decode(file.toString(), bytes);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private byte[] readBytes() {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (size > MAXIMUM_BYTES) {
        throw DataException.in(
            file, "has " + size + " bytes; image files above 256 MiB are refused");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      int read = 0;
      while (read >= 0 && bytes.hasRemaining()) {
        read = channel.read(bytes);
      }
      return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing", e);
    } catch (IOException e) {
      String problem = Files.isDirectory(file) ? "is a folder, expected an image" : "";
      throw DataException.in(
          file,
          problem.isEmpty() ? "cannot be read (" + e.getClass().getSimpleName() + ")" : problem,
          e);
    }
  }
}
