package org.mien.eval.fairness;

import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * An error rate of a group, or of two groups compared with each other.
 *
 * @param errors how many of the trials were decided wrongly
 * @param trials how many there are
 * @param rate {@code errors / trials} with its interval; empty where there are no trials
 * @param tooFew whether the trials are too few for the rate to be compared with others: at the rate
 *     over all pairs fewer than 3 errors were to be expected (rule of 3), and fewer than 3 occurred
 */
public record GroupRate(long errors, long trials, Optional<Metric> rate, boolean tooFew) {}
