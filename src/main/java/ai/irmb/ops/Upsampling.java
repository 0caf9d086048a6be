package ai.irmb.ops;

/**
 * The arguments of PyTorch's {@code Upsample}. Immutable.
 *
 * @param scaleH factor on the height; ignored when {@code height} is positive
 * @param scaleW factor on the width; ignored when {@code width} is positive
 * @param height output height, or 0 to use the factors
 * @param width output width, or 0 to use the factors
 * @param mode the interpolation
 * @param alignCorners whether the outer elements keep their values exactly (bilinear only)
 */
public record Upsampling(
    double scaleH, double scaleW, int height, int width, Mode mode, boolean alignCorners) {
  /** The interpolation. */
  public enum Mode {
    /** The nearest value to the upper left. */
    NEAREST,
    /** A weighted mean of the four nearest. */
    BILINEAR
  }

  /**
   * @throws IllegalArgumentException if one side has a size and the other a factor
   */
  public Upsampling {
    if ((height > 0) != (width > 0)) {
      throw new IllegalArgumentException(
          "height and width: expected both or neither, found " + height + " and " + width);
    }
  }

  /** {@return nearest-neighbor upsampling by a factor} */
  public static Upsampling nearest(double scale) {
    return new Upsampling(scale, scale, 0, 0, Mode.NEAREST, false);
  }

  /** {@return the output height for an input height} */
  public long outHeight(long h) {
    return height > 0 ? height : (long) Math.floor(h * scaleH);
  }

  /** {@return the output width for an input width} */
  public long outWidth(long w) {
    return width > 0 ? width : (long) Math.floor(w * scaleW);
  }

  /**
   * {@return the weight of every input position (columns) for every output position (rows) along
   * one axis, as PyTorch computes them}
   *
   * @param in input size
   * @param out output size
   * @param scale the factor on this axis, or 0 when a size was given
   */
  public float[][] taps(int in, int out, double scale) {
    float[][] taps = new float[out][in];
    float step = scale > 0 ? (float) (1.0 / scale) : (float) in / out;
    for (int o = 0; o < out; o++) {
      if (mode == Mode.NEAREST) {
        taps[o][Math.min((int) Math.floor(o * step), in - 1)] = 1;
        continue;
      }
      float at =
          alignCorners
              ? (out > 1 ? o * ((float) (in - 1) / (out - 1)) : 0)
              : Math.max((o + 0.5f) * step - 0.5f, 0);
      int low = Math.min((int) at, in - 1);
      int high = Math.min(low + 1, in - 1);
      float part = at - low;
      taps[o][low] += 1 - part;
      taps[o][high] += part;
    }
    return taps;
  }
}
