package ai.irmb.ops;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The definition of every operation in plain Java: the oracle of the interpretations. Sums are in
 * double precision.
 */
final class NaiveOps implements Ops<HostTensor> {
  /** A value per position of a feature map. */
  private interface ValueAt {
    double at(int n, int c, int y, int x);
  }

  /** A feature map that is zero beyond its ends. */
  @SuppressWarnings("ArrayRecordComponent") // a view of a tensor that nobody else has
  private record FeatureMap(float[] values, int n, int c, int h, int w) {
    static FeatureMap of(HostTensor t) {
      Shape s = t.shape();
      return new FeatureMap(
          t.toFloats(), (int) s.get(0), (int) s.get(1), (int) s.get(2), (int) s.get(3));
    }

    double at(int in, int ic, int y, int x) {
      return y < 0 || x < 0 || y >= h || x >= w ? 0 : values[((in * c + ic) * h + y) * w + x];
    }
  }

  private static HostTensor fill(int n, int c, int h, int w, ValueAt values) {
    float[] out = new float[n * c * h * w];
    int i = 0;
    for (int in = 0; in < n; in++) {
      for (int ic = 0; ic < c; ic++) {
        for (int y = 0; y < h; y++) {
          for (int x = 0; x < w; x++) {
            out[i++] = (float) values.at(in, ic, y, x);
          }
        }
      }
    }
    return HostTensor.of(Shape.of(n, c, h, w), out);
  }

  @Override
  public HostTensor conv2d(HostTensor tensor, Conv2dParams p) {
    FeatureMap x = FeatureMap.of(tensor);
    FeatureMap k = FeatureMap.of(p.weight().load());
    float[] bias = p.bias() == null ? new float[k.n()] : p.bias().load().toFloats();
    int h = (x.h() + 2 * p.padding().h() - p.dilation().h() * (k.h() - 1) - 1) / p.stride().h() + 1;
    int w = (x.w() + 2 * p.padding().w() - p.dilation().w() * (k.w() - 1) - 1) / p.stride().w() + 1;
    int outPerGroup = k.n() / p.groups();
    HostTensor y =
        fill(
            x.n(),
            k.n(),
            h,
            w,
            (n, c, row, column) -> {
              double sum = bias[c];
              for (int i = 0; i < k.c(); i++) {
                for (int ky = 0; ky < k.h(); ky++) {
                  for (int kx = 0; kx < k.w(); kx++) {
                    sum +=
                        k.at(c, i, ky, kx)
                            * x.at(
                                n,
                                c / outPerGroup * k.c() + i,
                                row * p.stride().h() - p.padding().h() + ky * p.dilation().h(),
                                column * p.stride().w() - p.padding().w() + kx * p.dilation().w());
                  }
                }
              }
              return sum;
            });
    return activation(y, p.activation());
  }

  @Override
  public HostTensor convTranspose2d(HostTensor tensor, ConvTranspose2dParams p) {
    FeatureMap x = FeatureMap.of(tensor);
    FeatureMap k = FeatureMap.of(p.weight().load());
    float[] bias = p.bias() == null ? new float[p.outChannels()] : p.bias().load().toFloats();
    int h = transposed(x.h(), k.h(), p.stride().h(), p.padding().h(), p.dilation().h());
    int w = transposed(x.w(), k.w(), p.stride().w(), p.padding().w(), p.dilation().w());
    int inPerGroup = x.c() / p.groups();
    return fill(
        x.n(),
        p.outChannels(),
        h + p.outputPadding().h(),
        w + p.outputPadding().w(),
        (n, c, row, column) -> {
          double sum = bias[c];
          for (int i = 0; i < inPerGroup; i++) {
            int from = c / k.c() * inPerGroup + i;
            for (int ky = 0; ky < k.h(); ky++) {
              for (int kx = 0; kx < k.w(); kx++) {
                int y = row + p.padding().h() - ky * p.dilation().h();
                int z = column + p.padding().w() - kx * p.dilation().w();
                if (y % p.stride().h() == 0 && z % p.stride().w() == 0) {
                  sum +=
                      k.at(from, c % k.c(), ky, kx)
                          * x.at(n, from, y / p.stride().h(), z / p.stride().w());
                }
              }
            }
          }
          return sum;
        });
  }

  private static int transposed(int in, int kernel, int stride, int padding, int dilation) {
    return (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1;
  }

  @Override
  public HostTensor scaleShift(HostTensor tensor, Weight scale, Weight shift) {
    FeatureMap x = FeatureMap.of(tensor);
    float[] a = scale.load().toFloats();
    float[] b = shift.load().toFloats();
    return like(x, (n, c, y, z) -> x.at(n, c, y, z) * a[c] + b[c]);
  }

  @Override
  public HostTensor channelNorm(HostTensor tensor, Weight scale, Weight shift, double eps) {
    FeatureMap x = FeatureMap.of(tensor);
    float[] a = scale.load().toFloats();
    float[] b = shift.load().toFloats();
    return like(
        x,
        (n, c, y, z) -> {
          double mean = 0;
          double squares = 0;
          for (int i = 0; i < x.c(); i++) {
            mean += x.at(n, i, y, z) / x.c();
          }
          for (int i = 0; i < x.c(); i++) {
            squares += Math.pow(x.at(n, i, y, z) - mean, 2) / x.c();
          }
          return (x.at(n, c, y, z) - mean) / Math.sqrt(squares + eps) * a[c] + b[c];
        });
  }

  @Override
  public HostTensor instanceNorm(HostTensor tensor, double eps) {
    FeatureMap x = FeatureMap.of(tensor);
    FeatureMap means = FeatureMap.of(mean(tensor));
    HostTensor deviations =
        like(x, (n, c, y, z) -> Math.pow(x.at(n, c, y, z) - means.at(n, c, 0, 0), 2));
    FeatureMap variances = FeatureMap.of(mean(deviations));
    return like(
        x,
        (n, c, y, z) ->
            (x.at(n, c, y, z) - means.at(n, c, 0, 0)) / Math.sqrt(variances.at(n, c, 0, 0) + eps));
  }

  @Override
  public HostTensor activation(HostTensor tensor, Activation activation) {
    FeatureMap x = FeatureMap.of(tensor);
    if (activation.kind() == Activation.Kind.PRELU) {
      float[] slope = requireNonNull(activation.slope()).load().toFloats();
      return like(
          x,
          (n, c, y, z) -> {
            double v = x.at(n, c, y, z);
            return v > 0 ? v : v * slope[slope.length == 1 ? 0 : c];
          });
    }
    DoubleUnaryOperator f = function(activation);
    return like(x, (n, c, y, z) -> f.applyAsDouble(x.at(n, c, y, z)));
  }

  private static DoubleUnaryOperator function(Activation activation) {
    double a = activation.parameter();
    return switch (activation.kind()) {
      case IDENTITY -> v -> v;
      case SILU -> v -> v / (1 + Math.exp(-v));
      case RELU -> v -> Math.max(v, 0);
      case RELU6 -> v -> Math.min(Math.max(v, 0), 6);
      case LEAKY_RELU -> v -> v > 0 ? v : a * v;
      case HARDSWISH -> v -> v * Math.min(Math.max(v + 3, 0), 6) / 6;
      case HARDSIGMOID -> v -> Math.min(Math.max(v + 3, 0), 6) / 6;
      case HARDMISH -> v -> v * Math.min(Math.max(v + 2, 0), 2) / 2;
      case MISH -> v -> v * Math.tanh(Math.log1p(Math.exp(v)));
      case GELU -> v -> v * (1 + erf(v / Math.sqrt(2))) / 2;
      case ELU -> v -> v > 0 ? v : a * Math.expm1(v);
      case SELU -> v -> Activation.SELU_SCALE * (v > 0 ? v : Activation.SELU_ALPHA * Math.expm1(v));
      case SIGMOID -> v -> 1 / (1 + Math.exp(-v));
      case TANH -> Math::tanh;
      case SOFTPLUS -> v -> a * v > 20 ? v : Math.log1p(Math.exp(a * v)) / a;
      case PRELU -> throw new IllegalArgumentException("has learned slopes");
    };
  }

  /** The Taylor series, good for the small numbers of a test. */
  private static double erf(double v) {
    double term = v;
    double sum = v;
    for (int i = 1; i < 120; i++) {
      term *= -v * v / i;
      sum += term / (2 * i + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }

  @Override
  public HostTensor add(HostTensor left, HostTensor right) {
    FeatureMap a = FeatureMap.of(left);
    FeatureMap b = FeatureMap.of(right);
    return like(a, (n, c, y, x) -> a.at(n, c, y, x) + b.at(n, c, y, x));
  }

  @Override
  public HostTensor multiply(HostTensor left, HostTensor right) {
    FeatureMap a = FeatureMap.of(left);
    FeatureMap b = FeatureMap.of(right);
    return like(a, (n, c, y, x) -> a.at(n, c, y, x) * b.at(n, c % b.c(), y % b.h(), x % b.w()));
  }

  @Override
  public HostTensor concat(List<HostTensor> parts, int axis) {
    HostTensor joined = parts.get(0);
    for (HostTensor part : parts.subList(1, parts.size())) {
      joined = concat(FeatureMap.of(joined), FeatureMap.of(part), axis);
    }
    return joined;
  }

  private static HostTensor concat(FeatureMap a, FeatureMap b, int axis) {
    int[] past = {a.n(), a.c(), a.h(), a.w()};
    int[] sizes = past.clone();
    sizes[axis] += new int[] {b.n(), b.c(), b.h(), b.w()}[axis];
    return fill(
        sizes[0],
        sizes[1],
        sizes[2],
        sizes[3],
        (n, c, y, x) -> {
          int[] at = {n, c, y, x};
          if (at[axis] < past[axis]) {
            return a.at(n, c, y, x);
          }
          at[axis] -= past[axis];
          return b.at(at[0], at[1], at[2], at[3]);
        });
  }

  @Override
  public HostTensor channels(HostTensor tensor, int from, int to) {
    FeatureMap x = FeatureMap.of(tensor);
    return fill(x.n(), to - from, x.h(), x.w(), (n, c, y, z) -> x.at(n, c + from, y, z));
  }

  @Override
  public HostTensor subsample(HostTensor tensor, int row, int column, int step) {
    FeatureMap x = FeatureMap.of(tensor);
    return fill(
        x.n(),
        x.c(),
        (x.h() - row + step - 1) / step,
        (x.w() - column + step - 1) / step,
        (n, c, y, z) -> x.at(n, c, row + y * step, column + z * step));
  }

  @Override
  public HostTensor depthToSpace(HostTensor tensor, int s) {
    FeatureMap x = FeatureMap.of(tensor);
    int channels = x.c() / s / s;
    return fill(
        x.n(),
        channels,
        x.h() * s,
        x.w() * s,
        (n, c, y, z) -> x.at(n, ((y % s) * s + z % s) * channels + c, y / s, z / s));
  }

  @Override
  public HostTensor maxPool2d(
      HostTensor tensor, int kernel, int stride, int padding, boolean ceil) {
    FeatureMap x = FeatureMap.of(tensor);
    return fill(
        x.n(),
        x.c(),
        pooled(x.h(), kernel, stride, padding, ceil),
        pooled(x.w(), kernel, stride, padding, ceil),
        (n, c, y, z) -> {
          double max = Double.NEGATIVE_INFINITY;
          for (int row = 0; row < kernel; row++) {
            for (int column = 0; column < kernel; column++) {
              int atY = y * stride - padding + row;
              int atX = z * stride - padding + column;
              if (atY >= 0 && atY < x.h() && atX >= 0 && atX < x.w()) {
                max = Math.max(max, x.at(n, c, atY, atX));
              }
            }
          }
          return max;
        });
  }

  @Override
  public HostTensor avgPool2d(
      HostTensor tensor, int kernel, int stride, int padding, boolean countPadding) {
    FeatureMap x = FeatureMap.of(tensor);
    return fill(
        x.n(),
        x.c(),
        pooled(x.h(), kernel, stride, padding, false),
        pooled(x.w(), kernel, stride, padding, false),
        (n, c, y, z) -> {
          double sum = 0;
          int count = 0;
          for (int row = 0; row < kernel; row++) {
            for (int column = 0; column < kernel; column++) {
              int atY = y * stride - padding + row;
              int atX = z * stride - padding + column;
              boolean inside = atY >= 0 && atY < x.h() && atX >= 0 && atX < x.w();
              sum += inside ? x.at(n, c, atY, atX) : 0;
              count += inside || countPadding ? 1 : 0;
            }
          }
          return sum / count;
        });
  }

  /** The number of kernels that start within the map or its left padding. */
  private static int pooled(int in, int kernel, int stride, int padding, boolean ceil) {
    int count = 0;
    for (int start = -padding; ceil ? start < in : start + kernel <= in + padding; ) {
      count++;
      boolean reachesTheEnd = start + kernel >= in + padding;
      start += stride;
      if (reachesTheEnd) {
        break;
      }
    }
    return count;
  }

  @Override
  public HostTensor reduce(HostTensor tensor, Reduction reduction, int... axes) {
    FeatureMap x = FeatureMap.of(tensor);
    boolean[] gone = new boolean[4];
    for (int axis : axes) {
      gone[axis] = true;
    }
    int channels = gone[1] ? x.c() : 1;
    int rows = gone[2] ? x.h() : 1;
    int columns = gone[3] ? x.w() : 1;
    return fill(
        x.n(),
        x.c() / channels,
        x.h() / rows,
        x.w() / columns,
        (n, c, y, z) -> {
          double sum = 0;
          double largest = Double.NEGATIVE_INFINITY;
          for (int channel = c; channel < c + channels; channel++) {
            for (int row = y; row < y + rows; row++) {
              for (int column = z; column < z + columns; column++) {
                sum += x.at(n, channel, row, column);
                largest = Math.max(largest, x.at(n, channel, row, column));
              }
            }
          }
          return reduction == Reduction.MAX ? largest : sum / (channels * rows * columns);
        });
  }

  @Override
  public HostTensor swapAxes(HostTensor tensor, int axis, int other) {
    FeatureMap x = FeatureMap.of(tensor);
    int[] from = {0, 1, 2, 3};
    from[axis] = other;
    from[other] = axis;
    int[] sizes = {x.n(), x.c(), x.h(), x.w()};
    return fill(
        x.n(),
        sizes[from[1]],
        sizes[from[2]],
        sizes[from[3]],
        (n, c, y, z) -> {
          int[] at = {n, c, y, z};
          return x.at(n, at[from[1]], at[from[2]], at[from[3]]);
        });
  }

  @Override
  public HostTensor upsample(HostTensor tensor, Upsampling u) {
    FeatureMap x = FeatureMap.of(tensor);
    int h = (int) u.outHeight(x.h());
    int w = (int) u.outWidth(x.w());
    float[][] rows = u.taps(x.h(), h, u.height() > 0 ? 0 : u.scaleH());
    float[][] columns = u.taps(x.w(), w, u.width() > 0 ? 0 : u.scaleW());
    return fill(
        x.n(),
        x.c(),
        h,
        w,
        (n, c, y, z) -> {
          double sum = 0;
          for (int row = 0; row < x.h(); row++) {
            for (int column = 0; column < x.w(); column++) {
              sum += (double) rows[y][row] * columns[z][column] * x.at(n, c, row, column);
            }
          }
          return sum;
        });
  }

  @Override
  public HostTensor zeroPad(HostTensor tensor, int left, int right, int top, int bottom) {
    FeatureMap x = FeatureMap.of(tensor);
    return fill(
        x.n(),
        x.c(),
        x.h() + top + bottom,
        x.w() + left + right,
        (n, c, y, z) -> x.at(n, c, y - top, z - left));
  }

  @Override
  public HostTensor padToWindows(HostTensor tensor, WindowGrid grid) {
    FeatureMap x = FeatureMap.of(tensor);
    return zeroPad(
        tensor, 0, (int) grid.padded(x.w()) - x.w(), 0, (int) grid.padded(x.h()) - x.h());
  }

  @Override
  public HostTensor cropLike(HostTensor tensor, HostTensor like) {
    FeatureMap x = FeatureMap.of(tensor);
    FeatureMap l = FeatureMap.of(like);
    return fill(x.n(), x.c(), l.h(), l.w(), x::at);
  }

  @Override
  public HostTensor windowAttention(
      HostTensor queries, HostTensor keys, HostTensor values, WindowGrid grid) {
    FeatureMap q = FeatureMap.of(queries);
    FeatureMap k = FeatureMap.of(keys);
    FeatureMap v = FeatureMap.of(values);
    int rows = q.h() / (int) grid.windowOf(q.h());
    int columns = q.w() / (int) grid.windowOf(q.w());
    int d = q.c() / grid.heads();
    int dv = v.c() / grid.heads();
    return fill(
        v.n(),
        v.c(),
        v.h(),
        v.w(),
        (n, c, y, x) -> {
          int head = c / dv;
          double sum = 0;
          double total = 0;
          for (int row = y % rows; row < q.h(); row += rows) {
            for (int column = x % columns; column < q.w(); column += columns) {
              double dot = 0;
              for (int i = 0; i < d; i++) {
                dot += q.at(n, head * d + i, y, x) * k.at(n, head * d + i, row, column);
              }
              double weight = Math.exp(grid.scale() * dot);
              total += weight;
              sum += weight * v.at(n, c, row, column);
            }
          }
          return sum / total;
        });
  }

  private static HostTensor like(FeatureMap x, ValueAt values) {
    return fill(x.n(), x.c(), x.h(), x.w(), values);
  }
}
