package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mien.data.image.FacePoint;

final class AlignmentTemplateTest {
  @Test
  void has112PixelsByDefault() {
    AlignmentTemplate template = AlignmentTemplate.arcFace();
    assertEquals(112, template.widthPixels());
    assertArrayEquals(
        new double[] {
          38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
        },
        template.points().toArray());
  }

  @Test
  void ninetySixColumnsAreTheMiddleOnes() {
    for (TemplateRule rule : TemplateRule.values()) {
      AlignmentTemplate template = AlignmentTemplate.arcFace(96, 112, rule);
      assertPoint(30.2946, 51.6963, template.points().leftEye());
      assertPoint(62.7299, 92.2041, template.points().rightMouth());
    }
  }

  @Test
  void insightFaceScalesMultiplesOf112AndShiftsThoseOf128() {
    assertPoint(
        2 * 38.2946,
        2 * 51.6963,
        AlignmentTemplate.arcFace(224, 224, TemplateRule.INSIGHTFACE).points().leftEye());
    assertPoint(
        38.2946 + 8,
        51.6963,
        AlignmentTemplate.arcFace(128, 128, TemplateRule.INSIGHTFACE).points().leftEye());
    assertPoint(
        4 * (56.0252 + 8),
        4 * 71.7366,
        AlignmentTemplate.arcFace(512, 512, TemplateRule.INSIGHTFACE).points().nose());
    // A multiple of both goes by 112.
    assertPoint(
        8 * 56.0252,
        8 * 71.7366,
        AlignmentTemplate.arcFace(896, 896, TemplateRule.INSIGHTFACE).points().nose());
  }

  @Test
  void insightFaceHasNoRuleForOtherSizes() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> AlignmentTemplate.arcFace(160, 160, TemplateRule.INSIGHTFACE))
            .getMessage();
    assertTrue(message.contains("160x160") && message.contains("scaled"), message);
    assertThrows(
        IllegalArgumentException.class,
        () -> AlignmentTemplate.arcFace(112, 224, TemplateRule.INSIGHTFACE));
  }

  @Test
  void anySizeIsScaledByItsHeightAndCentred() {
    double ratio = 160 / 112.0;
    AlignmentTemplate square = AlignmentTemplate.arcFace(160, 160, TemplateRule.SCALED);
    assertPoint(56.0252 * ratio, 71.7366 * ratio, square.points().nose());
    AlignmentTemplate wide = AlignmentTemplate.arcFace(200, 160, TemplateRule.SCALED);
    assertPoint(56.0252 * ratio + 20, 71.7366 * ratio, wide.points().nose());
  }

  @Test
  void absurdSizesAreRefused() {
    for (int side : new int[] {0, -112, 7, 1 << 20}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> AlignmentTemplate.arcFace(side, side, TemplateRule.SCALED));
    }
  }

  private static void assertPoint(double x, double y, FacePoint point) {
    assertEquals(x, point.x(), 1e-9);
    assertEquals(y, point.y(), 1e-9);
  }
}
