package ai.irmb.internal.ops.shape;

import ai.irmb.internal.ops.OutputSizes;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Reduction;
import ai.irmb.ops.Upsampling;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.List;

/**
 * Computes the shapes in a network and counts floating-point operations: two per multiply-add of a
 * convolution, transposed convolution, linear layer or attention product; other operations count as
 * zero. Not safe for concurrent use.
 *
 * <p>Shapes that do not fit cause an {@link IllegalArgumentException} with the shapes in its
 * message; the network adds the layer.
 */
public class ShapeOps implements Ops<Shape> {
  /** Bounds the elements of one feature map, beyond what any memory can hold. */
  private static final long MAX_ELEMENTS = 1L << 36;

  /** Bounds concatenation, the only operation that multiplies channels without weights. */
  private static final long MAX_CHANNELS = 65_536;

  private long flops;

  /** {@return the number of operations counted so far} */
  public long flops() {
    return flops;
  }

  @Override
  public Shape conv2d(Shape x, Conv2dParams p) {
    Pair k = p.kernel();
    if (x.get(1) != p.inChannels()) {
      throw new IllegalArgumentException(
          p.weight() + " takes " + p.inChannels() + " channels, its input has " + x.get(1));
    }
    Shape y =
        map(
            x,
            p.outChannels(),
            OutputSizes.convolved(
                x.get(2), k.h(), p.stride().h(), p.padding().h(), p.dilation().h()),
            OutputSizes.convolved(
                x.get(3), k.w(), p.stride().w(), p.padding().w(), p.dilation().w()));
    countFlops(y.elements(), p.weight().shape().get(1), k.h(), k.w());
    return y;
  }

  @Override
  public Shape convTranspose2d(Shape x, ConvTranspose2dParams p) {
    Pair k = p.kernel();
    if (x.get(1) != p.weight().shape().get(0)) {
      throw new IllegalArgumentException(p.weight() + " does not fit an input " + x);
    }
    long h =
        OutputSizes.transposed(
            x.get(2),
            k.h(),
            p.stride().h(),
            p.padding().h(),
            p.outputPadding().h(),
            p.dilation().h());
    long w =
        OutputSizes.transposed(
            x.get(3),
            k.w(),
            p.stride().w(),
            p.padding().w(),
            p.outputPadding().w(),
            p.dilation().w());
    countFlops(x.elements(), p.weight().shape().get(1), k.h(), k.w());
    return map(x, p.outChannels(), h, w);
  }

  private static Shape map(Shape x, long channels, long h, long w) {
    if (h < 1 || w < 1) {
      throw new IllegalArgumentException("a map of " + x + " is too small here");
    }
    return requirePossible(Shape.of(x.get(0), channels, h, w));
  }

  private static Shape requirePossible(Shape y) {
    try {
      if (y.elements() <= MAX_ELEMENTS) {
        return y;
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the map " + y + " is too large", e);
    }
    throw new IllegalArgumentException("the map " + y + " is too large");
  }

  /** Counts as many multiply-adds as the product of the factors. */
  private void countFlops(long... factors) {
    try {
      long product = 2;
      for (long factor : factors) {
        product = Math.multiplyExact(product, factor);
      }
      flops = Math.addExact(flops, product);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the operations are too many to count", e);
    }
  }

  @Override
  public Shape scaleShift(Shape x, Weight scale, Weight shift) {
    return requirePerChannel(x, scale);
  }

  @Override
  public Shape channelNorm(Shape x, Weight scale, Weight shift, double eps) {
    return requirePerChannel(x, scale);
  }

  private static Shape requirePerChannel(Shape x, Weight scale) {
    if (scale.shape().elements() != x.get(1)) {
      throw new IllegalArgumentException(scale + " does not fit an input " + x);
    }
    return x;
  }

  @Override
  public Shape instanceNorm(Shape x, double eps) {
    return x;
  }

  @Override
  public Shape activation(Shape x, Activation activation) {
    return x;
  }

  @Override
  public Shape add(Shape a, Shape b) {
    if (!a.equals(b)) {
      throw new IllegalArgumentException("cannot add " + a + " and " + b);
    }
    return a;
  }

  @Override
  public Shape multiply(Shape a, Shape b) {
    for (int axis = 0; axis < 4; axis++) {
      if (b.get(axis) != a.get(axis) && (axis == 0 || b.get(axis) != 1)) {
        throw new IllegalArgumentException("cannot multiply " + a + " by " + b);
      }
    }
    return a;
  }

  @Override
  public Shape concat(List<Shape> parts, int axis) {
    long[] sizes = parts.get(0).toArray();
    sizes[axis] = 0;
    for (Shape part : parts) {
      long[] these = part.toArray();
      for (int i = 0; i < sizes.length; i++) {
        if (i != axis && these[i] != sizes[i]) {
          throw new IllegalArgumentException("cannot join " + parts + " along axis " + axis);
        }
      }
      sizes[axis] = Math.addExact(sizes[axis], these[axis]);
    }
    if (axis == 1 && sizes[1] > MAX_CHANNELS) {
      throw new IllegalArgumentException(
          sizes[1] + " joined channels are more than the limit of " + MAX_CHANNELS);
    }
    return requirePossible(Shape.of(sizes));
  }

  @Override
  public Shape channels(Shape x, int from, int to) {
    if (from < 0 || to > x.get(1) || from >= to) {
      throw new IllegalArgumentException(x + " has no channels " + from + " to " + to);
    }
    return Shape.of(x.get(0), to - from, x.get(2), x.get(3));
  }

  @Override
  public Shape subsample(Shape x, int row, int column, int step) {
    return map(
        x,
        x.get(1),
        OutputSizes.strided(x.get(2), row, step),
        OutputSizes.strided(x.get(3), column, step));
  }

  @Override
  public Shape depthToSpace(Shape x, int step) {
    if (x.get(1) % ((long) step * step) != 0) {
      throw new IllegalArgumentException(x + " cannot be expanded by " + step);
    }
    return map(x, x.get(1) / ((long) step * step), x.get(2) * step, x.get(3) * step);
  }

  @Override
  public Shape maxPool2d(Shape x, int kernel, int stride, int padding, boolean ceil) {
    return map(
        x,
        x.get(1),
        OutputSizes.pooled(x.get(2), kernel, stride, padding, ceil),
        OutputSizes.pooled(x.get(3), kernel, stride, padding, ceil));
  }

  @Override
  public Shape avgPool2d(Shape x, int kernel, int stride, int padding, boolean countPadding) {
    return maxPool2d(x, kernel, stride, padding, false);
  }

  @Override
  public Shape reduce(Shape x, Reduction reduction, int... axes) {
    long[] sizes = x.toArray();
    for (int axis : axes) {
      sizes[axis] = 1;
    }
    return Shape.of(sizes);
  }

  @Override
  public Shape swapAxes(Shape x, int axis, int other) {
    long[] sizes = x.toArray();
    sizes[axis] = x.get(other);
    sizes[other] = x.get(axis);
    return Shape.of(sizes);
  }

  @Override
  public Shape upsample(Shape x, Upsampling u) {
    return map(x, x.get(1), u.outHeight(x.get(2)), u.outWidth(x.get(3)));
  }

  @Override
  public Shape zeroPad(Shape x, int left, int right, int top, int bottom) {
    return map(x, x.get(1), x.get(2) + top + bottom, x.get(3) + left + right);
  }

  @Override
  public Shape padToWindows(Shape x, WindowGrid grid) {
    return map(x, x.get(1), grid.padded(x.get(2)), grid.padded(x.get(3)));
  }

  @Override
  public Shape cropLike(Shape x, Shape like) {
    return Shape.of(x.get(0), x.get(1), like.get(2), like.get(3));
  }

  @Override
  public Shape windowAttention(Shape q, Shape k, Shape v, WindowGrid grid) {
    long heads = grid.heads();
    if (!q.equals(k) || q.get(1) % heads != 0 || v.get(1) % heads != 0) {
      throw new IllegalArgumentException(
          "attention with " + heads + " heads does not fit q " + q + ", k " + k + ", v " + v);
    }
    long positions = grid.windowOf(q.get(2)) * grid.windowOf(q.get(3));
    countFlops(q.elements() + v.elements(), positions);
    return v;
  }
}
