package ai.irmb.ops;

import java.util.ArrayList;
import java.util.List;

/**
 * The operations that networks consist of. {@code T} is the value type of an interpretation: an
 * array, a symbol of a graph, a shape. Feature maps are (N, C, H, W).
 *
 * <p>An operation never changes its operands. An interpretation is used for one forward pass and is
 * not safe for concurrent use.
 *
 * @param <T> the value type
 */
public interface Ops<T> {
  /** {@return the convolution of x, with bias and activation} */
  T conv2d(T x, Conv2dParams params);

  /** {@return the transposed convolution of x, with bias} */
  T convTranspose2d(T x, ConvTranspose2dParams params);

  /** {@return x · scale + shift, with one of each per channel: batch norm in inference} */
  T scaleShift(T x, Weight scale, Weight shift);

  /**
   * {@return x with mean 0 and variance 1 over the channels of each position, then · scale + shift}
   */
  T channelNorm(T x, Weight scale, Weight shift, double eps);

  /** {@return x with mean 0 and variance 1 over the positions of each channel} */
  T instanceNorm(T x, double eps);

  /** {@return the function applied to every element} */
  T activation(T x, Activation activation);

  /** {@return a + b, of one shape} */
  T add(T a, T b);

  /** {@return a · b, where b may have size 1 along any axis but the first} */
  T multiply(T a, T b);

  /** {@return the concatenation of the parts along an axis} */
  T concat(List<T> parts, int axis);

  /** {@return the channels from {@code from} until before {@code to}} */
  T channels(T x, int from, int to);

  /** {@return every {@code step}-th row from {@code row} and column from {@code column}} */
  T subsample(T x, int row, int column, int step);

  /** {@return (N, C·s², H, W) → (N, C, H·s, W·s); channel (i·s + j)·C + c fills row i, column j} */
  T depthToSpace(T x, int step);

  /**
   * {@return the largest value under a square kernel; padding counts as −∞}
   *
   * @param ceil whether a window that extends beyond the right or bottom end still gives a value
   */
  T maxPool2d(T x, int kernel, int stride, int padding, boolean ceil);

  /**
   * {@return the mean under a square kernel}
   *
   * @param countPadding whether padding counts as zeros; otherwise it is left out of the mean
   */
  T avgPool2d(T x, int kernel, int stride, int padding, boolean countPadding);

  /** {@return x reduced along these axes (1 is C, 2 is H, 3 is W), which get size 1} */
  T reduce(T x, Reduction reduction, int... axes);

  /** {@return x with two axes swapped (1 is C, 2 is H, 3 is W)} */
  T swapAxes(T x, int axis, int other);

  /** {@return x enlarged} */
  T upsample(T x, Upsampling upsampling);

  /** {@return x with zeros around it} */
  T zeroPad(T x, int left, int right, int top, int bottom);

  /** {@return x with zeros at the right and bottom, up to a multiple of the window} */
  T padToWindows(T x, WindowGrid grid);

  /** {@return the upper left part of x, as high and wide as {@code like}} */
  T cropLike(T x, T like);

  /**
   * {@return softmax(scale · q kᵀ) v, within each window and head; (N, C_v, H, W)}
   *
   * @param q (N, C, H, W), with H and W multiples of the window
   * @param k as q
   * @param v (N, C_v, H, W)
   */
  T windowAttention(T q, T k, T v, WindowGrid grid);

  /** {@return the mean over all positions: (N, C, 1, 1)} */
  default T mean(T x) {
    return reduce(x, Reduction.MEAN, 2, 3);
  }

  /** {@return the channels split into equal parts} */
  default List<T> chunk(T x, int parts, int channels) {
    int each = channels / parts;
    List<T> chunks = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      chunks.add(channels(x, i * each, (i + 1) * each));
    }
    return chunks;
  }

  /** {@return the concatenation of the parts along the channels} */
  default T concat(List<T> parts) {
    return concat(parts, 1);
  }
}
