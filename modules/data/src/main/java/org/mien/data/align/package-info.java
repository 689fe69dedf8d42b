/**
 * From a face somewhere in an image to a face where a network expects it: by a bounding box, by
 * five points and a template, or by a detector that finds the points. Resizing to a network's
 * input, colour order and normalisation belong to {@code image}; random changes to {@code augment}.
 */
package org.mien.data.align;
