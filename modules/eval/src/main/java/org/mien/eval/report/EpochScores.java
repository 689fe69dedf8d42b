package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One epoch of training; null where not measured.
 *
 * @param epoch its number, from 1
 * @param trainingLoss mean loss over the epoch's images, in nats
 * @param validationLoss mean loss over the validation images, in nats
 * @param trainingAccuracy fraction in [0, 1]
 * @param validationAccuracy fraction in [0, 1]
 * @param learningRate at the end of the epoch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochScores(
    int epoch,
    Double trainingLoss,
    Double validationLoss,
    Double trainingAccuracy,
    Double validationAccuracy,
    Double learningRate) {
  public EpochScores {
    ReportParts.fraction("trainingAccuracy", trainingAccuracy);
    ReportParts.fraction("validationAccuracy", validationAccuracy);
  }
}
