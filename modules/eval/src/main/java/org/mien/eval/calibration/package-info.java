/**
 * From scores to decisions: a threshold for a target FMR in production with what is known of it,
 * and a score's meaning as a probability.
 */
package org.mien.eval.calibration;
