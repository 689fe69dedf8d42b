/**
 * What Mien knows of data sets: the files under {@code datasets/}. Facts only; nothing here opens a
 * data set or downloads one.
 */
package org.mien.data.descriptor;
