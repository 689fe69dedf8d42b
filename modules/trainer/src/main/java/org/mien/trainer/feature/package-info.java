/**
 * What a frozen backbone makes of images, computed once an image and kept on disk. Nothing here
 * knows about heads or losses.
 */
package org.mien.trainer.feature;
