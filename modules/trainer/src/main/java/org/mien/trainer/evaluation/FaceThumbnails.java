package org.mien.trainer.evaluation;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;
import org.mien.eval.report.Thumbnails;

/**
 * Small JPEGs of what a network is shown: cut and scaled as it sees it, at most {@value
 * #LONGEST_SIDE} pixels a side. Only for reports whose reader may see the faces.
 */
public final class FaceThumbnails implements Thumbnails {
  private static final int LONGEST_SIDE = 96;

  private final Map<String, FaceSample> samples = new HashMap<>();
  private final FacePreprocessor preprocessor;

  /**
   * @param faces the images by their keys
   * @param preprocessing of the network, with the crop that fits these images
   */
  public FaceThumbnails(List<FaceSample> faces, Preprocessing preprocessing) {
    faces.forEach(face -> samples.put(face.key(), face));
    this.preprocessor = new FacePreprocessor(preprocessing);
  }

  @Override
  public Optional<byte[]> of(String key) {
    FaceSample sample = samples.get(key);
    if (sample == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(jpeg(preprocessor.view(sample.image().decode())));
    } catch (DataException e) {
      return Optional.empty(); // scored before, but gone now: its name is in the report
    }
  }

  private static byte[] jpeg(RawImage view) {
    double scale = Math.min(1, LONGEST_SIDE / (double) Math.max(view.width(), view.height()));
    BufferedImage full = new BufferedImage(view.width(), view.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < view.height(); y++) {
      for (int x = 0; x < view.width(); x++) {
        int at = 3 * (y * view.width() + x);
        full.setRGB(
            x,
            y,
            (view.rgb()[at] & 0xff) << 16
                | (view.rgb()[at + 1] & 0xff) << 8
                | (view.rgb()[at + 2] & 0xff));
      }
    }
    BufferedImage small =
        new BufferedImage(
            Math.max(1, (int) Math.round(scale * view.width())),
            Math.max(1, (int) Math.round(scale * view.height())),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(full, 0, 0, small.getWidth(), small.getHeight(), null);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(small, "jpeg", bytes)) {
        throw new IllegalStateException("every Java writes JPEG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }
}
