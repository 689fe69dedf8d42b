/**
 * Does a model err more often for some people than for others? FMR and FNMR of groups at one global
 * threshold, and how unequal they are (Grother, "Face Recognition Vendor Test (FRVT) Part 8:
 * Summarizing Demographic Differentials", NISTIR 8429, 2022; Grother, Ngan and Hanaoka, NISTIR
 * 8280, 2019).
 *
 * <p>One threshold for all is the point: a system in use has one, and a threshold for each group
 * would hide what is asked for.
 */
package org.mien.eval.fairness;
