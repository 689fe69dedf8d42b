/**
 * Writes an aligned copy of a data set to a folder, once, so that training and evaluation need not
 * detect and warp again. How a face is aligned belongs to {@code align}; reading the copy back, to
 * {@code source}.
 */
package org.mien.data.prepare;
