package org.mien.trainer.feature;

import java.util.ArrayList;
import java.util.List;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.augment.AugmentedImageSource;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;

/**
 * A fixed number of augmented views of each sample, so that a frozen backbone need run only once on
 * each of them and its features can be kept.
 *
 * <p>As in {@link ImageRows}, augmentation comes after the crop and the resizing. A view follows
 * from the seed, the sample's key and the view's number alone; its fingerprint names the image, the
 * crop, the augmentations with all their settings, seed, key and number.
 *
 * @param pipeline what happens to the images
 * @param count views of each sample, at least 1, numbered from 1; 0 is the plain image
 * @param seeds choose what each view looks like
 */
public record AugmentedViews(AugmentationPipeline pipeline, int count, SeedStreams seeds) {
  public AugmentedViews {
    if (count < 1 || pipeline.isEmpty()) {
      throw new IllegalArgumentException(
          "expected an augmentation and at least 1 view, was " + count + " of " + pipeline);
    }
  }

  /**
   * Returns the samples of one view, in their order, with the same keys: images of the network's
   * size, to be normalised but not cropped.
   *
   * @param view from 1 to {@code count}
   * @param preprocessor crops and resizes the plain images
   */
  public List<FaceSample> samples(
      List<FaceSample> samples, int view, FacePreprocessor preprocessor) {
    if (view < 1 || view > count) {
      throw new IllegalArgumentException("expected a view from 1 to " + count + ", was " + view);
    }
    List<FaceSample> views = new ArrayList<>(samples.size());
    for (FaceSample sample : samples) {
      views.add(
          sample.withImage(
              new AugmentedImageSource(
                  new CroppedImageSource(sample.image(), preprocessor),
                  pipeline,
                  seeds,
                  sample.key(),
                  view),
              sample.location()));
    }
    return views;
  }
}
