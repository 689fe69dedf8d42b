package org.mien.data.source.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mien.data.image.RawImage;

/** Corners of the parameter space: each number is at one end of its range or in its middle. */
class RendererExtremesTest {
  private static final int SIZE = 32;

  @Property(tries = 150)
  void extremesDoNotThrow(@ForAll long seed) {
    Corner corner = new Corner(seed);
    IdentityParameters identity = corner.identity();
    NuisanceParameters nuisance = corner.nuisance();
    assertEquals(SIZE, FaceRenderer.render(identity, nuisance, SIZE).width());
    FaceLandmarks points = FaceRenderer.landmarks(identity, nuisance, SIZE);
    for (int i = 0; i < FaceLandmarks.COUNT; i++) {
      assertTrue(Float.isFinite(points.x()[i]) && Float.isFinite(points.y()[i]));
    }
  }

  /**
   * However somebody looks and turns, something is to be seen; the camera's extremes are left out,
   * because an overexposed, blurred picture of the back of a head is white.
   */
  @Property(tries = 150)
  void extremePeopleAndPosesAreSeen(@ForAll long seed) {
    Corner corner = new Corner(seed);
    IdentityParameters identity = corner.identity();
    NuisanceParameters n = corner.nuisance();
    NuisanceParameters.Pose pose = n.pose();
    NuisanceParameters.Light light = n.light();
    NuisanceParameters neutral = NuisanceParameters.neutral();
    NuisanceParameters nuisance =
        new NuisanceParameters(
            new NuisanceParameters.Pose(
                pose.yawDegrees(), pose.pitchDegrees(), pose.rollDegrees(), 0, 0, 1),
            new NuisanceParameters.Light(
                light.azimuthDegrees(), light.elevationDegrees(), 0.85, 0.45, light.warmth(), 1),
            n.face(),
            neutral.camera(),
            n.scene());
    double deviation = deviation(FaceRenderer.render(identity, nuisance, SIZE));
    assertTrue(
        deviation > 8,
        "standard deviation of pixels " + deviation + "\n" + identity + "\n" + nuisance);
  }

  private static double deviation(RawImage image) {
    double sum = 0;
    double squares = 0;
    for (byte value : image.rgb()) {
      int v = value & 0xFF;
      sum += v;
      squares += (double) v * v;
    }
    double mean = sum / image.rgb().length;
    return Math.sqrt(squares / image.rgb().length - mean * mean);
  }

  private static final class Corner {
    private final SplittableRandom random;

    Corner(long seed) {
      random = new SplittableRandom(seed);
    }

    private double pick(double min, double max) {
      return switch (random.nextInt(3)) {
        case 0 -> min;
        case 1 -> max;
        default -> 0.5 * (min + max);
      };
    }

    private double d() {
      return pick(-3, 3);
    }

    private <T> T any(T[] values) {
      return values[random.nextInt(values.length)];
    }

    IdentityParameters identity() {
      return new IdentityParameters(
          new IdentityParameters.Head(d(), d(), d(), d(), d(), d(), d(), d(), d(), d(), d(), d()),
          new IdentityParameters.Eyes(
              d(), d(), d(), d(), d(), d(), d(), d(), d(), any(EyeColor.values())),
          new IdentityParameters.Brows(d(), d(), d(), d(), d(), pick(0, 1)),
          new IdentityParameters.Nose(d(), d(), d(), d(), d(), d(), d(), d()),
          new IdentityParameters.Mouth(d(), d(), d(), d(), d(), d(), d(), pick(0, 1)),
          new IdentityParameters.Ears(d(), d()),
          new IdentityParameters.Hair(
              any(HairStyle.values()),
              any(HairColor.values()),
              d(),
              d(),
              d(),
              d(),
              random.nextBoolean() ? 1 : -1,
              pick(35, 80),
              random.nextInt()),
          new IdentityParameters.Skin(
              pick(0, 1),
              d(),
              pick(0, 1),
              pick(0, 1),
              (int) pick(0, 4),
              pick(0, 1),
              random.nextInt()),
          new IdentityParameters.FacialHair(any(FacialHairStyle.values()), pick(0, 1), d()),
          new IdentityParameters.Glasses(any(GlassesStyle.values()), d(), pick(0, 1), pick(0, 1)),
          pick(18, 80));
    }

    NuisanceParameters nuisance() {
      Expression expression = any(Expression.values());
      return new NuisanceParameters(
          new NuisanceParameters.Pose(
              pick(-90, 90),
              pick(-45, 45),
              pick(-90, 90),
              pick(-0.3, 0.3),
              pick(-0.3, 0.3),
              pick(0.5, 2)),
          new NuisanceParameters.Light(
              pick(-90, 90),
              pick(-45, 90),
              pick(0, 2),
              pick(0.05, 1.5),
              pick(-1, 1),
              pick(0.3, 2.5)),
          new NuisanceParameters.Face(
              expression,
              expression == Expression.NEUTRAL ? 0 : 1,
              pick(-1, 1),
              pick(-1, 1),
              pick(0, 1),
              pick(-10, 10),
              random.nextBoolean(),
              random.nextBoolean()),
          new NuisanceParameters.Camera(
              pick(0, 0.05), pick(0, 40), (int) pick(20, 100), random.nextInt()),
          new NuisanceParameters.Scene(
              random.nextInt(), random.nextInt(), pick(0, 1), pick(0, 0.4), pick(0, 360)));
    }
  }
}
