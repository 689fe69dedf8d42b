package org.mien.trainer.feature;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
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
 */
public final class ImageRows implements TrainingRows {
  private static final long KEPT_MEBIBYTES = 512;

  private final List<FaceSample> samples;
  private final int[] labels;
  private final FacePreprocessor preprocessor;
  private final FacePreprocessor normalizer;
  private final Optional<Embedder> backbone;
  private final RawImage[] kept;

  private ImageRows(
      List<FaceSample> samples,
      List<String> identities,
      Preprocessing preprocessing,
      Optional<Embedder> backbone) {
    this.samples = List.copyOf(samples);
    this.labels = Labels.of(samples, identities);
    this.preprocessor = new FacePreprocessor(preprocessing);
    this.normalizer = new FacePreprocessor(preprocessing.withCrop(new Crop.None()));
    this.backbone = backbone;
    long bytes = (long) samples.size() * preprocessing.imageLength();
    boolean keep = backbone.isEmpty() && bytes <= KEPT_MEBIBYTES << 20;
    this.kept = keep ? new RawImage[samples.size()] : null;
  }

  /**
   * Rows that are images.
   *
   * @param samples have to be readable: one that is not ends the training
   */
  public static ImageRows images(
      List<FaceSample> samples, List<String> identities, Preprocessing preprocessing) {
    return new ImageRows(samples, identities, preprocessing, Optional.empty());
  }

  /** Rows that are features made on the spot. */
  public static ImageRows features(
      List<FaceSample> samples, List<String> identities, Embedder backbone) {
    return new ImageRows(samples, identities, backbone.preprocessing(), Optional.of(backbone));
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
  public float[] read(int[] rows, int from, int count) {
    int length = preprocessor.preprocessing().imageLength();
    float[] images = new float[count * length];
    IntStream.range(0, count)
        .parallel()
        .forEach(i -> normalizer.apply(resized(rows[from + i]), images, i * length));
    return backbone.isPresent() ? backbone.get().embed(images, count) : images;
  }

  private RawImage resized(int row) {
    if (kept != null && kept[row] != null) {
      return kept[row];
    }
    RawImage resized = preprocessor.view(samples.get(row).image().decode());
    if (kept != null) {
      kept[row] = resized;
    }
    return resized;
  }
}
