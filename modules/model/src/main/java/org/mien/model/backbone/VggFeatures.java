package org.mien.model.backbone;

import org.mien.core.preprocessing.Preprocessing;

/** Which vector of a VGG is the feature vector. */
public enum VggFeatures {
  /** The second fully connected layer's 4096 outputs, after ReLU; for inputs of 224x224. */
  FC7,
  /** The mean over each of the last 512 planes; for inputs of any size. */
  POOLED;

  /**
   * @throws IllegalArgumentException if the network cannot give these features for such an input
   */
  void require(Preprocessing input) {
    PlaneSize.requireAtLeast(input, 32);
    boolean fits =
        input.widthPixels() / 32 == VggPlan.PLANES && input.heightPixels() / 32 == VggPlan.PLANES;
    if (this == FC7 && !fits) {
      throw new IllegalArgumentException(
          String.format(
              "features: fc7 needs an input of 224x224 pixels (up to 255x255), which leaves the"
                  + " 7x7 planes that the first fully connected layer was made for, was %dx%d;"
                  + " features: pooled takes any size from 32x32",
              input.widthPixels(), input.heightPixels()));
    }
  }
}
