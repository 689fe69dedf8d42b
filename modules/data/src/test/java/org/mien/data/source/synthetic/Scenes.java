package org.mien.data.source.synthetic;

/** The neutral picture with one thing changed. */
final class Scenes {
  private static final NuisanceParameters NEUTRAL = NuisanceParameters.neutral();

  private Scenes() {}

  static NuisanceParameters with(Expression expression) {
    double intensity = expression == Expression.NEUTRAL ? 0 : 1;
    return with(new NuisanceParameters.Face(expression, intensity, 0, 0, 0, 0, true, false));
  }

  static NuisanceParameters glasses(boolean on, boolean sunglasses) {
    return with(new NuisanceParameters.Face(Expression.NEUTRAL, 0, 0, 0, 0, 0, on, sunglasses));
  }

  private static NuisanceParameters with(NuisanceParameters.Face face) {
    return new NuisanceParameters(
        NEUTRAL.pose(), NEUTRAL.light(), face, NEUTRAL.camera(), NEUTRAL.scene());
  }

  static NuisanceParameters turned(double yawDegrees, double pitchDegrees, double rollDegrees) {
    return new NuisanceParameters(
        new NuisanceParameters.Pose(yawDegrees, pitchDegrees, rollDegrees, 0, 0, 1),
        NEUTRAL.light(),
        NEUTRAL.face(),
        NEUTRAL.camera(),
        NEUTRAL.scene());
  }

  static NuisanceParameters litFrom(double azimuthDegrees) {
    return new NuisanceParameters(
        NEUTRAL.pose(),
        new NuisanceParameters.Light(azimuthDegrees, 20, 0.9, 0.3, 0, 1),
        NEUTRAL.face(),
        NEUTRAL.camera(),
        NEUTRAL.scene());
  }
}
