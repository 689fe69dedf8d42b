package org.mien.eval.template;

import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.search.EmbeddingRows;

/** One embedding of unit length for each template of a protocol, in its order. */
public final class PooledTemplates implements EmbeddingRows {
  private final TemplateProtocol protocol;
  private final PoolingOptions options;
  private final int dimension;
  private final float[] values;

  PooledTemplates(
      TemplateProtocol protocol, PoolingOptions options, int dimension, float[] values) {
    this.protocol = protocol;
    this.options = options;
    this.dimension = dimension;
    this.values = values;
  }

  /** Returns the protocol whose templates these are. */
  public TemplateProtocol protocol() {
    return protocol;
  }

  /** Returns how they were pooled. */
  public PoolingOptions options() {
    return options;
  }

  @Override
  public int rows() {
    return values.length / dimension;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String name(int row) {
    return "template " + protocol.templateId(row);
  }

  @Override
  public void read(int first, int count, float[] into) {
    System.arraycopy(values, first * dimension, into, 0, count * dimension);
  }
}
