/**
 * The linear head's own trainer: forward, loss, backward and optimiser fused over the memory of the
 * graph's parameters, on plain threads and single-threaded matrix products. It gives the weights
 * that Deeplearning4j's {@code fit} gives, within rounding, several times faster. No files and no
 * recipes here.
 */
package org.mien.trainer.head;
