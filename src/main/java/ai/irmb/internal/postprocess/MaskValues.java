package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * One object's mask where it is computed: the sigmoid of its coefficients times the prototypes, in
 * an area of a part of them. Its arrays serve the next object; not safe for concurrent use.
 */
final class MaskValues {
  private final Prototypes prototypes;
  private final Area part;
  private float[] sums = new float[0];
  private float[] values = new float[0];
  private final float[] mixed;
  private Area area = new Area(0, 0, 0, 0);

  /**
   * @param part of the prototypes; areas count from its corner
   */
  MaskValues(Prototypes prototypes, Area part) {
    this.prototypes = prototypes;
    this.part = part;
    this.mixed = new float[part.height()];
  }

  /** Computes the object whose coefficients begin here, in an area that is not empty. */
  void compute(float[] coefficients, int at, Area where) {
    area = where;
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

  private void sum(float[] coefficients, int at, int row, int into, int width) {
    float[] data = prototypes.data();
    int plane = prototypes.height() * prototypes.width();
    int start = (part.top() + row) * prototypes.width() + part.left() + area.left();
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
   * Writes a column of the resized mask: 1 where it is greater than one half, else 0. What is
   * outside the area counts as zero.
   *
   * @param columns from the part's to the output's, of which this is number x
   * @param rows likewise
   * @param top the first row written
   * @param bottom the row after the last
   * @param out is written from {@code at} on
   */
  void column(Taps columns, int x, Taps rows, int top, int bottom, byte[] out, int at) {
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
