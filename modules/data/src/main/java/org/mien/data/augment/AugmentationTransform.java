package org.mien.data.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_GRAY2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import java.util.Random;
import java.util.SplittableRandom;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.opencv_core.Mat;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.transform.BaseImageTransform;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;

/**
 * Augmentations as a DataVec transform: for {@code ImageRecordReader}, {@code
 * PipelineImageTransform} and whatever else takes one.
 *
 * <p>Where the caller hands over a {@code java.util.Random}, one {@code nextLong} of it seeds all
 * draws. Where it hands over none, as DataVec's image readers do, nothing is drawn from hidden
 * state: DataVec tells a transform nothing of the sample, so that the stream is named by the image
 * itself, its pixels' SHA-256, and by the view. The same image gets the same change in every run,
 * thread and order; {@link #view} chooses another one for the next epoch.
 *
 * <p>Images are 8-bit, of three planes in OpenCV's order BGR, or one. {@code query} is not
 * supported. Unlike DataVec's own transforms it may be used from several threads, apart from {@code
 * getCurrentImage}, which is the last one of any thread.
 */
public final class AugmentationTransform extends BaseImageTransform<Mat> {
  private final AugmentationPipeline pipeline;
  private final SeedStreams seeds;
  private volatile long view;

  public AugmentationTransform(AugmentationPipeline pipeline, SeedStreams seeds) {
    super(null);
    this.pipeline = pipeline;
    this.seeds = seeds;
  }

  /** Chooses which view of each image is made from now on, for example the epoch's number. */
  public void view(long number) {
    view = number;
  }

  @Override
  protected ImageWritable doTransform(ImageWritable image, Random random) {
    if (image == null) {
      return null;
    }
    // A converter remembers its last image, so that each call has its own.
    try (OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat()) {
      Mat given = converter.convert(image.getFrame());
      boolean grey = given.type() == CV_8UC1;
      RawImage plain = toRaw(given, grey);
      SplittableRandom draws =
          random == null ? ofContent(plain) : new SplittableRandom(random.nextLong());
      Mat changed = toMat(pipeline.apply(plain, draws), grey);
      return new ImageWritable(new OpenCVFrameConverter.ToMat().convert(changed));
    }
  }

  private SplittableRandom ofContent(RawImage image) {
    String content = new Fingerprint().add(image.width()).add(image.rgb()).hex();
    return AugmentationPipeline.stream(seeds, content, view);
  }

  private static RawImage toRaw(Mat image, boolean grey) {
    if (!grey && image.type() != CV_8UC3) {
      throw new IllegalArgumentException(
          String.format(
              "expected an 8-bit image of 1 or 3 planes, was OpenCV type %d with %d planes",
              image.type(), image.channels()));
    }
    try (Mat rgb = new Mat()) {
      cvtColor(image, rgb, grey ? COLOR_GRAY2RGB : COLOR_BGR2RGB);
      byte[] pixels = new byte[3 * rgb.cols() * rgb.rows()];
      rgb.data().get(pixels);
      return new RawImage(rgb.cols(), rgb.rows(), pixels);
    }
  }

  private static Mat toMat(RawImage image, boolean grey) {
    try (Mat rgb = new Mat(image.height(), image.width(), CV_8UC3)) {
      rgb.data().put(image.rgb());
      Mat result = new Mat();
      cvtColor(rgb, result, grey ? COLOR_RGB2GRAY : COLOR_RGB2BGR);
      return result;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AugmentationTransform transform
        && transform.pipeline.equals(pipeline)
        && transform.seeds.equals(seeds)
        && transform.view == view;
  }

  @Override
  public int hashCode() {
    return pipeline.hashCode() * 31 + seeds.hashCode();
  }

  @Override
  public String toString() {
    return "AugmentationTransform(" + pipeline.augmentations() + ", view " + view + ")";
  }
}
