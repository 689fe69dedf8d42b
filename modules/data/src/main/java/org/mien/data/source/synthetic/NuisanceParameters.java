package org.mien.data.source.synthetic;

import org.mien.core.random.SeedStreams;

/**
 * Everything that may differ between two pictures of one person.
 *
 * @param pose how the head is turned and where it is in the picture
 * @param light where the light comes from and its colour
 * @param face what the person does and wears
 * @param camera what the camera loses
 * @param scene what else is in the picture
 */
public record NuisanceParameters(Pose pose, Light light, Face face, Camera camera, Scene scene) {
  /** A pale green that no skin has. */
  private static final int NEUTRAL_CLOTHES = 5;

  /**
   * How the head is turned, and where it is in the picture.
   *
   * @param yawDegrees turn about the vertical axis in [-90, 90]; positive to the picture's right
   * @param pitchDegrees nod in [-45, 45]; positive looks up
   * @param rollDegrees tilt in the picture plane in [-90, 90]; positive is anticlockwise
   * @param shiftX to the right, as a fraction of the picture's side, in [-0.5, 0.5]
   * @param shiftY down, as a fraction of the picture's side, in [-0.5, 0.5]
   * @param scale 1 for the usual size of the face, in [0.5, 2]
   */
  public record Pose(
      double yawDegrees,
      double pitchDegrees,
      double rollDegrees,
      double shiftX,
      double shiftY,
      double scale) {
    public Pose {
      IdentityParameters.inRange("pose.yawDegrees", yawDegrees, -90, 90);
      IdentityParameters.inRange("pose.pitchDegrees", pitchDegrees, -45, 45);
      IdentityParameters.inRange("pose.rollDegrees", rollDegrees, -90, 90);
      IdentityParameters.inRange("pose.shiftX", shiftX, -0.5, 0.5);
      IdentityParameters.inRange("pose.shiftY", shiftY, -0.5, 0.5);
      IdentityParameters.inRange("pose.scale", scale, 0.5, 2);
    }
  }

  /**
   * The light.
   *
   * @param azimuthDegrees of the key light in [-90, 90]; positive from the picture's right
   * @param elevationDegrees of the key light in [-45, 90]
   * @param strength of the key light in [0, 2]
   * @param ambient strength of the light from everywhere in [0.05, 1.5]
   * @param warmth colour of the key light in [-1, 1], from blue to orange
   * @param exposure factor on everything in [0.3, 2.5]
   */
  public record Light(
      double azimuthDegrees,
      double elevationDegrees,
      double strength,
      double ambient,
      double warmth,
      double exposure) {
    public Light {
      IdentityParameters.inRange("light.azimuthDegrees", azimuthDegrees, -90, 90);
      IdentityParameters.inRange("light.elevationDegrees", elevationDegrees, -45, 90);
      IdentityParameters.inRange("light.strength", strength, 0, 2);
      IdentityParameters.inRange("light.ambient", ambient, 0.05, 1.5);
      IdentityParameters.inRange("light.warmth", warmth, -1, 1);
      IdentityParameters.inRange("light.exposure", exposure, 0.3, 2.5);
    }
  }

  /**
   * What the person does and wears.
   *
   * @param expression the expression
   * @param intensity of the expression, 0 to 1; 0 for {@link Expression#NEUTRAL}
   * @param gazeX where the eyes look relative to the head, -1 (left) to 1 (right)
   * @param gazeY -1 (down) to 1 (up)
   * @param blink 0 for open eyes, 1 for closed ones
   * @param ageOffsetYears how much earlier or later than the person's age the picture was taken, in
   *     [-10, 10]
   * @param glassesOn whether somebody who owns glasses wears them here
   * @param sunglasses whether dark glasses hide the eyes
   */
  public record Face(
      Expression expression,
      double intensity,
      double gazeX,
      double gazeY,
      double blink,
      double ageOffsetYears,
      boolean glassesOn,
      boolean sunglasses) {
    public Face {
      IdentityParameters.inRange(
          "face.intensity", intensity, 0, expression == Expression.NEUTRAL ? 0 : 1);
      IdentityParameters.inRange("face.gazeX", gazeX, -1, 1);
      IdentityParameters.inRange("face.gazeY", gazeY, -1, 1);
      IdentityParameters.inRange("face.blink", blink, 0, 1);
      IdentityParameters.inRange("face.ageOffsetYears", ageOffsetYears, -10, 10);
    }
  }

  /**
   * What the camera loses.
   *
   * @param blurSigma standard deviation of the blur as a fraction of the picture's side, in [0,
   *     0.05]
   * @param noiseSigma standard deviation of the sensor's noise on the scale 0 to 255, in [0, 40]
   * @param jpegQuality as of a JPEG encoder in [20, 100]; 100 leaves the pixels alone
   * @param noiseSeed seed of the noise
   */
  public record Camera(double blurSigma, double noiseSigma, int jpegQuality, int noiseSeed) {
    public Camera {
      IdentityParameters.inRange("camera.blurSigma", blurSigma, 0, 0.05);
      IdentityParameters.inRange("camera.noiseSigma", noiseSigma, 0, 40);
      IdentityParameters.inRange("camera.jpegQuality", jpegQuality, 20, 100);
    }
  }

  /**
   * What else is in the picture.
   *
   * @param backgroundSeed seed of colours and shapes behind the person
   * @param clothesSeed seed of the clothes' colour
   * @param clutter contrast of the background, 0 (plain grey) to 1
   * @param occlusion part of the picture that something in front may hide, 0 to 0.4; 0 for nothing
   * @param occlusionAngleDegrees from which side it comes in, in [0, 360]
   */
  public record Scene(
      int backgroundSeed,
      int clothesSeed,
      double clutter,
      double occlusion,
      double occlusionAngleDegrees) {
    public Scene {
      IdentityParameters.inRange("scene.clutter", clutter, 0, 1);
      IdentityParameters.inRange("scene.occlusion", occlusion, 0, 0.4);
      IdentityParameters.inRange("scene.occlusionAngleDegrees", occlusionAngleDegrees, 0, 360);
    }
  }

  /** Returns a passport picture: frontal, evenly lit, without expression, noise or clutter. */
  public static NuisanceParameters neutral() {
    return new NuisanceParameters(
        new Pose(0, 0, 0, 0, 0, 1),
        new Light(-25, 35, 0.85, 0.45, 0.1, 1),
        new Face(Expression.NEUTRAL, 0, 0, 0, 0, 0, true, false),
        new Camera(0, 0, 100, 0),
        new Scene(0, NEUTRAL_CLOTHES, 0, 0, 0));
  }

  /** As {@link #of(SeedStreams, long, long, double)} with strength 1. */
  public static NuisanceParameters of(SeedStreams seeds, long identity, long image) {
    return of(seeds, identity, image, 1);
  }

  /**
   * Draws the circumstances of one picture from the stream {@code ("nuisance", identity, image)}.
   *
   * <p>The strength scales how far they lie from {@link #neutral()}: 0 gives the neutral picture, 1
   * the usual variety (yaw with a standard deviation of 20 degrees, as in snapshots), 2 a hard set.
   * The random draws do not depend on the strength: the same picture becomes harder.
   *
   * @param strength in [0, 2]
   */
  public static NuisanceParameters of(
      SeedStreams seeds, long identity, long image, double strength) {
    IdentityParameters.inRange("nuisance strength", strength, 0, 2);
    Draws draws = new Draws(seeds.stream("nuisance", identity, image));
    double s = strength;
    Pose pose =
        new Pose(
            within(s * 20 * draws.deviation(), -75, 75),
            within(s * 9 * draws.deviation(), -35, 35),
            within(s * 6 * draws.deviation(), -40, 40),
            within(s * 0.025 * draws.deviation(), -0.2, 0.2),
            within(s * 0.025 * draws.deviation(), -0.2, 0.2),
            within(1 + s * 0.05 * draws.deviation(), 0.7, 1.4));
    double azimuth = draws.uniform(-75, 75);
    double elevation = draws.uniform(-10, 65);
    Light light =
        new Light(
            mix(-25, azimuth, s),
            mix(35, elevation, s),
            within(0.85 * (1 + s * 0.25 * draws.deviation()), 0.15, 1.8),
            within(0.45 * (1 + s * 0.25 * draws.deviation()), 0.10, 1.2),
            within(0.1 + s * 0.4 * draws.deviation(), -1, 1),
            within(1 + s * 0.15 * draws.deviation(), 0.4, 2));
    Expression expression = draws.choose(Expression.values(), 3.5, 3, 0.8, 0.8, 0.8, 0.5, 0.5);
    double intensity = draws.uniform(0.5, 1) * Math.min(1, s);
    if (intensity == 0) {
      expression = Expression.NEUTRAL;
    }
    double blink = draws.uniform(0, 1);
    boolean glassesOff = draws.chance(0.1);
    boolean sunglasses = draws.chance(0.02);
    Face face =
        new Face(
            expression,
            expression == Expression.NEUTRAL ? 0 : intensity,
            within(s * 0.3 * draws.deviation(), -1, 1),
            within(s * 0.2 * draws.deviation(), -1, 1),
            blink > 1 - 0.03 * s ? 1 : 0,
            within(s * 1.2 * draws.deviation(), -10, 10),
            s < 0.5 || !glassesOff,
            s >= 0.5 && sunglasses);
    double blur = draws.uniform(0, 1);
    double noise = draws.uniform(0, 1);
    boolean compressed = draws.chance(0.4);
    double quality = draws.uniform(40, 92);
    Camera camera =
        new Camera(
            Math.min(0.05, s * 0.010 * blur * blur),
            Math.min(40, s * 6 * noise * noise),
            compressed ? (int) within(100 - s * (100 - quality), 20, 100) : 100,
            draws.seed());
    boolean occluded = draws.chance(0.05);
    double occlusion = draws.uniform(0.1, 0.3);
    int backgroundSeed = draws.seed();
    int clothesSeed = draws.seed();
    Scene scene =
        new Scene(
            backgroundSeed,
            s == 0 ? NEUTRAL_CLOTHES : clothesSeed,
            Math.min(1, s * draws.uniform(0.2, 1)),
            occluded ? Math.min(0.4, s * occlusion) : 0,
            draws.uniform(0, 360));
    return new NuisanceParameters(pose, light, face, camera, scene);
  }

  private static double mix(double neutral, double drawn, double strength) {
    return neutral + (drawn - neutral) * Math.min(1, strength);
  }

  private static double within(double value, double min, double max) {
    return Math.max(min, Math.min(max, value));
  }
}
