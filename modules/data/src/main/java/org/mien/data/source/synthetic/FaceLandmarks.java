package org.mien.data.source.synthetic;

/**
 * Five points of a face in the order of the usual alignment template: the eye on the picture's
 * left, the eye on its right, the tip of the nose, the corner of the mouth on the left and on the
 * right. Positions are in pixels from the upper left corner of the picture, and may lie outside.
 *
 * @param x five positions to the right
 * @param y five positions down
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record FaceLandmarks(float[] x, float[] y) {
  /** Number of points. */
  public static final int COUNT = 5;

  public FaceLandmarks {
    if (x.length != COUNT || y.length != COUNT) {
      throw new IllegalArgumentException(
          "expected " + COUNT + " points, got " + x.length + " and " + y.length);
    }
  }
}
