package org.mien.model.backbone;

/**
 * The sizes of an Inception-ResNet v1; only tests have others than the published ones.
 *
 * @param divisor what every number of channels is divided by
 * @param small blocks on the largest planes ("35", after their side for an input of 299)
 * @param middle blocks on the middle planes ("17")
 * @param large blocks on the smallest planes ("8") before the last one, which has no ReLU
 * @param embedded whether the features are the embedding of 512 numbers
 */
record InceptionResNetV1Plan(int divisor, int small, int middle, int large, boolean embedded) {

  static InceptionResNetV1Plan published(boolean embedded) {
    return new InceptionResNetV1Plan(1, 5, 10, 5, embedded);
  }
}
