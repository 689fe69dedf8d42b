/**
 * Intervals: exact ones for counts, and the bootstrap over identities for figures of pairs that
 * share identities. Figures themselves belong in the packages of their kind.
 */
package org.mien.eval.uncertainty;
