/**
 * Figures of 1:1 comparison: is this pair of faces the same identity? Everything is derived from
 * one {@code ScoreSet}, under one rule: a pair is accepted where {@code similarity >= threshold}.
 *
 * <p>FAR and TAR are the names of the field; what is measured are FMR and {@code 1 - FNMR} of
 * ISO/IEC 19795-1, since no failure to acquire is counted. Searching a gallery (1:N) does not
 * belong here.
 */
package org.mien.eval.verification;
