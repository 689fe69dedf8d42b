package org.mien.data.image;

import java.util.Optional;

/**
 * Where in its image a face is, as far as the data set says.
 *
 * @param box its bounding box
 * @param points its five points
 */
public record FaceLocation(Optional<FaceBox> box, Optional<FacePoints> points) {
  /** Of a data set that does not say. */
  public static final FaceLocation UNKNOWN = new FaceLocation(Optional.empty(), Optional.empty());

  public static FaceLocation of(FaceBox box) {
    return new FaceLocation(Optional.of(box), Optional.empty());
  }

  public static FaceLocation of(FacePoints points) {
    return new FaceLocation(Optional.empty(), Optional.of(points));
  }
}
