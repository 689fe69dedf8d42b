package org.mien.eval.classification;

import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * The figures of one attribute, such as glasses.
 *
 * @param name of the attribute
 * @param images for which it is known
 * @param positives of them that have it
 * @param accuracy share decided rightly; empty where it is known of no image
 * @param balancedAccuracy mean of the shares of those with and of those without it that are decided
 *     rightly; empty where one of both kinds is missing
 * @param precision share of those taken to have it that do, 0 where none is; empty as accuracy
 * @param recall share of those with it that are found; empty where none has it
 * @param f1 {@code 2 TP / (2 TP + FP + FN)}, 0 where that is 0 / 0; empty as accuracy
 * @param averagePrecision see {@link AveragePrecision}; empty where none has it
 */
public record AttributeFigures(
    String name,
    int images,
    int positives,
    Optional<Metric> accuracy,
    Optional<Metric> balancedAccuracy,
    Optional<Metric> precision,
    Optional<Metric> recall,
    Optional<Metric> f1,
    Optional<Metric> averagePrecision) {}
