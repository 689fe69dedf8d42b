package org.mien.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class FileImageSourceTest {
  @TempDir Path folder;

  @Test
  void losslessFormatsGiveTheExactPixels() throws IOException {
    BufferedImage picture = TestImages.picture(13, 7, 1);
    for (String format : new String[] {"png", "bmp"}) {
      RawImage image = decode("a." + format, TestImages.encoded(picture, format));
      assertEquals(13, image.width());
      assertEquals(7, image.height());
      for (int y = 0; y < 7; y++) {
        for (int x = 0; x < 13; x++) {
          assertEquals(picture.getRGB(x, y) & 0xFFFFFF, rgb(image, x, y), format);
        }
      }
    }
  }

  @Test
  void aJpegIsCloseToWhatWasEncoded() throws IOException {
    BufferedImage picture = TestImages.picture(64, 48, 2);
    RawImage image = decode("a.jpg", TestImages.encoded(picture, "jpg"));
    long difference = 0;
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int was = picture.getRGB(x, y) >> shift & 0xFF;
          difference += Math.abs(was - (rgb(image, x, y) >> shift & 0xFF));
        }
      }
    }
    assertTrue(difference / (64.0 * 48 * 3) < 4, "mean difference too large: " + difference);
  }

  @Test
  void greyBecomesThreeEqualPlanes() throws IOException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 100, 255});
    RawImage image = decode("a.png", TestImages.encoded(grey, "png"));
    assertArrayEquals(new byte[] {0, 0, 0, 100, 100, 100, -1, -1, -1}, image.rgb());
    RawImage jpeg = decode("a.jpg", TestImages.encoded(grey, "jpg"));
    assertEquals(jpeg.rgb()[3], jpeg.rgb()[5]);
  }

  @Test
  void ofSixteenBitsTheUpperEightAreKept() throws IOException {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    WritableRaster raster = deep.getRaster();
    raster.setSample(0, 0, 0, 0x1234);
    raster.setSample(1, 0, 0, 0xFF80);
    RawImage image = decode("a.png", TestImages.encoded(deep, "png"));
    assertEquals(0x12, image.rgb()[0]);
    assertEquals((byte) 0xFF, image.rgb()[3]);
  }

  @Test
  void alphaIsDropped() throws IOException {
    BufferedImage translucent = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    translucent.setRGB(0, 0, 0x400A141E);
    RawImage image = decode("a.png", TestImages.encoded(translucent, "png"));
    assertArrayEquals(new byte[] {10, 20, 30}, image.rgb());
  }

  @Test
  void anExifOrientationIsApplied() throws IOException {
    BufferedImage picture = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        picture.setRGB(x, y, 0xFFFFFF); // the left half is white
      }
    }
    byte[] jpeg = TestImages.encoded(picture, "jpg");
    RawImage image = decode("a.jpg", withOrientation(jpeg, 6)); // a quarter turn clockwise
    assertEquals(16, image.width());
    assertEquals(32, image.height());
    assertTrue((rgb(image, 8, 4) & 0xFF) > 200, "left became top");
    assertTrue((rgb(image, 8, 28) & 0xFF) < 50, "right became bottom");
  }

  @Test
  void graymapsAreScaledByTheirMaximum() throws IOException {
    assertArrayEquals(
        new byte[] {0, 0, 0, 127, 127, 127, -1, -1, -1},
        decode("b.pgm", "P2\n# a comment\n3 1 255\n0 127 255".getBytes(StandardCharsets.US_ASCII))
            .rgb());
    assertArrayEquals(
        new byte[] {0, 0, 0, 64, 64, 64, -1, -1, -1},
        decode("c.pgm", "P5\n3 1\n4\n\0\1\4".getBytes(StandardCharsets.ISO_8859_1)).rgb());
    assertArrayEquals(
        new byte[] {-128, -128, -128},
        decode("d.pgm", "P5 1 1 65535 \u0080\u0080".getBytes(StandardCharsets.ISO_8859_1)).rgb());
  }

  @Test
  void noBeginningOfAnImageIsTakenForAnImage() throws IOException {
    BufferedImage picture = TestImages.picture(24, 20, 3);
    byte[] pgm = Arrays.copyOf("P5 20 20 255\n".getBytes(StandardCharsets.US_ASCII), 13 + 400);
    byte[][] whole = {
      TestImages.encoded(picture, "jpg"),
      TestImages.encoded(picture, "png"),
      TestImages.encoded(picture, "bmp"),
      pgm
    };
    for (byte[] bytes : whole) {
      assertNotNull(decode("whole", bytes));
      for (int length = 0; length < bytes.length; length++) {
        byte[] beginning = Arrays.copyOf(bytes, length);
        assertThrows(
            DataException.class, () -> EncodedImage.check("part", beginning), length + " bytes");
      }
    }
  }

  @Test
  void aTruncatedJpegIsNamedAsSuch() throws IOException {
    byte[] jpeg = TestImages.jpeg(250, 250, 4);
    DataException e =
        assertThrows(
            DataException.class, () -> decode("cut.jpg", Arrays.copyOf(jpeg, jpeg.length / 2)));
    assertTrue(e.getMessage().contains("cut.jpg: is a truncated JPEG"), e.getMessage());
  }

  @Test
  void bytesAfterTheEndOfAJpegDoNotMatter() throws IOException {
    byte[] jpeg = TestImages.jpeg(20, 20, 5);
    byte[] longer = Arrays.copyOf(jpeg, jpeg.length + 100);
    assertArrayEquals(decode("a.jpg", jpeg).rgb(), decode("b.jpg", longer).rgb());
  }

  @Test
  void whatIsNotAnImageIsDescribed() throws IOException {
    assertProblem("Hello \u001b[31m", "begins with the bytes 48656c6c6f201b5b");
    assertProblem("Hello, I am\na letter", "begins with the text \"Hello, I am a letter\"");
    assertProblem("", "is empty (0 bytes)");
    assertProblem("RIFF\4\0\0\0WAVE", "a RIFF file, not a WebP");
    assertProblem("GIF89a", "is a truncated GIF");
    assertProblem("II*\0", "it is a TIFF");
    assertProblem("P5 \n", "stops before its width");
    assertProblem("P5 1 1 70000 x", "maximum of 1 to 65535, was 70000");
    assertProblem("P2 1 1 10 11", "a value of 11 above its maximum of 10");
    assertProblem("P2 2 1 10 1 x", "expected its value");
  }

  @Test
  void absurdDimensionsAreRefusedBeforeDecoding() throws IOException {
    byte[] png = TestImages.encoded(TestImages.picture(4, 4, 6), "png");
    ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertProblem("a.png", png, "says it is 100000x100000 pixels");

    byte[] jpeg = TestImages.jpeg(16, 16, 6);
    int frame = indexOf(jpeg, (byte) 0xFF, (byte) 0xC0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 65000).putShort(frame + 7, (short) 65000);
    assertProblem("a.jpg", jpeg, "says it is 65000x65000 pixels");

    byte[] bmp = TestImages.encoded(TestImages.picture(4, 4, 6), "bmp");
    ByteBuffer.wrap(bmp).putInt(18, -1);
    assertProblem("a.bmp", bmp, "says it is -1x4 pixels");
    assertProblem("P5 99999999 99999999 255 ", "images above 64 million pixels are refused");
  }

  @Test
  void aChangedByteInAPngIsFound() throws IOException {
    byte[] png = TestImages.encoded(TestImages.picture(40, 40, 7), "png");
    png[png.length / 2] ^= 1;
    assertProblem("a.png", png, "the checksum of the chunk at byte");
  }

  @Test
  void damagedBytesGiveADataExceptionOrAnImageAndNothingElse() throws IOException {
    Random random = new Random(20250101); // fixed: OpenCV reports each damaged JPEG on stderr
    BufferedImage picture = TestImages.picture(30, 30, 8);
    for (String format : new String[] {"jpg", "png", "bmp"}) {
      byte[] good = TestImages.encoded(picture, format);
      int refused = 0;
      for (int i = 0; i < 60; i++) {
        byte[] bad = good.clone();
        int header = Math.min(bad.length, format.equals("jpg") ? 180 : 60);
        for (int k = 0; k < 3; k++) {
          bad[random.nextInt(header)] = (byte) random.nextInt(256);
        }
        try {
          assertNotNull(decode("bad." + format, bad).rgb());
        } catch (DataException expected) {
          refused++;
        }
      }
      assertTrue(refused > 0, format + ": no damage was found");
    }
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("none.jpg");
    DataException e =
        assertThrows(DataException.class, () -> new FileImageSource(missing).decode());
    assertEquals(missing + ": is missing", e.getMessage());
    e = assertThrows(DataException.class, () -> new FileImageSource(folder).decode());
    assertEquals(folder + ": is a folder, expected an image", e.getMessage());
  }

  @Test
  void readGivesWhatDecodeAndFingerprintGive() throws IOException {
    Path file = folder.resolve("a.jpg");
    Files.write(file, TestImages.jpeg(20, 10, 9));
    FileImageSource source = new FileImageSource(file);
    FingerprintedImage read = source.read();
    assertEquals(source.fingerprint(), read.fingerprint());
    assertArrayEquals(source.decode().rgb(), read.image().rgb());
  }

  @Test
  @DataTest
  void realFacesOfEachSetDecode() {
    Path data = DataFolder.path().resolve("data");
    RawImage lfw = decode(data.resolve("lfw/lfw-deepfunneled/Tony_Blair/Tony_Blair_0001.jpg"));
    assertEquals(250, lfw.width());
    assertEquals(250, lfw.height());
    assertTrue(spread(lfw) > 100, "an image of one colour");
    RawImage orl = decode(data.resolve("orl/s1/1.pgm"));
    assertEquals(92, orl.width());
    assertEquals(112, orl.height());
    assertTrue(spread(orl) > 100, "an image of one colour");
  }

  private static int spread(RawImage image) {
    int low = 255;
    int high = 0;
    for (byte b : image.rgb()) {
      low = Math.min(low, b & 0xFF);
      high = Math.max(high, b & 0xFF);
    }
    return high - low;
  }

  private void assertProblem(String text, String problem) throws IOException {
    assertProblem("a.jpg", text.getBytes(StandardCharsets.ISO_8859_1), problem);
  }

  private void assertProblem(String name, byte[] bytes, String problem) throws IOException {
    DataException e = assertThrows(DataException.class, () -> decode(name, bytes));
    assertTrue(
        e.getMessage().startsWith(folder.resolve(name).toString())
            && e.getMessage().contains(problem),
        e.getMessage());
  }

  private RawImage decode(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    return decode(file);
  }

  private static RawImage decode(Path file) {
    return new FileImageSource(file).decode();
  }

  private static int rgb(RawImage image, int x, int y) {
    int at = 3 * (y * image.width() + x);
    return (image.rgb()[at] & 0xFF) << 16
        | (image.rgb()[at + 1] & 0xFF) << 8
        | (image.rgb()[at + 2] & 0xFF);
  }

  private static int indexOf(byte[] bytes, byte first, byte second) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == first && bytes[i + 1] == second) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  /** Puts an EXIF segment with one entry, the orientation, behind the start of a JPEG. */
  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.putShort((short) 0xFFE1).putShort((short) 34);
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    exif.put("MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8);
    exif.putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    exif.putShort((short) 0).putInt(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(exif.array(), 0, exif.position());
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
