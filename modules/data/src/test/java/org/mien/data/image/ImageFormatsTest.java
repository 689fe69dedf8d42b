package org.mien.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;

/**
 * Decodes the images of {@code benchmarks/golden/make_image_golden.py} and compares every value
 * with Pillow's: baseline, progressive, grey and four-colour JPEGs, every EXIF orientation, PNGs of
 * 1, 8 and 16 bits, palettes, alpha, interlacing, BMPs, GIFs, WebPs and netpbm.
 */
class ImageFormatsTest {

  static List<String> images() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> Files.exists(folder().resolve(name + ".ppm")))
              .sorted()
              .toList();
      assertTrue(names.size() >= 50, "golden images are missing: " + names);
      return names;
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void pixelsAreThoseOfPillow(String name) throws IOException {
    RawImage image = new FileImageSource(folder().resolve(name)).decode();
    RawImage expected = new FileImageSource(folder().resolve(name + ".ppm")).decode();
    assertEquals(expected.width(), image.width());
    assertEquals(expected.height(), image.height());
    // Inks are multiplied in whole numbers by OpenCV, rounded down; all else is the same.
    int tolerance = name.contains("cmyk") || name.contains("ycck") ? 2 : 0;
    for (int i = 0; i < image.rgb().length; i++) {
      int difference = (image.rgb()[i] & 0xFF) - (expected.rgb()[i] & 0xFF);
      assertTrue(Math.abs(difference) <= tolerance, "value " + i + " is off by " + difference);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void inputsAreThoseOfTheDecodedImage(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(folder().resolve(name));
    FacePreprocessor faces = new FacePreprocessor(TestImages.plain(9, 11, new Crop.Centre(0.8)));
    float[] input = new float[3 * 99];
    ImageBytes.writeInput(name, bytes, faces, input, 0);
    RawImage image = ImageBytes.decode(name, bytes);
    assertArrayEquals(faces.apply(image), input);
    assertArrayEquals(faces.view(image).rgb(), ImageBytes.view(name, bytes, faces).rgb());
  }

  @ParameterizedTest
  @MethodSource("images")
  void noBeginningIsTakenForAnImage(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(folder().resolve(name));
    if (name.startsWith("text")) {
      return; // its last number may be cut and still be a number
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] beginning = Arrays.copyOf(bytes, length);
      assertThrows(
          DataException.class, () -> EncodedImage.check("part", beginning), length + " bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void anUndamagedImageHasNoProblem(String name) throws IOException {
    assertEquals(
        Optional.empty(), JpegDamage.problemWith(name, Files.readAllBytes(folder().resolve(name))));
  }

  @Test
  void anAnimatedWebpIsRefused() {
    FileImageSource animated = new FileImageSource(folder().resolve("animated.webp"));
    DataException e = assertThrows(DataException.class, animated::decode);
    assertTrue(e.getMessage().endsWith("is an animated WebP; expected one picture"));
  }

  @Test
  void damagedGifsAndWebpsAreDescribed() throws IOException {
    byte[] gif = Files.readAllBytes(folder().resolve("plain.gif"));
    byte[] wide = gif.clone();
    wide[6] = 3; // the screen is narrower than the picture
    assertProblem(wide, "a picture of 24x17 at 0, 0 on a screen of 3x17");
    byte[] huge = gif.clone();
    Arrays.fill(huge, 6, 10, (byte) 0xFF);
    assertProblem(huge, "says it is 65535x65535 pixels");
    assertProblem("GIF89a\1\0\1\0\0\0\0;".getBytes(StandardCharsets.ISO_8859_1), "no picture");
    assertProblem("GIF89a\1\0\1\0\0\0\0x;".getBytes(StandardCharsets.ISO_8859_1), "block 78");

    byte[] webp = Files.readAllBytes(folder().resolve("lossy.webp"));
    byte[] cut = webp.clone();
    cut[16] = (byte) (cut[16] + 9); // the chunk's length
    assertProblem(cut, "the chunk at byte 12 is longer than the file");
    byte[] other = webp.clone();
    other[23] = 0; // the start code
    assertProblem(other, "its VP8 chunk at byte 12 is wrong");
    assertProblem("RIFF\4\0\0\0WEBP".getBytes(StandardCharsets.ISO_8859_1), "no picture");
    assertProblem("RIFF\4\0\0\0WAVE".getBytes(StandardCharsets.ISO_8859_1), "not a WebP");
  }

  @Test
  void aGifWhoseCodesEndTooSoonIsDamaged() throws IOException {
    byte[] gif = Files.readAllBytes(folder().resolve("plain.gif"));
    GifImage header = GifImage.readHeader("plain.gif", gif);
    byte[] bad = gif.clone();
    assertEquals(8, bad[header.dataStart()]);
    // Codes of 9 bits, the lowest first: 256 clears the table, 257 ends the picture.
    bad[header.dataStart() + 2] = 0b00000000;
    bad[header.dataStart() + 3] = 0b00000011;
    bad[header.dataStart() + 4] = 0b00000010;
    assertProblem(bad, "its picture ends after 0 of 408 pixels");
  }

  @Test
  void jpegsOfOtherKindsAreNamed() throws IOException {
    byte[] jpeg = Files.readAllBytes(folder().resolve("baseline.jpg"));
    int frame = 2;
    while ((jpeg[frame + 1] & 0xFF) != 0xC0) {
      frame += 2 + ((jpeg[frame + 2] & 0xFF) << 8 | (jpeg[frame + 3] & 0xFF));
    }
    byte[] deep = jpeg.clone();
    deep[frame + 4] = 12;
    assertProblem(deep, "is a JPEG of 12 bits a sample; expected 8");
    byte[] two = jpeg.clone();
    two[frame + 9] = 2;
    assertProblem(two, "is a JPEG of 2 components; expected 1, 3 or 4");
    byte[] lossless = jpeg.clone();
    lossless[frame + 1] = (byte) 0xC3;
    assertProblem(lossless, "is a JPEG of a rare kind (SOF3)");
  }

  private static void assertProblem(byte[] bytes, String problem) {
    DataException e =
        assertThrows(DataException.class, () -> ImageBytes.decode("part 7 of x.rec", bytes));
    assertTrue(
        e.getMessage().startsWith("part 7 of x.rec: ") && e.getMessage().contains(problem),
        e.getMessage());
  }

  private static Path folder() {
    URI uri;
    try {
      uri = ImageFormatsTest.class.getResource("golden").toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return Path.of(uri);
  }
}
