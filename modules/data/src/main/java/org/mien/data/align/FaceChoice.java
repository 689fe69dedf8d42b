package org.mien.data.align;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.mien.data.image.FaceBox;

/** Which face is taken where several are found. Of equals, the one of the higher score. */
public enum FaceChoice {
  /** The one whose box has the largest area. */
  LARGEST,
  /**
   * The one with the largest {@code area - 2 d^2}, where {@code d} is the distance in pixels
   * between the box's centre and the image's: near the centre unless another is much larger.
   * FaceNet's rule ({@code align_dataset_mtcnn.py}); the one for LFW, whose labelled person is in
   * the centre.
   */
  CENTRAL,
  /** The one of the highest score. */
  BEST_SCORE;

  /**
   * Chooses.
   *
   * @param faces from the highest score to the lowest
   * @param imageWidth of the image they were found in
   * @param imageHeight of the image they were found in
   * @return empty if there are none
   */
  public Optional<DetectedFace> choose(List<DetectedFace> faces, int imageWidth, int imageHeight) {
    ToDoubleFunction<DetectedFace> value =
        switch (this) {
          case LARGEST -> face -> area(face.box());
          case CENTRAL ->
              face -> area(face.box()) - 2 * squaredDistance(face.box(), imageWidth, imageHeight);
          case BEST_SCORE -> DetectedFace::score;
        };
    DetectedFace best = null;
    for (DetectedFace face : faces) {
      if (best == null || value.applyAsDouble(face) > value.applyAsDouble(best)) {
        best = face;
      }
    }
    return Optional.ofNullable(best);
  }

  private static double area(FaceBox box) {
    return box.width() * box.height();
  }

  private static double squaredDistance(FaceBox box, int imageWidth, int imageHeight) {
    double dx = box.left() + box.width() / 2 - imageWidth / 2.0;
    double dy = box.top() + box.height() / 2 - imageHeight / 2.0;
    return dx * dx + dy * dy;
  }
}
