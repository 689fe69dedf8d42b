/**
 * Random changes of training images: one record an augmentation, pipelines of them, and pictures of
 * what they do. Each is a pure function of an image and a random stream that the caller makes;
 * {@link org.mien.data.augment.AugmentationTransform} gives them to DataVec's own readers. What
 * happens to every image, trained on or not, belongs to {@code image} and {@code align}.
 */
package org.mien.data.augment;
