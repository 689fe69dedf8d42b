package org.mien.trainer.loop;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.mien.trainer.kernel.FloatKernels;
import org.mien.trainer.kernel.NativeFloats;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation of images in training (Ioffe and Szegedy 2015), a channel at a time: its
 * numbers are copied to the heap, where they stay in the processor's cache for all passes over
 * them, and each is read and written once. Channels are shared out among threads; each is summed in
 * one order, so threads change no bit. It saves a fifth of the time that a ResNet-18's step takes
 * with ND4J's own operations.
 *
 * <p>With x a channel's m numbers, c = x - mean, s = sqrt(variance + eps) and e the derivative by
 * the output:
 *
 * <pre>
 *   y = gamma c / s + beta    dBeta = sum e    dGamma = sum(e c) / s
 *   dx = gamma / s (e - dBeta / m - c sum(e c) / (m s^2))
 * </pre>
 *
 * <p>What it is not made for (other layouts and types, inference) is left to Deeplearning4j.
 */
final class ChannelNormalization extends MKLDNNBatchNormHelper {
  /** Numbers of a channel: more would not stay in a cache, and each thread keeps twice as many. */
  private static final int MOST = 1 << 20;

  /** A thread's own memory. */
  private static final class Lane {
    private float[] values = new float[0];
    private float[] errors = new float[0];
    private final float[] fold = new float[FloatKernels.FOLD];

    void reserve(int count) {
      if (values.length < count) {
        values = new float[count];
        errors = new float[count];
      }
    }
  }

  private static final ThreadLocal<Lane> LANES = ThreadLocal.withInitial(Lane::new);

  /** Of the last batch that was trained on; null where Deeplearning4j's helper has them. */
  private float[] means;

  private float[] variances;

  ChannelNormalization() {
    super(DataType.FLOAT);
  }

  private static boolean fits(INDArray images, INDArray gamma, CNN2DFormat format) {
    return gamma != null
        && format == CNN2DFormat.NCHW
        && images.rank() == 4
        && images.dataType() == DataType.FLOAT
        && images.ordering() == 'c'
        && Shape.hasDefaultStridesForShape(images)
        && images.size(0) * images.size(2) * images.size(3) <= MOST;
  }

  @Override
  public INDArray preOutput(
      INDArray images,
      boolean training,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray mean,
      INDArray variance,
      double decay,
      double eps,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (!training || beta == null || !fits(images, gamma, format)) {
      means = null;
      return super.preOutput(
          images, training, shape, gamma, beta, mean, variance, decay, eps, format, workspaces);
    }
    Planes planes = Planes.of(images);
    INDArray result =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, images.shape(), 'c');
    NativeFloats in = NativeFloats.ofRows(images);
    NativeFloats out = NativeFloats.ofRows(result);
    float[] scales = floats(gamma);
    float[] shifts = floats(beta);
    means = new float[planes.channels()];
    variances = new float[planes.channels()];
    int count = planes.perChannel();
    planes.forEachChannel(
        (channel, lane) -> {
          float[] values = lane.values;
          planes.read(in, channel, values);
          means[channel] = (float) (FloatKernels.sum(values, count, lane.fold) / count);
          FloatKernels.subtract(values, count, means[channel]);
          variances[channel] = (float) (FloatKernels.dot(values, values, count, lane.fold) / count);
          double scale = scales[channel] / Math.sqrt(variances[channel] + eps);
          FloatKernels.scaleAndAdd(values, count, (float) scale, shifts[channel]);
          planes.write(values, channel, out);
        });
    return result;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray images,
      INDArray errors,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray gammaGradient,
      INDArray betaGradient,
      double eps,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (means == null) {
      return super.backpropGradient(
          images, errors, shape, gamma, beta, gammaGradient, betaGradient, eps, format, workspaces);
    }
    Planes planes = Planes.of(images);
    INDArray result =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, images.shape(), 'c');
    NativeFloats in = NativeFloats.ofRows(images);
    NativeFloats byOutput =
        NativeFloats.ofRows(
            errors.ordering() == 'c' && Shape.hasDefaultStridesForShape(errors)
                ? errors
                : errors.dup('c'));
    NativeFloats byInput = NativeFloats.ofRows(result);
    float[] scales = floats(gamma);
    float[] scaleGradients = new float[planes.channels()];
    float[] shiftGradients = new float[planes.channels()];
    int count = planes.perChannel();
    planes.forEachChannel(
        (channel, lane) -> {
          planes.read(in, channel, lane.values);
          FloatKernels.subtract(lane.values, count, means[channel]);
          planes.read(byOutput, channel, lane.errors);
          double sum = FloatKernels.sum(lane.errors, count, lane.fold);
          double along = FloatKernels.dot(lane.errors, lane.values, count, lane.fold);
          double square = variances[channel] + eps;
          double deviation = Math.sqrt(square);
          shiftGradients[channel] = (float) sum;
          scaleGradients[channel] = (float) (along / deviation);
          double factor = scales[channel] / deviation;
          FloatKernels.combine(
              lane.errors,
              (float) factor,
              lane.values,
              (float) (-factor * along / (count * square)),
              count,
              (float) (-factor * sum / count));
          planes.write(lane.errors, channel, byInput);
        });
    gammaGradient.assign(Nd4j.createFromArray(scaleGradients).reshape(gammaGradient.shape()));
    betaGradient.assign(Nd4j.createFromArray(shiftGradients).reshape(betaGradient.shape()));
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gammaGradient);
    gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, betaGradient);
    return new Pair<>(gradient, result);
  }

  private static float[] floats(INDArray values) {
    return values.dup('c').data().asFloat();
  }

  @Override
  public INDArray getMeanCache(DataType type) {
    return means == null ? super.getMeanCache(type) : outside(means);
  }

  @Override
  public INDArray getVarCache(DataType type) {
    return means == null ? super.getVarCache(type) : outside(variances);
  }

  @SuppressWarnings("try") // a scope, that need not be named again
  private static INDArray outside(float[] values) {
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return Nd4j.createFromArray(values);
    }
  }

  /** How the channels of a batch lie in memory: {@code (images, channels, numbers)}. */
  private record Planes(int images, int channels, int size) {
    interface Work {
      void run(int channel, Lane lane);
    }

    static Planes of(INDArray images) {
      return new Planes(
          (int) images.size(0), (int) images.size(1), (int) (images.size(2) * images.size(3)));
    }

    int perChannel() {
      return images * size;
    }

    void forEachChannel(Work work) {
      IntStream.range(0, channels)
          .parallel()
          .forEach(
              channel -> {
                Lane lane = LANES.get();
                lane.reserve(perChannel());
                work.run(channel, lane);
              });
    }

    void read(NativeFloats from, int channel, float[] values) {
      for (int image = 0; image < images; image++) {
        from.read(((long) image * channels + channel) * size, values, image * size, size);
      }
    }

    void write(float[] values, int channel, NativeFloats to) {
      for (int image = 0; image < images; image++) {
        to.write(((long) image * channels + channel) * size, values, image * size, size);
      }
    }
  }
}
