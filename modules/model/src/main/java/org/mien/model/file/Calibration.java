package org.mien.model.file;

import java.util.Optional;
import org.mien.core.config.Setting;

/**
 * What is known about a model's threshold: how often it errs, on which faces that was found, and
 * what a similarity says.
 *
 * @param targetFmr the false match rate that was asked for
 * @param thresholdLow lower end of the threshold's 95 % interval
 * @param thresholdHigh upper end, where it has one
 * @param fmr false match rate at the threshold on those faces
 * @param fmrHigh upper end of its 95 % interval
 * @param fnmr false non-match rate at the threshold on those faces
 * @param fnmrHigh upper end of its 95 % interval
 * @param genuinePairs pairs of one person
 * @param impostorPairs pairs of two people
 * @param intercept of the log likelihood ratio {@code intercept + slope * similarity}
 * @param slope of it
 * @param data the name of the data set
 */
public record Calibration(
    @Setting(value = "False match rate that was asked for.", min = 0, max = 1) double targetFmr,
    @Setting("Lower end of the threshold's 95 % interval.") Optional<Double> thresholdLow,
    @Setting("Upper end of the threshold's 95 % interval.") Optional<Double> thresholdHigh,
    @Setting(value = "False match rate at the threshold.", min = 0, max = 1) double fmr,
    @Setting("Upper end of its 95 % interval.") Optional<Double> fmrHigh,
    @Setting(value = "False non-match rate at the threshold.", min = 0, max = 1) double fnmr,
    @Setting("Upper end of its 95 % interval.") Optional<Double> fnmrHigh,
    @Setting(value = "Pairs of one person.", min = 1) long genuinePairs,
    @Setting(value = "Pairs of two people.", min = 1) long impostorPairs,
    @Setting("Intercept of the log likelihood ratio.") double intercept,
    @Setting("Slope of the log likelihood ratio.") double slope,
    @Setting("Name of the data set it was found on.") String data) {

  public Calibration {
    if (!Double.isFinite(intercept) || !(slope > 0 && slope < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "expected a finite intercept and a positive slope, were " + intercept + " and " + slope);
    }
  }
}
