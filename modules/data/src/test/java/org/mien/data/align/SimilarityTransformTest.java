package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mien.data.image.FacePoint;
import org.mien.data.image.FacePoints;

final class SimilarityTransformTest {
  private static final FacePoints FACE = FacePoints.of(30, 50, 70, 52, 49, 75, 35, 95, 66, 94);

  @Test
  void agreesWithUmeyamaBySingularValues() throws IOException {
    int cases = 0;
    try (InputStream in = SimilarityTransformTest.class.getResourceAsStream("umeyama.json")) {
      for (JsonNode golden : new ObjectMapper().readTree(in).get("cases")) {
        SimilarityTransform fitted =
            SimilarityTransform.fit(points(golden.get("from")), points(golden.get("to")));
        double[] matrix = {
          fitted.a(), -fitted.b(), fitted.tx(), fitted.b(), fitted.a(), fitted.ty()
        };
        assertArrayEquals(numbers(golden.get("matrix")), matrix, 1e-9, golden.get("name").asText());
        cases++;
      }
    }
    assertEquals(11, cases);
  }

  @Test
  void recoversAnExactTransform() {
    SimilarityTransform wanted = new SimilarityTransform(-0.3, 0.8, 17, -200);
    SimilarityTransform fitted = SimilarityTransform.fit(FACE, wanted.apply(FACE));
    assertEquals(wanted.a(), fitted.a(), 1e-12);
    assertEquals(wanted.b(), fitted.b(), 1e-12);
    assertEquals(wanted.tx(), fitted.tx(), 1e-9);
    assertEquals(wanted.ty(), fitted.ty(), 1e-9);
    assertEquals(0, fitted.residualPixels(FACE, wanted.apply(FACE)), 1e-9);
    assertEquals(Math.hypot(0.3, 0.8), fitted.scale(), 1e-12);
    assertEquals(Math.atan2(0.8, -0.3), fitted.rotationRadians(), 1e-12);
  }

  @Test
  void noOtherTransformNearbyFitsBetter() {
    FacePoints target = AlignmentTemplate.arcFace().points();
    SimilarityTransform best = SimilarityTransform.fit(FACE, target);
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      SimilarityTransform other =
          new SimilarityTransform(
              best.a() + 0.01 * random.nextGaussian(),
              best.b() + 0.01 * random.nextGaussian(),
              best.tx() + random.nextGaussian(),
              best.ty() + random.nextGaussian());
      assertTrue(
          best.residualPixels(FACE, target) <= other.residualPixels(FACE, target),
          other.toString());
    }
  }

  @Test
  void inverseUndoes() {
    SimilarityTransform transform = new SimilarityTransform(1.5, -0.4, 12, 7);
    FacePoint point = new FacePoint(3.5, -80);
    FacePoint back = transform.inverse().apply(transform.apply(point));
    assertEquals(point.x(), back.x(), 1e-12);
    assertEquals(point.y(), back.y(), 1e-12);
  }

  @Test
  void pointsThatCoincideAreRefused() {
    FacePoints one = FacePoints.of(5, 6, 5, 6, 5, 6, 5, 6, 5, 6);
    String message =
        assertThrows(IllegalArgumentException.class, () -> SimilarityTransform.fit(one, FACE))
            .getMessage();
    assertTrue(message.contains("coincide") && message.contains("(5.00, 6.00)"), message);
    assertThrows(IllegalArgumentException.class, () -> SimilarityTransform.fit(FACE, one));
    // Equal but for the last bits of large coordinates.
    double far = 1e9;
    FacePoints nearlyOne =
        FacePoints.of(far, far, far, Math.nextUp(far), far, far, far, far, far, far);
    assertThrows(IllegalArgumentException.class, () -> SimilarityTransform.fit(nearlyOne, FACE));
  }

  @Test
  void pointsWithoutABestRotationAreRefused() {
    List<FacePoint> square =
        List.of(
            new FacePoint(1, 1), new FacePoint(-1, 1), new FacePoint(-1, -1), new FacePoint(1, -1));
    List<FacePoint> mirrored = square.stream().map(p -> new FacePoint(p.x(), -p.y())).toList();
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> SimilarityTransform.fit(square, mirrored))
            .getMessage();
    assertTrue(message.contains("no rotation"), message);
  }

  private static List<FacePoint> points(JsonNode node) {
    double[] xy = numbers(node);
    List<FacePoint> points = new ArrayList<>();
    for (int i = 0; i < xy.length; i += 2) {
      points.add(new FacePoint(xy[i], xy[i + 1]));
    }
    return points;
  }

  private static double[] numbers(JsonNode node) {
    double[] numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = node.get(i).asDouble();
    }
    return numbers;
  }
}
