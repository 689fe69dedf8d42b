/**
 * Figures of closed-set classification: which of the known identities is on this image? What
 * compares two images belongs in {@code verification}.
 */
package org.mien.eval.classification;
