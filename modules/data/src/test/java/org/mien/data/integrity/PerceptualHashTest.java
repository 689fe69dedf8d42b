package org.mien.data.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.mien.data.image.RawImage;

final class PerceptualHashTest {

  @Test
  void isTheDefinitionWrittenOut() {
    // 64x96: each of the 32x32 values is the mean of 2x3 pixels.
    RawImage image = Drawings.raw(Drawings.blobs(64, 96, 5));
    double[][] grey = new double[32][32];
    for (int y = 0; y < 96; y++) {
      for (int x = 0; x < 64; x++) {
        int at = 3 * (64 * y + x);
        grey[y / 3][x / 2] +=
            (0.299 * (image.rgb()[at] & 0xFF)
                    + 0.587 * (image.rgb()[at + 1] & 0xFF)
                    + 0.114 * (image.rgb()[at + 2] & 0xFF))
                / 6;
      }
    }
    List<Double> coefficients = new ArrayList<>();
    for (int v = 1; v <= 8; v++) {
      for (int u = 1; u <= 8; u++) {
        double sum = 0;
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 32; x++) {
            sum +=
                grey[y][x]
                    * Math.cos(Math.PI * v * (2 * y + 1) / 64)
                    * Math.cos(Math.PI * u * (2 * x + 1) / 64);
          }
        }
        coefficients.add(sum);
      }
    }
    List<Double> sorted = new ArrayList<>(coefficients);
    Collections.sort(sorted);
    double median = (sorted.get(31) + sorted.get(32)) / 2;
    long expected = 0;
    for (int k = 0; k < 64; k++) {
      expected |= coefficients.get(k) > median ? 1L << (16 * (k % 4) + k / 4) : 0;
    }

    assertEquals(expected, hash(image).bits());
  }

  @Test
  void copiesOfAPictureAreNearAndOtherPicturesAreNot() throws IOException {
    int farthestCopy = 0;
    int nearestOther = 64;
    for (long seed = 0; seed < 40; seed++) {
      BufferedImage picture = Drawings.blobs(250, 250, seed);
      long bits = hash(Drawings.raw(picture)).bits();
      BufferedImage jpeg = ImageIO.read(new ByteArrayInputStream(Drawings.jpeg(picture, 0.5)));
      BufferedImage small = Drawings.scaled(picture, 112, 112);
      for (BufferedImage copy : List.of(jpeg, small)) {
        farthestCopy =
            Math.max(farthestCopy, Long.bitCount(bits ^ hash(Drawings.raw(copy)).bits()));
      }
      long other = hash(Drawings.raw(Drawings.blobs(250, 250, seed + 1000))).bits();
      nearestOther = Math.min(nearestOther, Long.bitCount(bits ^ other));
    }
    assertTrue(farthestCopy <= CheckOptions.DEFAULT_NEAR_DISTANCE, "copy at " + farthestCopy);
    assertTrue(nearestOther >= 12, "other at " + nearestOther);
  }

  @Test
  void theMirroredHashIsThatOfTheMirroredPicture() {
    for (long seed = 0; seed < 20; seed++) {
      BufferedImage picture = Drawings.blobs(97, 61, seed);
      PerceptualHash hash = hash(Drawings.raw(picture));
      PerceptualHash mirrored = hash(Drawings.raw(Drawings.mirrored(picture)));

      // Sums in another order: a coefficient may fall to the other side of the median.
      assertTrue(Long.bitCount(hash.mirroredBits() ^ mirrored.bits()) <= 2);
      assertTrue(Long.bitCount(hash.bits() ^ mirrored.mirroredBits()) <= 2);
      assertTrue(Long.bitCount(hash.bits() ^ mirrored.bits()) > 8);
    }
  }

  @Test
  void aFlatPictureHasNone() {
    assertEquals(
        Optional.empty(), PerceptualHash.of(Drawings.raw(Drawings.flat(50, 50, Color.GRAY))));
    assertEquals(Optional.empty(), PerceptualHash.of(new RawImage(1, 1, new byte[3])));
  }

  @Test
  void picturesSmallerThan32PixelsHaveOne() {
    assertTrue(PerceptualHash.of(Drawings.raw(Drawings.blobs(20, 9, 3))).isPresent());
  }

  private static PerceptualHash hash(RawImage image) {
    return PerceptualHash.of(image).orElseThrow();
  }
}
