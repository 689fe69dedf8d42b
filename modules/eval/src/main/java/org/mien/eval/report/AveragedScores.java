package org.mien.eval.report;

import org.mien.eval.metrics.Metric;

/**
 * Precision, recall and F1 by one kind of average, each a fraction in [0, 1].
 *
 * @param average the kind, such as {@code macro}, {@code micro} or {@code weighted}
 * @param precision of the images named as a person, the share that show that person
 * @param recall of the images that show a person, the share named right
 * @param f1 harmonic mean of the two
 */
public record AveragedScores(String average, Metric precision, Metric recall, Metric f1) {}
