package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * Computes one object's mask at the prototypes' resolution, the sigmoid of coefficients ×
 * prototypes, in a rectangle only. Its arrays are reused for the next object; not safe for
 * concurrent use.
 */
final class MaskRegion {
  private final Prototypes prototypes;
  private final PixelArea bounds;
  private float[] sums = new float[0];
  private float[] values = new float[0];
  private final float[] mixed;
  private PixelArea area = new PixelArea(0, 0, 0, 0);

  /**
   * @param bounds the area of the prototypes that is used; other areas are relative to its corner
   */
  MaskRegion(Prototypes prototypes, PixelArea bounds) {
    this.prototypes = prototypes;
    this.bounds = bounds;
    this.mixed = new float[bounds.height()];
  }

  /** Computes the object whose coefficients start at an index, in a non-empty area. */
  void compute(float[] coefficients, int at, PixelArea newArea) {
    area = newArea;
    int width = area.width();
    int height = area.height();
    if (values.length < width * height) {
      sums = new float[width * height];
      values = new float[width * height];
    }
    for (int y = 0; y < height; y++) {
      sum(coefficients, at, area.top() + y, y * width, width);
    }
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        values[x * height + y] = (float) (1 / (1 + Math.exp(-sums[y * width + x])));
      }
    }
  }

  /** {@return the computed value of a pixel of the area} */
  float value(int x, int y) {
    return values[(x - area.left()) * area.height() + y - area.top()];
  }

  private void sum(float[] coefficients, int at, int row, int into, int width) {
    float[] data = prototypes.data();
    int plane = prototypes.height() * prototypes.width();
    int start = (bounds.top() + row) * prototypes.width() + bounds.left() + area.left();
    Arrays.fill(sums, into, into + width, 0);
    for (int k = 0; k < prototypes.count(); k++) {
      float coefficient = coefficients[at + k];
      int from = k * plane + start;
      for (int x = 0; x < width; x++) {
        sums[into + x] += coefficient * data[from + x];
      }
    }
  }

  /**
   * Writes a column of the resized mask: 1 above 0.5, else 0. The mask is zero outside the area.
   *
   * @param columns interpolation across; x is the output column
   * @param rows interpolation down
   * @param top the first row written
   * @param bottom the row after the last
   * @param out written from {@code at} on
   */
  void column(
      AxisInterpolation columns,
      int x,
      AxisInterpolation rows,
      int top,
      int bottom,
      byte[] out,
      int at) {
    mix(columns.first(x), columns.second(x), columns.fraction(x));
    int shift = at - top;
    for (int y = top; y < bottom; ) {
      int end = Math.min(rows.next(y), bottom);
      float a = mixed(rows.first(y));
      float b = mixed(rows.second(y));
      if (a > 0.5f == b > 0.5f) {
        Arrays.fill(out, y + shift, end + shift, (byte) (a > 0.5f ? 1 : 0));
      } else {
        for (int i = y; i < end; i++) {
          float f = rows.fraction(i);
          out[i + shift] = (byte) ((1 - f) * a + f * b > 0.5f ? 1 : 0);
        }
      }
      y = end;
    }
  }

  private void mix(int first, int second, float fraction) {
    int height = area.height();
    float a = first >= area.left() && first < area.right() ? 1 - fraction : 0;
    float b = second >= area.left() && second < area.right() ? fraction : 0;
    int left = a == 0 ? 0 : (first - area.left()) * height;
    int right = b == 0 ? 0 : (second - area.left()) * height;
    for (int y = 0; y < height; y++) {
      mixed[y] = a * values[left + y] + b * values[right + y];
    }
  }

  private float mixed(int row) {
    return row >= area.top() && row < area.bottom() ? mixed[row - area.top()] : 0;
  }
}
