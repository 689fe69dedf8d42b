package org.mien.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class JpegDamageTest {
  @TempDir Path folder;

  @Test
  void mostChangedStretchesOfCompressedDataAreFound() throws IOException {
    for (boolean progressive : new boolean[] {false, true}) {
      byte[] good = textured(progressive);
      assertEquals(Optional.empty(), JpegDamage.problemWith("good.jpg", good));
      List<Integer> places = insideCompressedData(good);
      Random random = new Random(7);
      int found = 0;
      int tried = 0;
      while (tried < 60) {
        byte[] bad = good.clone();
        int at = random.nextInt(places.size() - 100);
        for (int i = 0; i < 100; i++) {
          bad[places.get(at + i)] = (byte) random.nextInt(255); // never FF, which begins a marker
        }
        tried++;
        Optional<String> problem = JpegDamage.problemWith("bad.jpg", bad);
        if (problem.isPresent()) {
          assertTrue(problem.get().startsWith("bad.jpg: is a damaged JPEG: "), problem.get());
          found++;
        }
      }
      assertTrue(
          found >= tried * 0.9,
          "found " + found + " of " + tried + (progressive ? " in progressive" : " in baseline"));
    }
  }

  @Test
  void dataThatEndsBeforeThePictureIsFound() throws IOException {
    byte[] good = textured(false);
    ByteArrayOutputStream cut = new ByteArrayOutputStream();
    cut.write(good, 0, good.length / 2);
    while (cut.toByteArray()[cut.size() - 1] == (byte) 0xFF) {
      cut.write(0); // a stuffed FF
    }
    cut.write(0xFF);
    cut.write(0xD9);
    assertEquals(
        Optional.empty(),
        problemOf(() -> EncodedImage.check("cut.jpg", cut.toByteArray())),
        "its markers are right");
    Optional<String> problem = JpegDamage.problemWith("cut.jpg", cut.toByteArray());
    assertTrue(
        problem.orElse("none").contains("its data ends before the picture"), problem::toString);
  }

  @Test
  void aProblemBeginsWithTheFile() throws IOException {
    Path file = folder.resolve("a.jpg");
    Files.write(file, textured(false));
    assertEquals(Optional.empty(), problem(file));
    Files.write(file, new byte[] {1, 2, 3});
    assertTrue(problem(file).orElseThrow().contains("a.jpg: is not a JPEG"));
  }

  private static Optional<String> problem(Path file) {
    FileImageSource source = new FileImageSource(file);
    return JpegDamage.problemWith(source.where(), source.bytes());
  }

  @DataTest
  void realJpegsAreNotTakenForDamaged() throws IOException {
    Path lfw = DataFolder.path().resolve("data/lfw/lfw-deepfunneled");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> people = Files.list(lfw)) {
      for (Path person : people.sorted().limit(200).toList()) {
        try (Stream<Path> images = Files.list(person)) {
          images.sorted().limit(1).forEach(files::add);
        }
      }
    }
    assertTrue(files.size() > 100);
    for (Path file : files) {
      assertEquals(Optional.empty(), problem(file));
    }
  }

  @Test
  void restartMarkersAreExpectedInTheirOrder() throws IOException {
    byte[] plain = TestImages.jpeg(64, 64, 5);
    byte[] good = withRestartAfterEveryUnit();
    assertEquals(Optional.empty(), JpegDamage.problemWith("a.jpg", plain));
    assertEquals(Optional.empty(), JpegDamage.problemWith("b.jpg", good));
    byte[] bad = good.clone();
    int marker = bad.length - 4; // FF D0, a byte of data, FF D9
    while (!(bad[marker] == (byte) 0xFF && bad[marker + 1] == (byte) 0xD0)) {
      marker--;
    }
    bad[marker + 1] = (byte) 0xD3;
    Optional<String> problem = JpegDamage.problemWith("c.jpg", bad);
    assertTrue(problem.orElse("none").contains("a restart marker is missing"), problem::toString);
  }

  private interface Work {
    void run();
  }

  private static Optional<String> problemOf(Work work) {
    try {
      work.run();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * A grey JPEG of two blocks with a restart marker between them, written by hand: one code, of one
   * bit, for "no change of brightness" and "no more coefficients".
   */
  private static byte[] withRestartAfterEveryUnit() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, 0xFF, 0xD8);
    write(out, 0xFF, 0xDB, 0, 67, 0);
    for (int i = 0; i < 64; i++) {
      out.write(1);
    }
    write(out, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0);
    for (int kind : new int[] {0x00, 0x10}) {
      write(out, 0xFF, 0xC4, 0, 20, kind, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
    write(out, 0xFF, 0xDD, 0, 4, 0, 1);
    write(out, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0);
    write(out, 0b00111111, 0xFF, 0xD0, 0b00111111, 0xFF, 0xD9);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int... values) {
    for (int value : values) {
      out.write(value);
    }
  }

  /** A picture with detail in every block. */
  private static byte[] textured(boolean progressive) throws IOException {
    var picture = TestImages.picture(250, 250, 3);
    Random random = new Random(11);
    for (int y = 0; y < 250; y++) {
      for (int x = 0; x < 250; x++) {
        int grey = random.nextInt(40);
        picture.setRGB(x, y, (picture.getRGB(x, y) & 0x7F7F7F) + grey * 0x010101);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (progressive) {
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Places of bytes of the last scan's data that are neither FF nor stand behind one. */
  private static List<Integer> insideCompressedData(byte[] jpeg) {
    int scan = jpeg.length - 3;
    while (!(jpeg[scan] == (byte) 0xFF && jpeg[scan + 1] == (byte) 0xDA)) {
      scan--;
    }
    int start = scan + 2 + ((jpeg[scan + 2] & 0xFF) << 8 | (jpeg[scan + 3] & 0xFF));
    List<Integer> places = new ArrayList<>();
    for (int i = start; i < jpeg.length - 2; i++) {
      if (jpeg[i] != (byte) 0xFF && jpeg[i - 1] != (byte) 0xFF) {
        places.add(i);
      }
    }
    return places;
  }
}
