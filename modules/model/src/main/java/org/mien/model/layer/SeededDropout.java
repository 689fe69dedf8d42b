package org.mien.model.layer;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.mien.core.random.SeedStreams;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Inverted dropout (Srivastava et al. 2014) whose choice is a function of seed and step alone: each
 * number is 0 with probability {@code rate} and otherwise divided by {@code 1 - rate}. A training
 * that goes on after a stop drops what the uninterrupted one would have dropped, which
 * Deeplearning4j's own dropout, on a random state that no file keeps, does not.
 */
public final class SeededDropout implements IDropout {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double rate;
  @JsonProperty private final long seed;

  /**
   * @param rate in [0, 1)
   */
  @JsonCreator
  public SeededDropout(@JsonProperty("rate") double rate, @JsonProperty("seed") long seed) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("expected a dropout rate in [0, 1), was " + rate);
    }
    this.rate = rate;
    this.seed = seed;
  }

  @Override
  public INDArray applyDropout(
      INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
    return input.muli(mask(input, iteration), result);
  }

  @Override
  public INDArray backprop(INDArray byOutput, INDArray byInput, int iteration, int epoch) {
    return byOutput.muli(mask(byOutput, iteration), byInput);
  }

  private INDArray mask(INDArray like, int iteration) {
    SplittableRandom random = new SeedStreams(seed).stream("model/dropout", iteration);
    float[] mask = new float[Math.toIntExact(like.length())];
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < rate ? 0 : kept;
    }
    return Nd4j.create(mask, like.shape(), 'c').castTo(like.dataType());
  }

  @Override
  public void clear() {}

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // It has no state to copy.
  public IDropout clone() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SeededDropout dropout && dropout.rate == rate && dropout.seed == seed;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(rate) + Long.hashCode(seed);
  }

  @Override
  public String toString() {
    return "SeededDropout(" + rate + ")";
  }
}
