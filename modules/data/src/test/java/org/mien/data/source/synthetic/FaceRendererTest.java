package org.mien.data.source.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;

class FaceRendererTest {
  private static final SeedStreams SEEDS = new SeedStreams(20240607);

  /**
   * These bytes must come out on every machine and Java version. If you changed how a face looks on
   * purpose: raise {@link FaceRenderer#RENDERER_VERSION}, put the new hash here, look at the sheets
   * of {@link ContactSheet}, and train again whatever was trained on synthetic faces.
   */
  @Test
  void goldenPicturesKeepTheirBytes() {
    assertEquals(1, FaceRenderer.RENDERER_VERSION);
    Fingerprint fingerprint = new Fingerprint();
    for (int size : new int[] {64, 112}) {
      for (int person = 0; person < 40; person += 3) {
        fingerprint.add(
            FaceRenderer.render(
                    IdentityParameters.of(SEEDS, person),
                    NuisanceParameters.of(SEEDS, person, size, person / 3 % 3 * 0.7),
                    size)
                .rgb());
      }
    }
    assertEquals(
        "ffc01f9521bd949b06ae6f377c6ec615f8a44e8c2d0dcfc398cefb163ca830e9", fingerprint.hex());
  }

  @Test
  void sameParametersGiveTheSameBytesOnEveryThread() {
    IdentityParameters identity = IdentityParameters.of(SEEDS, 7);
    NuisanceParameters nuisance = NuisanceParameters.of(SEEDS, 7, 1);
    byte[] expected = FaceRenderer.render(identity, nuisance, 48).rgb();
    List<byte[]> others =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(
                i -> {
                  // Another picture in between, so that state left behind would show.
                  FaceRenderer.render(IdentityParameters.of(SEEDS, i), nuisance, 32);
                  return FaceRenderer.render(identity, nuisance, 48).rgb();
                })
            .toList();
    others.forEach(bytes -> assertArrayEquals(expected, bytes));
  }

  @Test
  void otherSeedsPeopleAndPicturesDiffer() {
    byte[] base = render(SEEDS, 3, 5);
    assertFalse(Arrays.equals(base, render(new SeedStreams(SEEDS.seed() + 1), 3, 5)));
    assertFalse(Arrays.equals(base, render(SEEDS, 4, 5)));
    assertFalse(Arrays.equals(base, render(SEEDS, 3, 6)));
  }

  private static byte[] render(SeedStreams seeds, long identity, long image) {
    return FaceRenderer.render(
            IdentityParameters.of(seeds, identity),
            NuisanceParameters.of(seeds, identity, image),
            32)
        .rgb();
  }

  @Test
  void strengthZeroGivesThePassportPicture() {
    for (int person = 0; person < 5; person++) {
      IdentityParameters identity = IdentityParameters.of(SEEDS, person);
      assertArrayEquals(
          FaceRenderer.render(identity, NuisanceParameters.neutral(), 48).rgb(),
          FaceRenderer.render(identity, NuisanceParameters.of(SEEDS, person, 9, 0), 48).rgb());
    }
  }

  @Test
  void happyRaisesAndSadLowersTheCornersOfTheMouth() {
    for (int person = 0; person < 20; person++) {
      IdentityParameters identity = IdentityParameters.of(SEEDS, person);
      double neutral = cornerHeight(identity, Expression.NEUTRAL);
      assertTrue(cornerHeight(identity, Expression.HAPPY) > neutral + 0.5, "person " + person);
      assertTrue(cornerHeight(identity, Expression.SAD) < neutral - 0.5, "person " + person);
    }
  }

  /** Height of the corners of the mouth in pixels, counted upwards. */
  private static double cornerHeight(IdentityParameters identity, Expression expression) {
    FaceLandmarks points = FaceRenderer.landmarks(identity, Scenes.with(expression), 112);
    return -0.5 * (points.y()[3] + points.y()[4]);
  }

  @Test
  void surpriseOpensEyesAndMouth() {
    IdentityParameters identity = IdentityParameters.of(SEEDS, 1);
    FaceShape neutral = new FaceShape(identity, Scenes.with(Expression.NEUTRAL).face());
    FaceShape surprised = new FaceShape(identity, Scenes.with(Expression.SURPRISED).face());
    assertEquals(0, neutral.mouthGap);
    assertTrue(surprised.mouthGap > 0.2);
    assertTrue(surprised.eyeUp > 1.3 * neutral.eyeUp);
    assertTrue(surprised.browInnerLift > 0.1);
  }

  @Test
  void aTurnOfTheHeadMovesTheNoseFurtherThanTheEyes() {
    for (int person = 0; person < 10; person++) {
      IdentityParameters identity = IdentityParameters.of(SEEDS, person);
      FaceLandmarks front = FaceRenderer.landmarks(identity, Scenes.turned(0, 0, 0), 112);
      FaceLandmarks right = FaceRenderer.landmarks(identity, Scenes.turned(30, 0, 0), 112);
      double nose = right.x()[2] - front.x()[2];
      double eyes = 0.5 * (right.x()[0] + right.x()[1] - front.x()[0] - front.x()[1]);
      assertTrue(eyes > 5, "the eyes moved by " + eyes);
      assertTrue(nose > eyes + 3, "nose " + nose + ", eyes " + eyes);
    }
  }

  @Test
  void pitchLooksUpAndRollTurnsAnticlockwise() {
    IdentityParameters identity = IdentityParameters.of(SEEDS, 2);
    FaceLandmarks front = FaceRenderer.landmarks(identity, Scenes.turned(0, 0, 0), 112);
    assertTrue(
        FaceRenderer.landmarks(identity, Scenes.turned(0, 20, 0), 112).y()[2] < front.y()[2] - 3);
    FaceLandmarks rolled = FaceRenderer.landmarks(identity, Scenes.turned(0, 0, 20), 112);
    assertTrue(rolled.y()[1] < rolled.y()[0] - 3, "the eye on the right is higher");
  }

  @Test
  void landmarksLieOnWhatIsDrawn() {
    int seen = 0;
    for (int person = 0; person < 60; person++) {
      IdentityParameters identity = IdentityParameters.of(SEEDS, person);
      if (identity.glasses().style() != GlassesStyle.NONE || identity.skin().tone() > 0.5) {
        continue;
      }
      for (int yaw : new int[] {-25, 0, 25}) {
        seen++;
        NuisanceParameters scene = Scenes.turned(yaw, 0, 5);
        RawImage image = FaceRenderer.render(identity, scene, 160);
        FaceLandmarks points = FaceRenderer.landmarks(identity, scene, 160);
        // A pupil is black, and the tip of the nose is skin in the light.
        double tip = mean(image, points.x()[2], points.y()[2]);
        for (int eye = 0; eye < 2; eye++) {
          double pupil = darkest(image, points.x()[eye], points.y()[eye]);
          assertTrue(
              pupil < 0.5 * tip, "person " + person + " yaw " + yaw + ": " + pupil + " vs " + tip);
        }
      }
    }
    assertTrue(seen >= 30, "only " + seen + " pictures");
  }

  /** The mean of green within two pixels. */
  private static double mean(RawImage image, double x, double y) {
    double sum = 0;
    for (int dy = -2; dy <= 2; dy++) {
      for (int dx = -2; dx <= 2; dx++) {
        sum += green(image, x + dx, y + dy);
      }
    }
    return sum / 25;
  }

  /** The darkest green within two pixels. */
  private static double darkest(RawImage image, double x, double y) {
    int least = 255;
    for (int dy = -2; dy <= 2; dy++) {
      for (int dx = -2; dx <= 2; dx++) {
        least = Math.min(least, green(image, x + dx, y + dy));
      }
    }
    return least;
  }

  private static int green(RawImage image, double x, double y) {
    int column = (int) x;
    int row = (int) y;
    return image.rgb()[3 * (row * image.width() + column) + 1] & 0xFF;
  }

  @Test
  void lightFromOneSideBrightensThatSide() {
    IdentityParameters identity = IdentityParameters.of(SEEDS, 2);
    assertTrue(rightMinusLeft(identity, 70) > 10);
    assertTrue(rightMinusLeft(identity, -70) < -10);
  }

  /** Mean brightness of the face's right half minus that of its left half. */
  private static double rightMinusLeft(IdentityParameters identity, double azimuth) {
    RawImage image = FaceRenderer.render(identity, Scenes.litFrom(azimuth), 64);
    double difference = 0;
    for (int y = 28; y < 44; y++) {
      for (int x = 20; x < 44; x++) {
        int value = image.rgb()[3 * (y * 64 + x) + 1] & 0xFF;
        difference += x < 32 ? -value : value;
      }
    }
    return difference / (16 * 12);
  }

  @Test
  void glassesShowOnlyWhereTheyAreWorn() {
    IdentityParameters owner =
        IntStream.range(0, 100)
            .mapToObj(i -> IdentityParameters.of(SEEDS, i))
            .filter(i -> i.glasses().style() != GlassesStyle.NONE)
            .findFirst()
            .orElseThrow();
    byte[] on = FaceRenderer.render(owner, Scenes.glasses(true, false), 64).rgb();
    byte[] off = FaceRenderer.render(owner, Scenes.glasses(false, false), 64).rgb();
    byte[] dark = FaceRenderer.render(owner, Scenes.glasses(false, true), 64).rgb();
    assertFalse(Arrays.equals(on, off));
    assertFalse(Arrays.equals(off, dark));
    assertFalse(Arrays.equals(on, dark));
  }

  @Test
  void picturesOfOnePersonAreCloserThanPicturesOfTwo() {
    int people = 12;
    int pictures = 4;
    byte[][] all = new byte[people * pictures][];
    for (int i = 0; i < all.length; i++) {
      int person = i / pictures;
      all[i] =
          FaceRenderer.render(
                  IdentityParameters.of(SEEDS, person),
                  NuisanceParameters.of(SEEDS, person, i % pictures, 0.3),
                  32)
              .rgb();
    }
    double within = 0;
    double between = 0;
    int withinPairs = 0;
    int betweenPairs = 0;
    for (int i = 0; i < all.length; i++) {
      for (int j = 0; j < i; j++) {
        if (i / pictures == j / pictures) {
          within += distance(all[i], all[j]);
          withinPairs++;
        } else {
          between += distance(all[i], all[j]);
          betweenPairs++;
        }
      }
    }
    within /= withinPairs;
    between /= betweenPairs;
    assertTrue(within < 0.8 * between, "within " + within + ", between " + between);
  }

  /** Root mean square difference of the middle of the picture, where the face is. */
  private static double distance(byte[] a, byte[] b) {
    double sum = 0;
    for (int y = 6; y < 26; y++) {
      for (int i = 3 * (32 * y + 8); i < 3 * (32 * y + 24); i++) {
        double d = (a[i] & 0xFF) - (b[i] & 0xFF);
        sum += d * d;
      }
    }
    return Math.sqrt(sum / (20 * 16 * 3));
  }

  @Test
  void sizesOutsideTheBoundsAreRefused() {
    IdentityParameters identity = IdentityParameters.of(SEEDS, 0);
    NuisanceParameters nuisance = NuisanceParameters.neutral();
    for (int size : new int[] {-1, 0, 15, 1025}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> FaceRenderer.render(identity, nuisance, size));
      assertTrue(refused.getMessage().contains(Integer.toString(size)), refused.getMessage());
    }
    assertEquals(3 * 16 * 16, FaceRenderer.render(identity, nuisance, 16).rgb().length);
    assertEquals(101, FaceRenderer.render(identity, nuisance, 101).width());
  }
}
