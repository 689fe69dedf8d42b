package org.mien.cli;

import com.beust.jcommander.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.progress.Progress;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.align.DetectorConfig;
import org.mien.data.align.FaceChoice;
import org.mien.data.align.TemplateRule;
import org.mien.data.image.Decoding;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.model.file.FaceModel;
import org.mien.trainer.feature.FeatureExtractor;

/** How single images are brought to where a network expects the face. */
final class ImageAlignment {
  @Parameter(
      names = "--detector",
      description =
          "A YuNet model: faces are found and aligned. Without it the images have to show the face"
              + " where the model expects it")
  private Path detector;

  /** Aligns samples where a detector is named. */
  FaceManifest apply(FaceManifest faces, Preprocessing input) {
    return detector == null ? faces : config(input).apply(faces);
  }

  /**
   * Embeds images, in their order; one that cannot be read is an error.
   *
   * @return keys are the images' numbers and paths, for one may be named twice
   */
  EmbeddingMatrix embed(FaceModel model, List<Path> images, Progress.Factory progress) {
    List<FaceSample> samples = new ArrayList<>();
    for (Path image : images) {
      String key = samples.size() + ":" + image;
      samples.add(new FaceSample(key, key, new FileImageSource(image), Map.of()));
    }
    Preprocessing input = model.descriptor().preprocessing();
    FaceManifest faces = apply(new FaceManifest("images", samples, List.of()), input);
    return new FeatureExtractor(
            model.embedder(), input.crop(), Decoding.FULL, Optional.empty(), true, progress)
        .extract("embed", faces.samples())
        .toMatrix();
  }

  private AlignmentConfig config(Preprocessing input) {
    return new AlignmentConfig.Detect(
        DetectorConfig.of(detector),
        FaceChoice.CENTRAL,
        input.widthPixels(),
        input.heightPixels(),
        TemplateRule.INSIGHTFACE);
  }
}
