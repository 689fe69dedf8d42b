package org.mien.data.augment;

import java.util.List;
import java.util.SplittableRandom;
import org.mien.core.config.ConfigWriter;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;

/**
 * Augmentations in the order given, each applied with its probability.
 *
 * <p>It has no state: the same image and the same stream always give the same pixels. Each
 * augmentation draws from a stream split off for it alone, so that changing the ranges or the
 * probability of one changes nothing that the others draw.
 *
 * @param augmentations in the order they are applied
 */
public record AugmentationPipeline(List<AugmentationConfig> augmentations) {
  public AugmentationPipeline {
    augmentations = List.copyOf(augmentations);
  }

  public static AugmentationPipeline of(List<AugmentationConfig> augmentations) {
    return new AugmentationPipeline(augmentations);
  }

  /** Returns whether it changes nothing. */
  public boolean isEmpty() {
    return augmentations.isEmpty();
  }

  /**
   * Applies the augmentations that chance chooses.
   *
   * @param image not changed
   * @param random decides everything
   * @return an image of the same size; the one given if nothing was chosen
   */
  public RawImage apply(RawImage image, SplittableRandom random) {
    RawImage result = image;
    for (AugmentationConfig augmentation : augmentations) {
      SplittableRandom own = random.split();
      if (own.nextDouble() < augmentation.probability()) {
        result = augmentation.apply(result, own);
      }
    }
    return result;
  }

  /**
   * Returns the stream of one view of one sample: {@code augment/KEY} with the view's numbers.
   *
   * @param key the sample's key
   * @param view which view, for example the epoch and the place in it
   */
  public static SplittableRandom stream(SeedStreams seeds, String key, long... view) {
    return seeds.stream("augment/" + key, view);
  }

  /** Names everything that changes pixels, apart from the seed: for fingerprints. */
  public String describe() {
    StringBuilder text = new StringBuilder("augmentation 1\n");
    augmentations.forEach(augmentation -> text.append(ConfigWriter.toYaml((Record) augmentation)));
    return text.toString();
  }
}
