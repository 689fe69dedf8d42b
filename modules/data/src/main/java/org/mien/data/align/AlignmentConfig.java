package org.mien.data.align;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.image.ImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/** How faces are brought to where a network expects them, chosen in a recipe by {@code type:}. */
public sealed interface AlignmentConfig {

  /**
   * Returns the same samples with aligned images. Nothing is decoded yet: each image is aligned
   * when its pixels are asked for. A sample whose face cannot be found or aligned is a {@link
   * org.mien.core.error.DataException} then, naming its key, so that loaders list it as skipped.
   *
   * @throws org.mien.core.error.DataException if a detector's model cannot be loaded
   */
  FaceManifest apply(FaceManifest manifest);

  /** One line for reports and fingerprints; it names all that changes pixels. */
  String describe();

  /** Images stay as they are. */
  @TypeName("none")
  record None() implements AlignmentConfig {
    @Override
    public FaceManifest apply(FaceManifest manifest) {
      return manifest;
    }

    @Override
    public String describe() {
      return "none";
    }
  }

  /**
   * The part of the image around the box that the data set gives, at its own resolution.
   *
   * <p>The box's centre stays the centre. Sides are the box's (or twice its larger one, for a
   * square) plus twice the margin, rounded to whole pixels, at least 1; the first column and row
   * are rounded too. Halves round up.
   *
   * @param margin added on each side, as a fraction of the box's larger side; negative cuts into it
   * @param shape a square, or the box's own shape
   * @param border what is seen where the box reaches beyond the image
   */
  @TypeName("box")
  record Box(
      @Setting(
              value =
                  "Added on each side, as a fraction of the box's larger side; negative cuts into"
                      + " it.",
              defaultValue = "0",
              min = -0.45,
              max = 4)
          double margin,
      @Setting(value = "Whether a square is cut out or the box's shape.", defaultValue = "square")
          BoxShape shape,
      @Setting(value = "What is seen beyond the image.", defaultValue = "repeat") BoxBorder border)
      implements AlignmentConfig {
    public Box {
      if (!(margin >= -0.45 && margin <= 4)) {
        throw new IllegalArgumentException("expected a margin in [-0.45, 4], was " + margin);
      }
    }

    @Override
    public FaceManifest apply(FaceManifest manifest) {
      return manifest.map(this::applied);
    }

    private FaceSample applied(FaceSample sample) {
      if (sample.location().box().isEmpty()) {
        return unlocated(sample, "box");
      }
      FaceBox box = sample.location().box().get();
      BoxImageSource source =
          new BoxImageSource(
              sample.image(),
              sample.key(),
              sample.location(),
              BoxCrop.around(box, margin, shape),
              border);
      return sample.withImage(source, source.croppedLocation());
    }

    @Override
    public String describe() {
      return "box margin " + margin + " " + shape + " border " + border;
    }
  }

  /**
   * The image warped so that the five points that the data set gives lie on the ArcFace template,
   * as well as turning, scaling and shifting allow: {@link SimilarityTransform#fit}. Bilinear,
   * black beyond the image.
   *
   * <p>The location of an aligned sample is the template's points.
   *
   * @param widthPixels of the aligned picture
   * @param heightPixels of the aligned picture
   * @param template how the template is carried over to this size
   */
  @TypeName("five-points")
  record FivePoints(
      @Setting(
              value = "Width of the aligned picture in pixels.",
              defaultValue = "112",
              min = AlignmentTemplate.SMALLEST_SIDE,
              max = AlignmentTemplate.LARGEST_SIDE)
          int widthPixels,
      @Setting(
              value = "Height of the aligned picture in pixels.",
              defaultValue = "112",
              min = AlignmentTemplate.SMALLEST_SIDE,
              max = AlignmentTemplate.LARGEST_SIDE)
          int heightPixels,
      @Setting(
              value =
                  "How the ArcFace template is carried over to this size: insightface's own rule"
                      + " (96x112, squares of multiples of 112 or 128) or scaled by the height.",
              defaultValue = "insightface")
          TemplateRule template)
      implements AlignmentConfig {
    public FivePoints {
      AlignmentTemplate.arcFace(widthPixels, heightPixels, template); // refuses sizes without rule
    }

    @Override
    public FaceManifest apply(FaceManifest manifest) {
      AlignmentTemplate target = AlignmentTemplate.arcFace(widthPixels, heightPixels, template);
      return manifest.map(sample -> applied(sample, target));
    }

    private static FaceSample applied(FaceSample sample, AlignmentTemplate target) {
      if (sample.location().points().isEmpty()) {
        return unlocated(sample, "five points");
      }
      FacePoints points = sample.location().points().get();
      ImageSource source = new FivePointImageSource(sample.image(), sample.key(), points, target);
      return sample.withImage(source, FaceLocation.of(target.points()));
    }

    @Override
    public String describe() {
      return "five-points " + widthPixels + "x" + heightPixels + " " + template;
    }
  }

  /**
   * As {@link FivePoints}, with points that a detector finds whenever an image is decoded, whatever
   * the data set says. To find them once, prepare an aligned copy.
   *
   * @param detector finds the faces
   * @param choice which face is taken where there are several
   * @param widthPixels of the aligned picture
   * @param heightPixels of the aligned picture
   * @param template how the template is carried over to this size
   */
  @TypeName("detect")
  record Detect(
      @Setting("The face detector.") DetectorConfig detector,
      @Setting(
              value =
                  "Which face is taken where there are several: the largest, the most central (for"
                      + " LFW) or that of the best score.",
              defaultValue = "central")
          FaceChoice choice,
      @Setting(
              value = "Width of the aligned picture in pixels.",
              defaultValue = "112",
              min = AlignmentTemplate.SMALLEST_SIDE,
              max = AlignmentTemplate.LARGEST_SIDE)
          int widthPixels,
      @Setting(
              value = "Height of the aligned picture in pixels.",
              defaultValue = "112",
              min = AlignmentTemplate.SMALLEST_SIDE,
              max = AlignmentTemplate.LARGEST_SIDE)
          int heightPixels,
      @Setting(
              value =
                  "How the ArcFace template is carried over to this size: insightface's own rule"
                      + " (96x112, squares of multiples of 112 or 128) or scaled by the height.",
              defaultValue = "insightface")
          TemplateRule template)
      implements AlignmentConfig {
    public Detect {
      AlignmentTemplate.arcFace(widthPixels, heightPixels, template); // refuses sizes without rule
    }

    @Override
    public FaceManifest apply(FaceManifest manifest) {
      AlignmentTemplate target = AlignmentTemplate.arcFace(widthPixels, heightPixels, template);
      FaceDetector finder = FaceDetector.open(detector);
      return manifest.map(
          sample ->
              sample.withImage(
                  new DetectedImageSource(sample.image(), sample.key(), finder, choice, target),
                  FaceLocation.of(target.points())));
    }

    /** {@inheritDoc} Reads the model's file, for its content counts and not its path. */
    @Override
    public String describe() {
      return "detect "
          + FaceDetector.describe(detector)
          + " choice "
          + choice
          + " "
          + widthPixels
          + "x"
          + heightPixels
          + " "
          + template;
    }
  }

  private static FaceSample unlocated(FaceSample sample, String missing) {
    return sample.withImage(
        new UnlocatedImageSource(sample.image(), sample.key(), missing), FaceLocation.UNKNOWN);
  }
}
