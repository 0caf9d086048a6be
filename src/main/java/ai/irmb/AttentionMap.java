package ai.irmb;

import ai.irmb.internal.execution.AttentionTrace;
import ai.irmb.internal.geometry.LetterboxGeometry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * The attention map of a block: how much attention each position of its feature map receives.
 *
 * <p>The windows of an iRMB are strided: the positions of a window are spread over the complete
 * map. Each position, as a query, distributes an attention of 1 over the positions of its window.
 * The value of a position is the attention that it receives, averaged over the heads and over the
 * queries of its window, times the number of positions in a window. So 1 is the average, and 2 is
 * twice the average. The map is padded on the right and at the bottom until windows fill it.
 * Padding receives attention too; with it the mean is 1.
 *
 * <p>Immutable and safe for concurrent use; holds nothing native.
 */
public final class AttentionMap {
  private final String block;
  private final AttentionTrace.BlockAttention attention;
  private final LetterboxGeometry geometry;
  private final float[] values;

  /** Of the values: more than the width where windows needed padding. */
  private final int columns;

  AttentionMap(String block, AttentionTrace.BlockAttention attention, LetterboxGeometry geometry) {
    this.block = block;
    this.attention = attention;
    this.geometry = geometry;
    this.values = attention.received().toFloats();
    this.columns = (int) attention.received().shape().get(1);
  }

  /** {@return the layer, from 0} */
  public int layer() {
    return attention.layer();
  }

  /** {@return the map's height in positions, without padding} */
  public int height() {
    return attention.height();
  }

  /** {@return the map's width in positions, without padding} */
  public int width() {
    return attention.width();
  }

  /**
   * {@return what a position receives, at min 0}
   *
   * @param row from the top, from 0
   * @param column from the left, from 0
   * @throws IndexOutOfBoundsException if it is outside
   */
  public float value(int row, int column) {
    Objects.checkIndex(row, attention.height());
    Objects.checkIndex(column, attention.width());
    return values[row * columns + column];
  }

  /** {@return the values, (height, width), in a new array} */
  public float[][] toArray() {
    float[][] rows = new float[height()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(values, row * columns, row * columns + width());
    }
    return rows;
  }

  /** {@return the share of all attention that goes to the windows' padding, in [0, 1]} */
  public double paddingFraction() {
    double all = 0;
    double inside = 0;
    for (int i = 0; i < values.length; i++) {
      all += values[i];
      inside += i / columns < height() && i % columns < width() ? values[i] : 0;
    }
    return Math.max(1 - inside / all, 0);
  }

  /** {@return the image's width in pixels} */
  public int imageWidth() {
    return geometry.sourceWidth();
  }

  /** {@return the image's height in pixels} */
  public int imageHeight() {
    return geometry.sourceHeight();
  }

  /**
   * {@return the value at a point of the image: a position's own at its center, and smoothly from
   * one center to the next}
   *
   * @param x in the image's pixels from its left side; a pixel's center ends in .5
   * @param y from its upper side
   */
  public float at(double x, double y) {
    double column = geometry.letterboxedX(x) * width() / geometry.width();
    double row = geometry.letterboxedY(y) * height() / geometry.height();
    double u = Math.max(0, Math.min(column - 0.5, width() - 1));
    double v = Math.max(0, Math.min(row - 0.5, height() - 1));
    int left = (int) u;
    int top = (int) v;
    int right = Math.min(left + 1, width() - 1);
    int below = Math.min(top + 1, height() - 1);
    double across = smooth(u - left);
    double down = smooth(v - top);
    return (float)
        ((value(top, left) * (1 - across) + value(top, right) * across) * (1 - down)
            + (value(below, left) * (1 - across) + value(below, right) * across) * down);
  }

  /** From 0 to 1 without a corner at either: linear, a map would show diamonds and creases. */
  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  /** {@return a readable summary: block, size, range of the values, position of the maximum} */
  @Override
  public String toString() {
    float min = Float.MAX_VALUE;
    float max = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < height(); row++) {
      for (int column = 0; column < width(); column++) {
        float value = value(row, column);
        min = Math.min(min, value);
        if (value > max) {
          max = value;
          x = geometry.originalX((column + 0.5) * geometry.width() / width());
          y = geometry.originalY((row + 0.5) * geometry.height() / height());
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "%s: %d x %d positions, %.2f to %.2f times the average, maximum at (%.0f, %.0f); %.0f %% on"
            + " padding",
        block,
        width(),
        height(),
        min,
        max,
        x,
        y,
        100 * paddingFraction());
  }
}
