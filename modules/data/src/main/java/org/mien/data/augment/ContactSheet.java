package org.mien.data.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_NEAREST;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.line;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.AtomicFiles;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;

/**
 * A picture of what a network is shown: a row a sample, under a line with its key; first the plain
 * input, then what each augmentation makes of it alone, then views of the whole pipeline.
 *
 * <p>As in training, augmentations get the image cropped and resized to the network's input. Alone,
 * each is applied whatever its probability. Views are numbered from 1 and follow from seed and key;
 * training draws others of the same kind, one for each place of each epoch. A sample whose image
 * cannot be read is a crossed box with the reason beside it.
 */
public final class ContactSheet {
  /** Smaller inputs are enlarged by a whole factor to at least so many pixels, for the labels. */
  private static final int SMALLEST_CELL = 96;

  private static final int GAP = 4;
  private static final int LINE = 16;
  private static final double FONT = 0.36;

  /** No letter of the font is wider at this size. */
  private static final double LETTER = 7.0;

  private static final long LARGEST_PIXELS = 64L << 20;

  private final FacePreprocessor input;
  private final AugmentationPipeline pipeline;
  private final int views;
  private final SeedStreams seeds;
  private final int factor;
  private final int cellWidth;
  private final int cellHeight;

  private ContactSheet(
      FacePreprocessor input, AugmentationPipeline pipeline, int views, SeedStreams seeds) {
    this.input = input;
    this.pipeline = pipeline;
    this.views = views;
    this.seeds = seeds;
    int width = input.preprocessing().widthPixels();
    int height = input.preprocessing().heightPixels();
    this.factor = Math.max(1, (SMALLEST_CELL + width - 1) / width);
    this.cellWidth = factor * width;
    this.cellHeight = factor * height;
  }

  /**
   * Draws a sheet.
   *
   * @param samples the rows
   * @param input crops and resizes as for the network
   * @param pipeline the augmentations
   * @param views how many views of the whole pipeline, 0 or more; none for an empty pipeline
   * @param seeds chooses the random streams
   * @throws IllegalArgumentException if the sheet would have more than 64 million pixels
   */
  public static RawImage of(
      List<FaceSample> samples,
      FacePreprocessor input,
      AugmentationPipeline pipeline,
      int views,
      SeedStreams seeds) {
    if (views < 0) {
      throw new IllegalArgumentException("expected 0 or more views, was " + views);
    }
    return new ContactSheet(input, pipeline, pipeline.isEmpty() ? 0 : views, seeds).draw(samples);
  }

  /** Writes a sheet as PNG, whole or not at all. */
  public static void writePng(RawImage sheet, Path file) {
    try (Mat rgb = matrix(sheet);
        Mat bgr = new Mat();
        BytePointer encoded = new BytePointer()) {
      cvtColor(rgb, bgr, COLOR_RGB2BGR);
      if (!imencode(".png", bgr, encoded)) {
        throw new IllegalStateException("OpenCV cannot encode PNG");
      }
      byte[] bytes = new byte[Math.toIntExact(encoded.limit())];
      encoded.get(bytes);
      AtomicFiles.writeBytes(file, bytes);
    }
  }

  private RawImage draw(List<FaceSample> samples) {
    List<String> titles = titles();
    long width = GAP + (long) titles.size() * (cellWidth + GAP);
    long height = LINE + GAP + samples.size() * (long) (LINE + cellHeight + GAP);
    if (width * height > LARGEST_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              "a sheet of %d samples in %d columns would have %d x %d pixels, more than %d; show"
                  + " fewer samples",
              samples.size(), titles.size(), width, height, LARGEST_PIXELS));
    }
    try (Scalar white = Scalar.all(255);
        Mat sheet = new Mat((int) height, (int) width, CV_8UC3, white)) {
      for (int column = 0; column < titles.size(); column++) {
        text(sheet, titles.get(column), left(column), LINE - 4, cellWidth);
      }
      for (int row = 0; row < samples.size(); row++) {
        drawRow(sheet, samples.get(row), LINE + GAP + row * (LINE + cellHeight + GAP));
      }
      byte[] rgb = new byte[Math.toIntExact(3 * width * height)];
      sheet.data().get(rgb);
      return new RawImage((int) width, (int) height, rgb);
    }
  }

  private List<String> titles() {
    List<String> titles = new ArrayList<>(List.of("input"));
    for (AugmentationConfig augmentation : pipeline.augmentations()) {
      titles.add(augmentation.getClass().getAnnotation(TypeName.class).value());
    }
    for (int view = 1; view <= views; view++) {
      titles.add("all, view " + view);
    }
    return titles;
  }

  private void drawRow(Mat sheet, FaceSample sample, int top) {
    text(sheet, sample.key(), GAP, top + LINE - 5, sheet.cols() - 2 * GAP);
    RawImage plain;
    try {
      plain = input.view(sample.image().decode());
    } catch (DataException e) {
      drawUnreadable(sheet, e.getMessage(), top + LINE);
      return;
    }
    int column = 0;
    put(sheet, plain, column++, top + LINE);
    for (AugmentationConfig augmentation : pipeline.augmentations()) {
      put(
          sheet,
          augmentation.apply(plain, AugmentationPipeline.stream(seeds, sample.key(), 0, column)),
          column++,
          top + LINE);
    }
    for (int view = 1; view <= views; view++) {
      put(
          sheet,
          pipeline.apply(plain, AugmentationPipeline.stream(seeds, sample.key(), view)),
          column++,
          top + LINE);
    }
  }

  private void put(Mat sheet, RawImage image, int column, int top) {
    try (Mat small = matrix(image);
        Rect place = new Rect(left(column), top, cellWidth, cellHeight);
        Mat cell = new Mat(sheet, place);
        Size size = new Size(cellWidth, cellHeight)) {
      resize(small, cell, size, 0, 0, INTER_NEAREST);
    }
  }

  private void drawUnreadable(Mat sheet, String reason, int top) {
    int left = left(0);
    int right = left + cellWidth - 1;
    int bottom = top + cellHeight - 1;
    try (Scalar red = new Scalar(200, 30, 30, 0);
        Point topLeft = new Point(left, top);
        Point topRight = new Point(right, top);
        Point bottomLeft = new Point(left, bottom);
        Point bottomRight = new Point(right, bottom)) {
      rectangle(sheet, topLeft, bottomRight, red);
      line(sheet, topLeft, bottomRight, red);
      line(sheet, bottomLeft, topRight, red);
    }
    // Beside the box; over it where there is no other column.
    boolean alone = pipeline.isEmpty();
    int from = alone ? left + 2 : left(1);
    int width = alone ? cellWidth - 4 : sheet.cols() - from - GAP;
    int letters = Math.max(1, (int) (width / LETTER));
    int y = top + LINE;
    for (int at = 0; at < reason.length() && y <= bottom; at += letters, y += LINE) {
      text(sheet, reason.substring(at, Math.min(reason.length(), at + letters)), from, y, width);
    }
  }

  /** Writes what fits; the font knows ASCII only. */
  private static void text(Mat sheet, String text, int left, int baseline, int width) {
    int letters = Math.max(1, (int) (width / LETTER));
    String shown = text.replaceAll("[^ -~]", "?");
    if (shown.length() > letters) {
      shown =
          shown.substring(0, Math.max(1, letters - 2))
              + "..".substring(0, Math.min(2, letters - 1));
    }
    try (Point origin = new Point(left, baseline);
        Scalar black = Scalar.all(0)) {
      putText(sheet, shown, origin, FONT_HERSHEY_SIMPLEX, FONT, black, 1, LINE_AA, false);
    }
  }

  private int left(int column) {
    return GAP + column * (cellWidth + GAP);
  }

  private static Mat matrix(RawImage image) {
    Mat matrix = new Mat(image.height(), image.width(), CV_8UC3);
    matrix.data().put(image.rgb());
    return matrix;
  }
}
