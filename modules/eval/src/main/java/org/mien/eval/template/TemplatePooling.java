package org.mien.eval.template;

import java.util.Arrays;
import java.util.List;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.protocol.IjbPoints;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.UnitLength;

/** Makes the embeddings of templates from those of their images. */
public final class TemplatePooling {
  private final TemplateProtocol protocol;
  private final EmbeddingRows images;
  private final PoolingOptions options;
  private final IjbPoints points;
  private final float[] image;
  private final double[] medium;
  private final double[] sum;

  private TemplatePooling(TemplateProtocol protocol, EmbeddingRows images, PoolingOptions options) {
    this.protocol = protocol;
    this.images = images;
    this.options = options;
    this.points =
        options.weighByDetectorScore()
            ? protocol
                .points()
                .orElseThrow(
                    () ->
                        new DataException(
                            protocol.name()
                                + ": weighing by detector score needs the file of five points and"
                                + " scores; name it under points"))
            : null;
    this.image = new float[images.dimension()];
    this.medium = new double[images.dimension()];
    this.sum = new double[images.dimension()];
  }

  /**
   * Returns the embeddings of a protocol's images, in its order, from a matrix with their keys.
   *
   * @throws DataException naming the first image that has no embedding
   */
  public static EmbeddingRows imagesOf(TemplateProtocol protocol, EmbeddingMatrix embeddings) {
    List<String> keys = protocol.images();
    int[] rows = new int[keys.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = embeddings.rowOf(keys.get(i));
      if (rows[i] < 0) {
        throw new DataException(
            protocol.name()
                + ": image "
                + i
                + " of the list, "
                + keys.get(i)
                + ", has no embedding");
      }
    }
    return EmbeddingRows.of(embeddings).select(rows);
  }

  /**
   * Pools all templates. Takes as much memory as the templates, 47 MB for IJB-C; the images are
   * read one by one.
   *
   * @param images one embedding for each of {@link TemplateProtocol#images()}, in that order, as
   *     the network gives them
   * @throws DataException if there are not as many, an embedding is not finite or zero, naming the
   *     image, or the embeddings of a template cancel out
   */
  public static PooledTemplates pool(
      TemplateProtocol protocol,
      EmbeddingRows images,
      PoolingOptions options,
      Progress.Factory progress) {
    if (images.rows() != protocol.images().size()) {
      throw new DataException(
          protocol.name()
              + " has "
              + protocol.images().size()
              + " images, and there are "
              + images.rows()
              + " embeddings");
    }
    return new TemplatePooling(protocol, images, options).poolAll(progress);
  }

  private PooledTemplates poolAll(Progress.Factory progress) {
    int dimension = images.dimension();
    float[] values = new float[Math.multiplyExact(protocol.templates(), dimension)];
    try (Progress shown = progress.start("pool", "templates", protocol.templates())) {
      for (int template = 0; template < protocol.templates(); template++) {
        pool(template);
        double squared = 0;
        for (double number : sum) {
          squared += number * number;
        }
        if (!(squared > 0 && squared < Double.POSITIVE_INFINITY)) {
          throw new DataException(
              "the embeddings of template "
                  + protocol.templateId(template)
                  + " add up to a vector of squared length "
                  + squared
                  + "; it has no direction to compare");
        }
        double scale = 1 / Math.sqrt(squared);
        for (int i = 0; i < dimension; i++) {
          values[template * dimension + i] = (float) (sum[i] * scale);
        }
        shown.advanceTo(template + 1L);
      }
    }
    return new PooledTemplates(protocol, options, dimension, values);
  }

  private void pool(int template) {
    int first = protocol.firstMember(template);
    int count = protocol.firstMember(template + 1) - first;
    // Medium above and member below in one number, so that sorting brings a medium together.
    long[] members = new long[count];
    for (int i = 0; i < count; i++) {
      members[i] = (long) protocol.memberMedia(first + i) << 32 | i;
    }
    Arrays.sort(members);
    Arrays.fill(sum, 0);
    for (int i = 0; i < count; ) {
      int begin = i;
      Arrays.fill(medium, 0);
      while (i < count && members[i] >> 32 == members[begin] >> 32) {
        add(protocol.memberImage(first + (int) members[i]));
        i++;
      }
      double share = options.media() == MediaPooling.SUM_OF_IMAGES ? 1 : 1 / (double) (i - begin);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += share * medium[k];
      }
    }
  }

  private void add(int index) {
    images.read(index, 1, image);
    double weight = points == null ? 1 : points.score(index);
    double squared = UnitLength.squared(images.name(index), image);
    if (!options.keepNorm()) {
      weight /= Math.sqrt(squared);
    }
    for (int i = 0; i < image.length; i++) {
      medium[i] += weight * image[i];
    }
  }
}
