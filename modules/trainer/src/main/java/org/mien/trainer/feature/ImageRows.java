package org.mien.trainer.feature;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;
import org.mien.model.embed.Embedder;
import org.mien.trainer.loop.TrainingRows;

/**
 * Training rows made from images at every step: images for a network that is trained as a whole,
 * or, without a cache, the features that a frozen backbone makes of them each time.
 *
 * <p>Images for training as a whole are decoded once and kept as 8-bit pixels of the input's size
 * where all of them take at most {@value #KEPT_MEBIBYTES} MiB.
 *
 * <p>Augmentation comes after the crop and the resizing, on what is kept: a new view at every read
 * costs no decoding. Its stream is named by the sample's key, the epoch and the place in the epoch,
 * so that a row that an epoch repeats is another view each time.
 */
public final class ImageRows implements TrainingRows {
  private static final long KEPT_MEBIBYTES = 512;

  private final List<FaceSample> samples;
  private final int[] labels;
  private final FacePreprocessor preprocessor;
  private final FacePreprocessor normalizer;
  private final Optional<Embedder> backbone;
  private final AugmentationPipeline augmentation;
  private final SeedStreams seeds;
  private final RawImage[] kept;

  private ImageRows(
      List<FaceSample> samples,
      List<String> identities,
      Preprocessing preprocessing,
      Optional<Embedder> backbone,
      AugmentationPipeline augmentation,
      SeedStreams seeds) {
    this.samples = List.copyOf(samples);
    this.labels = Labels.of(samples, identities);
    this.preprocessor = new FacePreprocessor(preprocessing);
    this.normalizer = new FacePreprocessor(preprocessing.withCrop(new Crop.None()));
    this.backbone = backbone;
    this.augmentation = augmentation;
    this.seeds = seeds;
    boolean keep = backbone.isEmpty() && keptBytes(samples.size(), preprocessing) > 0;
    this.kept = keep ? new RawImage[samples.size()] : null;
  }

  /**
   * Returns how much memory rows of so many images take: nothing where they are too many to keep.
   */
  public static long keptBytes(int images, Preprocessing preprocessing) {
    long bytes = (long) images * preprocessing.imageLength();
    return bytes <= KEPT_MEBIBYTES << 20 ? bytes : 0;
  }

  /**
   * Rows that are images.
   *
   * @param samples have to be readable: one that is not ends the training
   * @param augmentation empty for plain images
   * @param seeds of the augmentation
   */
  public static ImageRows images(
      List<FaceSample> samples,
      List<String> identities,
      Preprocessing preprocessing,
      AugmentationPipeline augmentation,
      SeedStreams seeds) {
    return new ImageRows(samples, identities, preprocessing, Optional.empty(), augmentation, seeds);
  }

  /**
   * Rows that are features made on the spot.
   *
   * @param augmentation of the images; empty for plain ones
   * @param seeds of the augmentation
   */
  public static ImageRows features(
      List<FaceSample> samples,
      List<String> identities,
      Embedder backbone,
      AugmentationPipeline augmentation,
      SeedStreams seeds) {
    return new ImageRows(
        samples, identities, backbone.preprocessing(), Optional.of(backbone), augmentation, seeds);
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public long[] shape() {
    Preprocessing input = preprocessor.preprocessing();
    return backbone
        .map(network -> new long[] {network.dimension()})
        .orElse(new long[] {3, input.heightPixels(), input.widthPixels()});
  }

  @Override
  public int label(int row) {
    return labels[row];
  }

  @Override
  public float[] read(int epoch, int[] rows, int from, int count) {
    int length = preprocessor.preprocessing().imageLength();
    float[] images = new float[count * length];
    IntStream.range(0, count)
        .parallel()
        .forEach(i -> normalizer.apply(view(epoch, from + i, rows), images, i * length));
    return backbone.isPresent() ? backbone.get().embed(images, count) : images;
  }

  private RawImage view(int epoch, int place, int[] rows) {
    RawImage plain = resized(rows[place]);
    return augmentation.isEmpty()
        ? plain
        : augmentation.apply(
            plain,
            AugmentationPipeline.stream(seeds, samples.get(rows[place]).key(), epoch, place));
  }

  private RawImage resized(int row) {
    if (kept != null && kept[row] != null) {
      return kept[row];
    }
    RawImage resized = samples.get(row).image().view(preprocessor);
    if (kept != null) {
      kept[row] = resized;
    }
    return resized;
  }
}
