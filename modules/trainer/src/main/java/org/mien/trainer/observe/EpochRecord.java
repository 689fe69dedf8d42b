package org.mien.trainer.observe;

/**
 * The figures of one epoch.
 *
 * @param epoch from 1
 * @param steps steps done since the start of the training
 * @param learningRate rate of the last step
 * @param trainingLoss mean cross-entropy of the training rows, each as it was met (before its
 *     step), in nats
 * @param validationLoss mean cross-entropy of the validation rows after the epoch, or, without a
 *     classifier, the loss that training lowers; NaN without any
 * @param validationAccuracy share of validation rows whose identity scores highest, or, without a
 *     classifier, whose identity's mean embedding is nearest; NaN without any
 * @param seconds wall-clock time of the epoch
 */
public record EpochRecord(
    int epoch,
    long steps,
    double learningRate,
    double trainingLoss,
    double validationLoss,
    double validationAccuracy,
    double seconds) {}
