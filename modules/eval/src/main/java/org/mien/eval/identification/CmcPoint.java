package org.mien.eval.identification;

import org.mien.eval.uncertainty.Interval;

/**
 * One point of a cumulative match characteristic.
 *
 * @param rank from 1
 * @param rate the share of mated probes whose mate is at this rank or better, in [0, 1]
 * @param interval of the rate at 95 %
 */
public record CmcPoint(int rank, double rate, Interval interval) {}
