/**
 * Comparison scores and the counts every verification figure is derived from: how many genuine and
 * impostor pairs are accepted at a threshold.
 *
 * <p>Here belong the score types and sets; curves and figures belong in {@code verification}, and
 * their intervals in {@code uncertainty}.
 */
package org.mien.eval.score;
