package org.mien.model.loss;

/** Ranges of settings, for configurations that are made without a file. */
final class Limits {
  private Limits() {}

  static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format("%s: expected %s to %s, was %s", name, least, most, value));
    }
  }
}
