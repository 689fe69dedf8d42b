package org.mien.data.align;

/** How the ArcFace template is carried over to other sizes than 112x112. */
public enum TemplateRule {
  /**
   * InsightFace's ({@code face_align.py}): a square whose side is a multiple of 112 scales the
   * template; one whose side is a multiple of 128 only scales it by side / 128 and shows a margin
   * of 8 / 128 of the side to the left and right, below the face, and none above it; 96x112 cuts 8
   * columns off each side. Other sizes have no rule.
   */
  INSIGHTFACE,
  /**
   * Any size: the template is scaled by height / 112 and centred from left to right, so a width
   * other than the height cuts columns off, or shows more. The same as {@link #INSIGHTFACE} for
   * 96x112 and squares of multiples of 112.
   */
  SCALED
}
