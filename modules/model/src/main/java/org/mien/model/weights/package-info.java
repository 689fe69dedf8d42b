/**
 * Readers of weights that other frameworks wrote, and their way into a graph. Bytes from outside
 * are taken as hostile: nothing in them is executed, and no length in them is believed before it is
 * checked against the file's size.
 */
package org.mien.model.weights;
