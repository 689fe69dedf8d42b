/**
 * Measurements beside the limits and the peers. Printing is allowed here; nothing depends on this
 * package.
 */
package org.mien.benchmarks;
