package org.mien.trainer.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.progress.Progress;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * Those of some samples whose images can be read, found by reading all of them before a training
 * begins: a training of images that met an unreadable one in the middle would have to end, or to go
 * on with another order of images than a training that is resumed.
 *
 * <p>Images are kept as 8-bit pixels of the input's size where all of them take at most {@value
 * #KEPT_MEBIBYTES} MiB; then reading them here costs nothing, for they are not read again.
 */
public final class ReadableImages {
  private static final long KEPT_MEBIBYTES = 512;
  private static final int BLOCK = 256;

  private final List<FaceSample> samples;
  private final List<Skipped> skipped;
  private final RawImage[] kept;

  private ReadableImages(List<FaceSample> samples, List<Skipped> skipped, RawImage[] kept) {
    this.samples = List.copyOf(samples);
    this.skipped = List.copyOf(skipped);
    this.kept = kept;
  }

  /**
   * Reads all images once.
   *
   * @param task names the work for the progress display
   * @param strict whether an unreadable image is an error rather than a skip
   * @throws DataException if an image cannot be read and this is strict
   */
  public static ReadableImages of(
      String task,
      List<FaceSample> samples,
      Preprocessing preprocessing,
      boolean strict,
      Progress.Factory progress) {
    return of(task, samples, preprocessing, strict, progress, KEPT_MEBIBYTES << 20);
  }

  /** As the other, keeping pixels up to another limit. */
  static ReadableImages of(
      String task,
      List<FaceSample> samples,
      Preprocessing preprocessing,
      boolean strict,
      Progress.Factory progress,
      long keptBytes) {
    FacePreprocessor cropping = new FacePreprocessor(preprocessing);
    boolean keep = (long) samples.size() * preprocessing.imageLength() <= keptBytes;
    RawImage[] images = new RawImage[samples.size()];
    DataException[] problems = new DataException[samples.size()];
    try (Progress bar = progress.start(task, "images", samples.size())) {
      for (int from = 0; from < images.length; from += BLOCK) {
        int to = Math.min(images.length, from + BLOCK);
        IntStream.range(from, to)
            .parallel()
            .forEach(
                i -> {
                  try {
                    RawImage view = samples.get(i).image().view(cropping);
                    images[i] = keep ? view : null;
                  } catch (DataException e) {
                    problems[i] = e;
                  }
                });
        bar.advanceTo(to);
      }
    }
    List<FaceSample> readable = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      if (problems[i] == null) {
        images[readable.size()] = images[i];
        readable.add(samples.get(i));
      } else if (strict) {
        throw problems[i];
      } else {
        skipped.add(new Skipped(samples.get(i).key(), problems[i].getMessage()));
      }
    }
    return new ReadableImages(
        readable, skipped, keep ? Arrays.copyOf(images, readable.size()) : null);
  }

  /** Returns how much memory so many images take: nothing where they are too many to keep. */
  public static long keptBytes(int images, Preprocessing preprocessing) {
    long bytes = (long) images * preprocessing.imageLength();
    return bytes <= KEPT_MEBIBYTES << 20 ? bytes : 0;
  }

  /** Those that can be read, in the order given. */
  public List<FaceSample> samples() {
    return samples;
  }

  /** The others, and why. */
  public List<Skipped> skipped() {
    return skipped;
  }

  /** Returns what the network is shown of an image, before normalisation. */
  RawImage image(int row, FacePreprocessor cropping) {
    return kept == null ? samples.get(row).image().view(cropping) : kept[row];
  }
}
