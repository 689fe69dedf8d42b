package org.mien.data.source.synthetic;

/** A 3x3 rotation: yaw, then pitch, then roll. */
record Rotation(
    float xx, float xy, float xz, float yx, float yy, float yz, float zx, float zy, float zz) {

  static Rotation of(double yawDegrees, double pitchDegrees, double rollDegrees) {
    double cy = StrictMath.cos(StrictMath.toRadians(yawDegrees));
    double sy = StrictMath.sin(StrictMath.toRadians(yawDegrees));
    double cp = StrictMath.cos(StrictMath.toRadians(pitchDegrees));
    double sp = StrictMath.sin(StrictMath.toRadians(pitchDegrees));
    double cr = StrictMath.cos(StrictMath.toRadians(rollDegrees));
    double sr = StrictMath.sin(StrictMath.toRadians(rollDegrees));
    // Rows of pitch * yaw.
    double[] a = {cy, 0, sy};
    double[] b = {-sp * sy, cp, sp * cy};
    double[] c = {-cp * sy, -sp, cp * cy};
    return new Rotation(
        (float) (cr * a[0] - sr * b[0]),
        (float) (cr * a[1] - sr * b[1]),
        (float) (cr * a[2] - sr * b[2]),
        (float) (sr * a[0] + cr * b[0]),
        (float) (sr * a[1] + cr * b[1]),
        (float) (sr * a[2] + cr * b[2]),
        (float) c[0],
        (float) c[1],
        (float) c[2]);
  }

  float x(float x, float y, float z) {
    return xx * x + xy * y + xz * z;
  }

  float y(float x, float y, float z) {
    return yx * x + yy * y + yz * z;
  }

  float z(float x, float y, float z) {
    return zx * x + zy * y + zz * z;
  }
}
