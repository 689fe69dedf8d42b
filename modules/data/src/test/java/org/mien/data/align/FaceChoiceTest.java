package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;

final class FaceChoiceTest {
  private static final FacePoints POINTS = FacePoints.of(1, 1, 2, 1, 1.5, 2, 1, 3, 2, 3);
  private static final DetectedFace BEST_BUT_SMALL =
      new DetectedFace(new FaceBox(0, 0, 30, 30), POINTS, 0.95);
  private static final DetectedFace CENTRAL =
      new DetectedFace(new FaceBox(80, 80, 90, 90), POINTS, 0.9);
  private static final DetectedFace LARGE_AT_THE_EDGE =
      new DetectedFace(new FaceBox(140, 100, 100, 120), POINTS, 0.8);
  private static final List<DetectedFace> FACES =
      List.of(BEST_BUT_SMALL, CENTRAL, LARGE_AT_THE_EDGE);

  @Test
  void eachRuleTakesItsOwn() {
    assertEquals(Optional.of(BEST_BUT_SMALL), FaceChoice.BEST_SCORE.choose(FACES, 250, 250));
    assertEquals(Optional.of(LARGE_AT_THE_EDGE), FaceChoice.LARGEST.choose(FACES, 250, 250));
    assertEquals(Optional.of(CENTRAL), FaceChoice.CENTRAL.choose(FACES, 250, 250));
  }

  @Test
  void aMuchLargerFaceBeatsTheMostCentralOne() {
    DetectedFace behind = new DetectedFace(new FaceBox(120, 120, 10, 10), POINTS, 0.9);
    DetectedFace infront = new DetectedFace(new FaceBox(20, 40, 180, 190), POINTS, 0.9);
    assertEquals(
        Optional.of(infront), FaceChoice.CENTRAL.choose(List.of(behind, infront), 250, 250));
  }

  @Test
  void ofEqualsTheFirstAndOfNoneNothing() {
    DetectedFace second = new DetectedFace(CENTRAL.box(), POINTS, 0.5);
    for (FaceChoice choice : FaceChoice.values()) {
      assertEquals(Optional.of(CENTRAL), choice.choose(List.of(CENTRAL, second), 250, 250));
      assertEquals(Optional.empty(), choice.choose(List.of(), 250, 250));
    }
  }
}
