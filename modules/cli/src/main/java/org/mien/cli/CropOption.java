package org.mien.cli;

import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.Crop;

/** A crop as an option gives it: {@code none} or {@code centre:0.5}. */
final class CropOption {
  private CropOption() {}

  static Crop parse(String text) {
    if (text.equals("none")) {
      return new Crop.None();
    }
    if (!text.matches("centre:[0-9.]+")) {
      throw new ConfigException("--crop: expected none or centre:FRACTION, was " + text);
    }
    try {
      return new Crop.Centre(Double.parseDouble(text.substring("centre:".length())));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--crop: " + e.getMessage(), e);
    }
  }
}
