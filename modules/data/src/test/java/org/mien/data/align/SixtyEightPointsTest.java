package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mien.data.align.SixtyEightPoints.EyeCentre;
import org.mien.data.image.FacePoint;
import org.mien.data.image.FacePoints;

final class SixtyEightPointsTest {
  /** Point {@code i} at (i, i squared): means of several are not points on the curve. */
  private static SixtyEightPoints numbered() {
    double[] xy = new double[136];
    for (int i = 0; i < 68; i++) {
      xy[2 * i] = i;
      xy[2 * i + 1] = i * i;
    }
    return SixtyEightPoints.of(xy);
  }

  @Test
  void cornersGiveTheMiddleOfTwoPoints() {
    FacePoints five = numbered().toFive(EyeCentre.CORNERS);
    assertEquals(new FacePoint(37.5, (36 * 36 + 39 * 39) / 2.0), five.leftEye());
    assertEquals(new FacePoint(43.5, (42 * 42 + 45 * 45) / 2.0), five.rightEye());
    assertEquals(new FacePoint(30, 900), five.nose());
    assertEquals(new FacePoint(48, 2304), five.leftMouth());
    assertEquals(new FacePoint(54, 2916), five.rightMouth());
  }

  @Test
  void lidsGiveTheMeanOfSix() {
    FacePoints five = numbered().toFive(EyeCentre.LIDS);
    int left = 36 * 36 + 37 * 37 + 38 * 38 + 39 * 39 + 40 * 40 + 41 * 41;
    int right = 42 * 42 + 43 * 43 + 44 * 44 + 45 * 45 + 46 * 46 + 47 * 47;
    assertEquals(new FacePoint(38.5, left / 6.0), five.leftEye());
    assertEquals(new FacePoint(44.5, right / 6.0), five.rightEye());
    assertEquals(new FacePoint(54, 2916), five.rightMouth());
  }

  @Test
  void otherNumbersOfPointsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> SixtyEightPoints.of(1, 2, 3));
    double[] xy = new double[136];
    xy[7] = Double.NaN;
    assertThrows(IllegalArgumentException.class, () -> SixtyEightPoints.of(xy));
  }
}
