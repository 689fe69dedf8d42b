/** Decoding, cropping, resizing and normalising of face images. */
package org.mien.data.image;
