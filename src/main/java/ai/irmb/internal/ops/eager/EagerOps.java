package ai.irmb.internal.ops.eager;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Reduction;
import ai.irmb.ops.Upsampling;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations in DJL's array interface. A call's manager owns the results; {@link
 * #releaseExcept} closes those that later layers do not need. Not safe for concurrent use.
 */
public class EagerOps implements Ops<NDArray> {
  private final NDManager call;
  private final EagerWeights weights;
  private final List<NDArray> results = new ArrayList<>();

  /**
   * @param call owns every result
   * @param weights the trained arrays; never the receiver of an operation, since the receiver's
   *     manager owns the result
   */
  public EagerOps(NDManager call, EagerWeights weights) {
    this.call = call;
    this.weights = weights;
  }

  /** Closes all results so far, except these. */
  public void releaseExcept(List<NDArray> kept) {
    results.removeIf(
        array -> {
          boolean keeps = kept.stream().anyMatch(k -> k == array);
          if (!keeps) {
            array.close();
          }
          return !keeps;
        });
  }

  /** Records a result, and closes intermediate arrays. */
  private NDArray keep(NDArray result, @Nullable NDArray... leftovers) {
    for (NDArray leftover : leftovers) {
      if (leftover != null) {
        leftover.close();
      }
    }
    results.add(result);
    return result;
  }

  /**
   * Applies the norm after the convolution, as PyTorch does: folding it in rounds the weights
   * again, which is visible in a badly conditioned network.
   */
  @Override
  public NDArray conv2d(NDArray x, Conv2dParams p) {
    Conv2dParams.Unfolded unfolded = p.unfolded();
    Weight bias = unfolded == null ? p.bias() : unfolded.bias();
    NDArray y =
        convolve(
            x,
            weights.get(unfolded == null ? p.weight() : unfolded.weight()),
            bias == null ? null : weights.get(bias),
            p.stride(),
            p.padding(),
            p.dilation(),
            p.groups());
    if (unfolded != null) {
      try (NDArray factor = perChannel(unfolded.scale());
          NDArray summand = perChannel(unfolded.shift())) {
        y.muli(factor).addi(summand);
      }
    }
    NDArray result = activate(y, p.activation());
    return result == y ? keep(y) : keep(result, y);
  }

  private static NDArray convolve(
      NDArray x,
      NDArray weight,
      @Nullable NDArray bias,
      Pair stride,
      Pair padding,
      Pair dilation,
      int groups) {
    NDList result =
        bias == null
            ? Conv2d.conv2d(x, weight, null, shape(stride), shape(padding), shape(dilation), groups)
            : Conv2d.conv2d(
                x, weight, bias, shape(stride), shape(padding), shape(dilation), groups);
    return result.singletonOrThrow();
  }

  private static Shape shape(Pair pair) {
    return new Shape(pair.h(), pair.w());
  }

  /**
   * DJL has no transposed convolution. It equals a convolution with the kernel rotated by 180
   * degrees, over a map with zeros inserted between its elements.
   */
  @Override
  public NDArray convTranspose2d(NDArray x, ConvTranspose2dParams p) {
    Pair kernel = p.kernel();
    Pair extent =
        new Pair((kernel.h() - 1) * p.dilation().h(), (kernel.w() - 1) * p.dilation().w());
    try (NDManager local = call.newSubManager()) {
      NDArray copy = x.duplicate();
      copy.attach(local);
      NDArray dilated = insertZeros(copy, p.stride());
      NDArray padded =
          pad(
              dilated,
              extent.w() - p.padding().w(),
              extent.w() - p.padding().w() + p.outputPadding().w(),
              extent.h() - p.padding().h(),
              extent.h() - p.padding().h() + p.outputPadding().h());
      NDArray flipped = flippedKernel(local, p);
      NDArray bias = p.bias() == null ? null : weights.get(p.bias());
      NDArray y = convolve(padded, flipped, bias, Pair.of(1), Pair.of(0), p.dilation(), p.groups());
      y.attach(call);
      return keep(y);
    }
  }

  /** (C_in, C_out / g, kh, kw) → (C_out, C_in / g, kh, kw), rows and columns reversed. */
  private NDArray flippedKernel(NDManager local, ConvTranspose2dParams p) {
    NDArray weight = weights.get(p.weight()).duplicate();
    weight.attach(local);
    long[] s = weight.getShape().getShape();
    int g = p.groups();
    return weight
        .reshape(g, s[0] / g, s[1], s[2], s[3])
        .transpose(0, 2, 1, 3, 4)
        .reshape(s[1] * g, s[0] / g, s[2], s[3])
        .flip(2, 3);
  }

  /** Inserts stride − 1 zeros between neighbors, and none after the last. */
  private static NDArray insertZeros(NDArray x, Pair stride) {
    if (stride.h() == 1 && stride.w() == 1) {
      return x;
    }
    long[] s = x.getShape().getShape();
    NDArray cells = x.reshape(s[0], s[1], s[2], 1, s[3], 1);
    NDArray wide = zerosAfter(cells, 5, stride.w() - 1);
    NDArray high = zerosAfter(wide, 3, stride.h() - 1);
    return high.reshape(s[0], s[1], s[2] * stride.h(), s[3] * stride.w())
        .get(
            new NDIndex()
                .addAllDim(2)
                .addSliceDim(0, (s[2] - 1) * stride.h() + 1)
                .addSliceDim(0, (s[3] - 1) * stride.w() + 1));
  }

  private static NDArray zerosAfter(NDArray x, int axis, long count) {
    if (count <= 0) {
      return x;
    }
    long[] sizes = x.getShape().getShape();
    sizes[axis] = count;
    NDArray zeros = x.getManager().zeros(new Shape(sizes), x.getDataType());
    return x.concat(zeros, axis);
  }

  private static NDArray zerosBefore(NDArray x, int axis, long count) {
    if (count <= 0) {
      return x;
    }
    long[] sizes = x.getShape().getShape();
    sizes[axis] = count;
    return x.getManager().zeros(new Shape(sizes), x.getDataType()).concat(x, axis);
  }

  /** Pads with zeros; a negative number crops. The manager of x owns the intermediate arrays. */
  private static NDArray pad(NDArray x, int left, int right, int top, int bottom) {
    NDArray y = zerosBefore(x, 3, left);
    y = zerosAfter(y, 3, right);
    y = zerosBefore(y, 2, top);
    y = zerosAfter(y, 2, bottom);
    if (Math.min(Math.min(left, right), Math.min(top, bottom)) >= 0) {
      return y;
    }
    long h = y.getShape().get(2);
    long w = y.getShape().get(3);
    return y.get(
        new NDIndex()
            .addAllDim(2)
            .addSliceDim(Math.max(-top, 0), h - Math.max(-bottom, 0))
            .addSliceDim(Math.max(-left, 0), w - Math.max(-right, 0)));
  }

  private NDArray perChannel(Weight weight) {
    NDArray view = weights.get(weight).reshape(1, -1, 1, 1);
    view.attach(call);
    return view;
  }

  @Override
  public NDArray scaleShift(NDArray x, Weight scale, Weight shift) {
    NDArray factor = perChannel(scale);
    NDArray summand = perChannel(shift);
    NDArray y = x.mul(factor);
    return keep(y.addi(summand), factor, summand);
  }

  @Override
  public NDArray channelNorm(NDArray x, Weight scale, Weight shift, double eps) {
    NDArray normal = normalize(x, 1, eps);
    NDArray factor = perChannel(scale);
    NDArray summand = perChannel(shift);
    return keep(normal.muli(factor).addi(summand), factor, summand);
  }

  @Override
  public NDArray instanceNorm(NDArray x, double eps) {
    Shape s = x.getShape();
    NDArray rows = x.reshape(s.get(0), s.get(1), s.get(2) * s.get(3));
    NDArray normal = normalize(rows, 2, eps);
    return keep(normal.reshape(s), rows, normal);
  }

  private static NDArray normalize(NDArray x, int axis, double eps) {
    int[] axes = {axis};
    NDArray mean = x.mean(axes, true);
    NDArray centered = x.sub(mean);
    NDArray square = centered.mul(centered);
    NDArray variance = square.mean(axes, true);
    NDArray deviation = variance.addi(eps).sqrt();
    NDArray result = centered.divi(deviation);
    mean.close();
    square.close();
    variance.close();
    deviation.close();
    return result;
  }

  @Override
  public NDArray activation(NDArray x, Activation activation) {
    NDArray y = activate(x, activation);
    return y == x ? x : keep(y);
  }

  private NDArray activate(NDArray x, Activation activation) {
    return switch (activation.kind()) {
      case IDENTITY -> x;
      case SILU -> product(x.getNDArrayInternal().sigmoid(), x);
      case RELU -> x.getNDArrayInternal().relu();
      case RELU6 -> clip(x, 6);
      case LEAKY_RELU -> x.getNDArrayInternal().leakyRelu((float) activation.parameter());
      case HARDSWISH -> product(hardSigmoid(x), x);
      case HARDSIGMOID -> hardSigmoid(x);
      case MISH -> mish(x);
      case HARDMISH -> hardMish(x);
      case GELU -> x.getNDArrayInternal().gelu();
      case ELU -> x.getNDArrayInternal().elu((float) activation.parameter());
      case SELU -> x.getNDArrayInternal().selu();
      case SIGMOID -> x.getNDArrayInternal().sigmoid();
      case TANH -> x.tanh();
      case SOFTPLUS -> softplus(x, activation.parameter());
      case PRELU -> prelu(x, activation.slope());
    };
  }

  private static NDArray product(NDArray factor, NDArray x) {
    return factor.muli(x);
  }

  private NDArray hardSigmoid(NDArray x) {
    try (NDArray moved = x.add(3)) {
      return clip(moved, 6).divi(6);
    }
  }

  private NDArray hardMish(NDArray x) {
    try (NDArray moved = x.add(2)) {
      return product(clip(moved, 2).divi(2), x);
    }
  }

  /** DJL's clip creates arrays for its bounds, which must be closed too. */
  private NDArray clip(NDArray x, int max) {
    try (NDManager local = call.newSubManager()) {
      NDArray copy = x.duplicate();
      copy.attach(local);
      NDArray y = copy.clip(0, max);
      y.attach(call);
      return y;
    }
  }

  private static NDArray mish(NDArray x) {
    try (NDArray soft = softplus(x, 1)) {
      return product(soft.tanh(), x);
    }
  }

  /**
   * Computes max(x, 0) + ln(1 + e^−|x|), which does not overflow; equal to PyTorch's within
   * rounding.
   */
  private static NDArray softplus(NDArray x, double beta) {
    try (NDArray scaled = x.mul(beta);
        NDArray size = scaled.abs();
        NDArray negative = size.neg();
        NDArray exp = negative.exp();
        NDArray log = exp.addi(1).log()) {
      return scaled.getNDArrayInternal().relu().addi(log).divi(beta);
    }
  }

  private NDArray prelu(NDArray x, @Nullable Weight slope) {
    if (slope == null) {
      throw new IllegalArgumentException("PReLU without slopes");
    }
    try (NDArray by = perChannel(slope);
        NDArray negative = x.minimum(0);
        NDArray scaled = negative.mul(by)) {
      return x.maximum(0).addi(scaled);
    }
  }

  @Override
  public NDArray add(NDArray a, NDArray b) {
    return keep(a.add(b));
  }

  @Override
  public NDArray multiply(NDArray a, NDArray b) {
    return keep(a.mul(b));
  }

  @Override
  public NDArray concat(List<NDArray> parts, int axis) {
    return keep(NDArrays.concat(new NDList(parts), axis));
  }

  @Override
  public NDArray channels(NDArray x, int from, int to) {
    return keep(x.get(new NDIndex().addAllDim().addSliceDim(from, to)));
  }

  @Override
  public NDArray subsample(NDArray x, int row, int column, int step) {
    Shape s = x.getShape();
    return keep(
        x.get(
            new NDIndex()
                .addAllDim(2)
                .addSliceDim(row, s.get(2), step)
                .addSliceDim(column, s.get(3), step)));
  }

  @Override
  public NDArray depthToSpace(NDArray x, int step) {
    long[] s = x.getShape().getShape();
    long c = s[1] / ((long) step * step);
    NDArray split = x.reshape(s[0], step, step, c, s[2], s[3]);
    NDArray permuted = split.transpose(0, 3, 4, 1, 5, 2);
    return keep(permuted.reshape(s[0], c, s[2] * step, s[3] * step), split, permuted);
  }

  @Override
  public NDArray maxPool2d(NDArray x, int kernel, int stride, int padding, boolean ceil) {
    return keep(
        x.getNDArrayInternal()
            .maxPool(
                new Shape(kernel, kernel),
                new Shape(stride, stride),
                new Shape(padding, padding),
                ceil));
  }

  @Override
  public NDArray avgPool2d(NDArray x, int kernel, int stride, int padding, boolean countPadding) {
    NDArray y = avgPool2d(x, kernel, stride, padding);
    if (countPadding || padding == 0) {
      return y;
    }
    // DJL 0.29 to 0.36 always counts the padding, whatever its last argument says.
    long height = x.getShape().get(2);
    long width = x.getShape().get(3);
    NDArray ones =
        keep(x.getManager().ones(new Shape(1, 1, height, width), x.getDataType(), x.getDevice()));
    return keep(y.div(avgPool2d(ones, kernel, stride, padding)));
  }

  private NDArray avgPool2d(NDArray x, int kernel, int stride, int padding) {
    return keep(
        x.getNDArrayInternal()
            .avgPool(
                new Shape(kernel, kernel),
                new Shape(stride, stride),
                new Shape(padding, padding),
                false,
                true));
  }

  @Override
  public NDArray reduce(NDArray x, Reduction reduction, int... axes) {
    NDArray y = x;
    for (int axis : axes) {
      // DJL reduces one axis at a time.
      int[] one = {axis};
      y =
          keep(
              switch (reduction) {
                case MEAN -> y.mean(one, true);
                case MAX -> y.max(one, true);
              });
    }
    return y;
  }

  @Override
  public NDArray swapAxes(NDArray x, int axis, int other) {
    return keep(x.swapAxes(axis, other));
  }

  /** Two products with interpolation matrices: exact for nearest, where each row has a single 1. */
  @Override
  public NDArray upsample(NDArray x, Upsampling u) {
    Shape s = x.getShape();
    long scale = Math.round(u.scaleH());
    if (u.mode() == Upsampling.Mode.NEAREST
        && u.height() == 0
        && u.width() == 0
        && u.scaleH() == scale
        && u.scaleW() == scale) {
      NDArray high = x.repeat(2, scale);
      return keep(high.repeat(3, scale), high);
    }
    int h = (int) s.get(2);
    int w = (int) s.get(3);
    NDArray rows = taps(u.taps(h, (int) u.outHeight(h), u.height() > 0 ? 0 : u.scaleH()), x, false);
    NDArray columns = taps(u.taps(w, (int) u.outWidth(w), u.width() > 0 ? 0 : u.scaleW()), x, true);
    NDArray high = rows.matMul(x);
    return keep(high.matMul(columns), rows, columns, high);
  }

  private NDArray taps(float[][] taps, NDArray like, boolean transposed) {
    NDArray single = call.create(taps);
    NDArray matrix = transposed ? single.transpose() : single;
    NDArray typed = matrix.toType(like.getDataType(), true);
    NDArray result = typed.reshape(1, 1, typed.getShape().get(0), typed.getShape().get(1));
    if (matrix != single) {
      matrix.close();
    }
    single.close();
    typed.close();
    return result;
  }

  @Override
  public NDArray zeroPad(NDArray x, int left, int right, int top, int bottom) {
    try (NDManager local = call.newSubManager()) {
      NDArray copy = x.duplicate();
      copy.attach(local);
      NDArray y = pad(copy, left, right, top, bottom);
      y.attach(call);
      return keep(y);
    }
  }

  @Override
  public NDArray padToWindows(NDArray x, WindowGrid grid) {
    Shape s = x.getShape();
    int right = (int) (grid.padded(s.get(3)) - s.get(3));
    int bottom = (int) (grid.padded(s.get(2)) - s.get(2));
    return right == 0 && bottom == 0 ? x : zeroPad(x, 0, right, 0, bottom);
  }

  @Override
  public NDArray cropLike(NDArray x, NDArray like) {
    Shape s = like.getShape();
    if (s.get(2) == x.getShape().get(2) && s.get(3) == x.getShape().get(3)) {
      return x;
    }
    return keep(
        x.get(new NDIndex().addAllDim(2).addSliceDim(0, s.get(2)).addSliceDim(0, s.get(3))));
  }

  @Override
  public NDArray windowAttention(NDArray q, NDArray k, NDArray v, WindowGrid grid) {
    try (NDManager local = call.newSubManager()) {
      NDArray queries = partition(q, grid, local);
      NDArray keys = partition(k, grid, local);
      NDArray values = partition(v, grid, local);
      NDArray weight = queries.matMul(keys.transpose(0, 1, 3, 2)).muli(grid.scale()).softmax(-1);
      onAttention(weight, v.getShape(), grid);
      NDArray joined = join(weight.matMul(values), v.getShape(), grid);
      joined.attach(call);
      return keep(joined);
    }
  }

  /**
   * Called with the attention weights of each operation; does nothing here.
   *
   * @param weight (N·n1·n2, heads, h·w, h·w): the weight of each key of a window (column) for each
   *     query (row); the sum of a row is 1. Must not be changed; its manager owns what is derived
   *     from it
   * @param map shape of the partitioned map, (N, C, h·n1, w·n2)
   */
  protected void onAttention(NDArray weight, Shape map, WindowGrid grid) {}

  /** (N, C, h·n1, w·n2) → (N·n1·n2, heads, h·w, C / heads). */
  private static NDArray partition(NDArray x, WindowGrid grid, NDManager local) {
    long[] s = x.getShape().getShape();
    long h = grid.windowOf(s[2]);
    long w = grid.windowOf(s[3]);
    long n1 = s[2] / h;
    long n2 = s[3] / w;
    NDArray cut = x.reshape(s[0], grid.heads(), s[1] / grid.heads(), h, n1, w, n2);
    cut.attach(local);
    return cut.transpose(0, 4, 6, 1, 3, 5, 2)
        .reshape(s[0] * n1 * n2, grid.heads(), h * w, s[1] / grid.heads());
  }

  /** The inverse of the partition, to a map of this shape. */
  private static NDArray join(NDArray x, Shape map, WindowGrid grid) {
    long h = grid.windowOf(map.get(2));
    long w = grid.windowOf(map.get(3));
    long n1 = map.get(2) / h;
    long n2 = map.get(3) / w;
    long depth = map.get(1) / grid.heads();
    return x.reshape(map.get(0), n1, n2, grid.heads(), h, w, depth)
        .transpose(0, 3, 6, 4, 1, 5, 2)
        .reshape(map);
  }
}
