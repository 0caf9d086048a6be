package ai.irmb.internal.block.yolo;

import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Batch norm in inference mode: a scale and a shift per channel, which can be folded into the
 * convolution before it. Both are computed in double precision whenever the weights are loaded.
 */
public final class BatchNorm {
  private final Weight gamma;
  private final Weight beta;
  private final Weight mean;
  private final Weight variance;
  private final double eps;

  private BatchNorm(ModuleScope norm) {
    this.gamma = norm.weight("weight");
    this.beta = norm.weight("bias");
    this.mean = norm.weight("running_mean");
    this.variance = norm.weight("running_var");
    this.eps = norm.number("eps", 1e-5);
  }

  /** {@return the batch norm of a module} */
  public static BatchNorm of(ModuleScope norm) {
    String name = norm.module().simpleName();
    if (!name.equals("BatchNorm2d") && !name.equals("SyncBatchNorm")) {
      throw norm.error("expected a BatchNorm2d");
    }
    if (!norm.hasWeight("weight") || !norm.hasWeight("running_mean")) {
      throw norm.error("a batch norm without weights or running statistics is not supported");
    }
    return new BatchNorm(norm);
  }

  private double[] scales() {
    float[] g = gamma.load().toFloats();
    float[] v = variance.load().toFloats();
    double[] scales = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      scales[i] = g[i] / Math.sqrt(v[i] + eps);
    }
    return scales;
  }

  private Shape channels() {
    return gamma.shape();
  }

  private String name(String suffix) {
    return gamma.name() + suffix;
  }

  /** {@return the factor per channel} */
  Weight scale() {
    return Weight.of(
        name(".scale"),
        channels(),
        () -> {
          double[] scales = scales();
          float[] out = new float[scales.length];
          for (int i = 0; i < out.length; i++) {
            out[i] = (float) scales[i];
          }
          return out;
        });
  }

  /** {@return the factor per channel in double precision} */
  private Weight doubleScale() {
    Shape shape = channels();
    return new Weight(
        name(".scale"),
        shape,
        () -> {
          double[] scales = scales();
          ByteBuffer bytes = ByteBuffer.allocate(8 * scales.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asDoubleBuffer().put(scales);
          return new HostTensor(DType.F64, shape, bytes);
        });
  }

  /** {@return the summand per channel} */
  Weight shift() {
    return shift(null);
  }

  private Weight shift(@Nullable Weight bias) {
    return Weight.of(
        name(".shift"),
        channels(),
        () -> {
          double[] scales = scales();
          float[] b = beta.load().toFloats();
          float[] m = mean.load().toFloats();
          float[] biases = bias == null ? new float[b.length] : bias.load().toFloats();
          float[] out = new float[b.length];
          for (int i = 0; i < out.length; i++) {
            out[i] = (float) (b[i] + (biases[i] - m[i]) * scales[i]);
          }
          return out;
        });
  }

  /** {@return one convolution that computes a convolution followed by this norm} */
  public Conv2dParams foldInto(Conv2dParams conv, Activation activation) {
    Weight weight = conv.weight();
    Weight folded =
        Weight.of(
            weight.name(),
            weight.shape(),
            () -> {
              double[] scales = scales();
              float[] values = weight.load().toFloats();
              int perChannel = values.length / scales.length;
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] * scales[i / perChannel]);
              }
              return values;
            });
    return new Conv2dParams(
        folded,
        shift(conv.bias()),
        conv.stride(),
        conv.padding(),
        conv.dilation(),
        conv.groups(),
        activation,
        new Conv2dParams.Unfolded(weight, conv.bias(), doubleScale(), shift()));
  }
}
