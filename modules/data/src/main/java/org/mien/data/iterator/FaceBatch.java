package org.mien.data.iterator;

import java.util.List;
import org.mien.data.manifest.FaceSample;

/**
 * Inputs of several samples in one array, which is used again: valid until the next batch is asked
 * for.
 */
public final class FaceBatch {
  private final float[] images;
  private final List<FaceSample> samples;
  private final List<String> fingerprints;

  FaceBatch(float[] images, List<FaceSample> samples, List<String> fingerprints) {
    this.images = images;
    this.samples = List.copyOf(samples);
    this.fingerprints = List.copyOf(fingerprints);
  }

  /**
   * Returns {@code (batch, 3, height, width)} floats of which the first {@link #count()} images are
   * filled. The array belongs to the loader: it is overwritten after the next batch is asked for.
   */
  public float[] images() {
    return images;
  }

  /** Returns how many images the batch holds; at least 1. */
  public int count() {
    return samples.size();
  }

  /** Returns the samples in the order of the images. */
  public List<FaceSample> samples() {
    return samples;
  }

  /** Returns the fingerprint of each image's source; empty unless they were asked for. */
  public List<String> fingerprints() {
    return fingerprints;
  }
}
