package org.mien.data.image;

/**
 * The five points by which faces are aligned, in the field's order. Left and right are those of the
 * image, not of the person.
 *
 * @param leftEye centre of the eye that is further left in an upright image
 * @param rightEye centre of the other eye
 * @param nose its tip
 * @param leftMouth corner of the mouth that is further left
 * @param rightMouth the other corner
 */
public record FacePoints(
    FacePoint leftEye,
    FacePoint rightEye,
    FacePoint nose,
    FacePoint leftMouth,
    FacePoint rightMouth) {

  /**
   * Returns the points of {@code x1 y1 ... x5 y5}.
   *
   * @throws IllegalArgumentException unless there are ten finite numbers
   */
  public static FacePoints of(double... xy) {
    if (xy.length != 10) {
      throw new IllegalArgumentException("expected 10 numbers for five points, was " + xy.length);
    }
    return new FacePoints(
        new FacePoint(xy[0], xy[1]),
        new FacePoint(xy[2], xy[3]),
        new FacePoint(xy[4], xy[5]),
        new FacePoint(xy[6], xy[7]),
        new FacePoint(xy[8], xy[9]));
  }

  /** Returns {@code x1 y1 ... x5 y5}. */
  public double[] toArray() {
    return new double[] {
      leftEye.x(), leftEye.y(),
      rightEye.x(), rightEye.y(),
      nose.x(), nose.y(),
      leftMouth.x(), leftMouth.y(),
      rightMouth.x(), rightMouth.y()
    };
  }
}
