package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;

final class YuNetGridTest {
  private static final FacePoints POINTS = FacePoints.of(1, 1, 2, 1, 1.5, 2, 1, 3, 2, 3);

  @Test
  void readsBoxAndPointsOfACell() {
    // Three columns, two rows, stride 16; the cell in column 2, row 1.
    float[] cls = new float[6];
    float[] obj = new float[6];
    float[] bbox = new float[24];
    float[] kps = new float[60];
    cls[5] = 0.9f;
    obj[5] = 0.4f;
    bbox[20] = 0.5f;
    bbox[21] = -0.25f;
    bbox[22] = (float) Math.log(3);
    bbox[23] = (float) Math.log(2);
    for (int i = 0; i < 10; i++) {
      kps[50 + i] = i / 8f - 0.5f;
    }
    List<DetectedFace> faces = new ArrayList<>();
    YuNetGrid.decode(16, 3, cls, obj, bbox, kps, 0.5, faces);
    assertEquals(1, faces.size());
    DetectedFace face = faces.get(0);
    assertEquals(0.6, face.score(), 1e-6);
    assertEquals(2.5 * 16 - 24, face.box().left(), 1e-5);
    assertEquals(0.75 * 16 - 16, face.box().top(), 1e-5);
    assertEquals(48, face.box().width(), 1e-4);
    assertEquals(32, face.box().height(), 1e-4);
    double[] expected = new double[10];
    for (int i = 0; i < 10; i++) {
      expected[i] = 16 * (i / 8.0 - 0.5 + (i % 2 == 0 ? 2 : 1));
    }
    assertArrayEquals(expected, face.points().toArray(), 1e-5);
  }

  @Test
  void scoresAreClampedAndTheThresholdItselfPasses() {
    List<DetectedFace> faces = new ArrayList<>();
    float[] cls = {1.7f, 1, 0.25f, -3, Float.NaN};
    float[] obj = {1.2f, 0.25f, 0.9f, 2, 1};
    YuNetGrid.decode(8, 5, cls, obj, new float[20], new float[50], 0.5, faces);
    assertEquals(List.of(1.0, 0.5), faces.stream().map(DetectedFace::score).toList());
  }

  @Test
  void cellsWhoseNumbersAreNoBoxAreDropped() {
    float[] bbox = new float[12];
    bbox[2] = 1e9f; // a width of infinity
    bbox[4] = Float.NaN;
    float[] kps = new float[30];
    kps[20] = Float.POSITIVE_INFINITY;
    List<DetectedFace> faces = new ArrayList<>();
    YuNetGrid.decode(8, 3, new float[] {1, 1, 1}, new float[] {1, 1, 1}, bbox, kps, 0.5, faces);
    assertEquals(List.of(), faces);
  }

  @Test
  void ofTwoThatOverlapTheBetterIsKept() {
    DetectedFace good = face(0, 0, 10, 10, 0.9);
    DetectedFace shifted = face(2, 0, 10, 10, 0.8); // 80 shared of 120
    DetectedFace beside = face(6, 0, 10, 10, 0.95); // 40 shared of 160 with the first: 0.25
    assertEquals(
        List.of(beside, good), YuNetGrid.suppressed(List.of(shifted, good, beside), 0.3, 10));
    assertEquals(
        List.of(beside, good, shifted),
        YuNetGrid.suppressed(List.of(shifted, good, beside), 0.7, 10));
    assertEquals(List.of(beside), YuNetGrid.suppressed(List.of(shifted, good, beside), 0.2, 10));
    assertEquals(List.of(beside), YuNetGrid.suppressed(List.of(shifted, good, beside), 0.9, 1));
  }

  @Test
  void aSuppressedBoxSuppressesNothing() {
    DetectedFace first = face(0, 0, 10, 10, 0.9);
    DetectedFace second = face(4, 0, 10, 10, 0.8);
    DetectedFace third = face(8, 0, 10, 10, 0.7); // overlaps the second alone
    assertTrue(
        YuNetGrid.suppressed(List.of(first, second, third), 0.3, 10).equals(List.of(first, third)));
  }

  private static DetectedFace face(double x, double y, double width, double height, double score) {
    return new DetectedFace(new FaceBox(x, y, width, height), POINTS, score);
  }
}
