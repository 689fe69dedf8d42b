package org.mien.trainer.loop;

import java.lang.ref.WeakReference;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.AlgoMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.FwdAlgo;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that is not computed a second time on the way back. Deeplearning4j computes a
 * layer's output again there, to ask the activation function for its derivative; the identity, for
 * which alone this is, looks at its shape only. The second time took an eighth of a ResNet-18's
 * step.
 */
final class ConvolutionOnce extends MKLDNNConvHelper {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Weakly: after an inference nobody needs it. */
  private WeakReference<INDArray> last = new WeakReference<>(null);

  private int spared;

  ConvolutionOnce() {
    super(DataType.FLOAT);
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      INDArray weights,
      INDArray bias,
      int[] kernel,
      int[] strides,
      int[] pad,
      AlgoMode mode,
      FwdAlgo algorithm,
      ConvolutionMode convolutionMode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    INDArray known = last.get();
    if (known != null && known.size(0) == input.size(0) && isOnTheWayBack()) {
      spared++;
      return known;
    }
    INDArray output =
        super.preOutput(
            input,
            weights,
            bias,
            kernel,
            strides,
            pad,
            mode,
            algorithm,
            convolutionMode,
            dilation,
            format,
            workspaces);
    last = new WeakReference<>(output);
    return output;
  }

  /** Returns how often a second computation was spared. */
  int spared() {
    return spared;
  }

  private static boolean isOnTheWayBack() {
    return STACK.walk(
        frames ->
            frames
                // This method, the helper's, the layer's preOutput and preOutput4d, then its
                // caller.
                .limit(6)
                .anyMatch(
                    frame ->
                        frame.getDeclaringClass() == ConvolutionLayer.class
                            && frame.getMethodName().equals("backpropGradient")));
  }
}
