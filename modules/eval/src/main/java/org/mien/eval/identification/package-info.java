/**
 * Figures of 1:N search: who in a gallery is on this probe? Closed set (CMC, rank-k), open set
 * (FNIR at FPIR), MegaFace's protocol, IJB's galleries, and few-shot classification by prototypes.
 *
 * <p>The similarities come from {@code search}, pooled templates from {@code template}. Comparing
 * two faces (1:1) belongs in {@code verification} and {@code template}.
 */
package org.mien.eval.identification;
