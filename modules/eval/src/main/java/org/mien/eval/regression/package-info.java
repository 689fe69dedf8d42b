/** Figures of numbers that are estimated from a face, such as its age in years. */
package org.mien.eval.regression;
