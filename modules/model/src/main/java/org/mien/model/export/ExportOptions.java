package org.mien.model.export;

import java.util.Optional;

/**
 * What an export may do besides writing the network.
 *
 * @param preprocessingInside whether the file takes pixels as bytes and preprocesses them itself;
 *     for ONNX only
 * @param calibration images from which the ranges of an 8-bit network are taken; without them the
 *     images that the file is compared on
 */
public record ExportOptions(boolean preprocessingInside, Optional<Calibration> calibration) {

  /** The network as it is. */
  public static final ExportOptions PLAIN = new ExportOptions(false, Optional.empty());

  /**
   * Images of faces like those to come.
   *
   * @param images {@code (count, 3, height, width)} preprocessed pixels
   * @param count number of images, at least 1; some hundred of different people are enough
   */
  @SuppressWarnings("ArrayRecordComponent") // Large, handed on once, never compared.
  public record Calibration(float[] images, int count) {
    public Calibration {
      if (count < 1) {
        throw new IllegalArgumentException("expected at least 1 image, was " + count);
      }
    }
  }
}
