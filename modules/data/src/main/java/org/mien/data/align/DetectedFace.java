package org.mien.data.align;

import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;

/**
 * A face that a detector found.
 *
 * @param box around it, in pixels of the image given; it may reach beyond it
 * @param points its five points, in pixels of the image given
 * @param score how sure the detector is, in [0, 1]
 */
public record DetectedFace(FaceBox box, FacePoints points, double score) {}
