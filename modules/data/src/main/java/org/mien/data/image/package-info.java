/**
 * From bytes or a renderer to the floats a network takes: decoding with checks, cropping, resizing,
 * normalising, and loading many images in parallel. What an image means (identity, labels, splits)
 * does not belong here.
 */
package org.mien.data.image;
