package org.mien.model.backbone;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Builds GhostFaceNet, GhostNet's table 1 from top to bottom. */
final class GhostFaceNetGraph {
  private static final int DIVISOR = 4;
  private static final int STEM = 16;
  private static final int LAST = 960;

  /**
   * A row of the table.
   *
   * @param kernel of the depthwise convolutions
   * @param inner planes between the two ghost modules
   * @param out planes at the end
   * @param gated whether planes are weighed by squeeze and excitation
   */
  private record Row(int kernel, int inner, int out, boolean gated, int stride) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(3, 16, 16, false, 1),
          new Row(3, 48, 24, false, 2),
          new Row(3, 72, 24, false, 1),
          new Row(5, 72, 40, true, 2),
          new Row(5, 120, 40, true, 1),
          new Row(3, 240, 80, false, 2),
          new Row(3, 200, 80, false, 1),
          new Row(3, 184, 80, false, 1),
          new Row(3, 184, 80, false, 1),
          new Row(3, 480, 112, true, 1),
          new Row(3, 672, 112, true, 1),
          new Row(5, 672, 160, true, 2),
          new Row(5, 960, 160, false, 1),
          new Row(5, 960, 160, true, 1),
          new Row(5, 960, 160, false, 1),
          new Row(5, 960, 160, true, 1));

  private final NetworkBuilder network;
  private final GhostFaceNetConfig config;

  private GhostFaceNetGraph(GhostFaceNetConfig config, long seed) {
    this.network = new NetworkBuilder(seed);
    this.config = config;
  }

  static ComputationGraph build(GhostFaceNetConfig config, long seed) {
    return new GhostFaceNetGraph(config, seed).build();
  }

  private ComputationGraph build() {
    int channels = planes(STEM);
    String top =
        network.convolution("conv_stem", NetworkBuilder.INPUT, 3, channels, 3, config.stride());
    top = normPrelu("stem", top, channels);
    int height = after(config.stride(), config.input().heightPixels());
    int width = after(config.stride(), config.input().widthPixels());
    for (int i = 0; i < ROWS.size(); i++) {
      Row row = ROWS.get(i);
      top = bottleneck("blocks." + i, top, channels, row);
      channels = planes(row.out());
      height = after(row.stride(), height);
      width = after(row.stride(), width);
    }
    int last = planes(LAST);
    top = normPrelu("head", network.convolution("head.conv", top, channels, last, 1, 1), last);
    top = network.depthwise("gdc.conv", top, last, height, width, 1, 0);
    top = network.norm("gdc.bn", top, last);
    top = network.linear("linear", top, config.dimension(), false);
    network.norm(NetworkBuilder.FEATURES, top, config.dimension());
    return network.build(config.input());
  }

  /** A multiple of {@value #DIVISOR} that is at most a tenth smaller than wanted. */
  private int planes(int table) {
    double wanted = table * config.width();
    int rounded = Math.max(DIVISOR, (int) (wanted + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
  }

  /** A side after a convolution that is padded by half its kernel. */
  private static int after(int stride, int side) {
    return (side + stride - 1) / stride;
  }

  private String bottleneck(String name, String input, int in, Row row) {
    int inner = planes(row.inner());
    int out = planes(row.out());
    int half = row.kernel() / 2;
    String top = ghost(name + ".ghost1", input, in, inner, true);
    if (row.stride() > 1) {
      top =
          network.depthwise(
              name + ".conv_dw", top, inner, row.kernel(), row.kernel(), row.stride(), half);
      top = network.norm(name + ".bn_dw", top, inner);
    }
    if (row.gated()) {
      top = network.squeezeExcitation(name + ".se", top, inner, DIVISOR);
    }
    top = ghost(name + ".ghost2", top, inner, out, false);
    String shortcut = input;
    if (row.stride() > 1 || in != out) {
      shortcut =
          network.depthwise(
              name + ".shortcut.0", input, in, row.kernel(), row.kernel(), row.stride(), half);
      shortcut = network.norm(name + ".shortcut.1", shortcut, in);
      shortcut = network.convolution(name + ".shortcut.2", shortcut, in, out, 1, 1);
      shortcut = network.norm(name + ".shortcut.3", shortcut, out);
    }
    return network.add(name + ".add", top, shortcut);
  }

  /** Half of the planes by a pointwise convolution, the others from those, plane by plane. */
  private String ghost(String name, String input, int in, int out, boolean activated) {
    int made = out / 2;
    String primary = network.convolution(name + ".primary.conv", input, in, made, 1, 1);
    primary = network.norm(name + ".primary.bn", primary, made);
    primary = activated ? network.prelu(name + ".primary.prelu", primary, made) : primary;
    String cheap = network.depthwise(name + ".cheap.conv", primary, made, 3, 3, 1, 1);
    cheap = network.norm(name + ".cheap.bn", cheap, made);
    cheap = activated ? network.prelu(name + ".cheap.prelu", cheap, made) : cheap;
    return network.concatenation(name + ".planes", primary, cheap);
  }

  private String normPrelu(String name, String input, int channels) {
    return network.prelu(name + ".prelu", network.norm(name + ".bn", input, channels), channels);
  }
}
