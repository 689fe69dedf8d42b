/**
 * Two models on the same pairs: is the one better, or was it luck? Figures of one model belong in
 * {@code verification}.
 */
package org.mien.eval.comparison;
