package ai.irmb.draw;

import ai.irmb.draw.DrawOptions.Hide;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** Replaces the pixels of a box by the mean colors of its blocks; see {@link Hide}. */
final class HiddenBox {
  private static final int BLOCKS = 8;
  private static final int MIN_BLOCK = 8;

  private final int block;
  private final int columns;
  private final int rows;

  /** Mean red, green and blue of each block. */
  private final double[] means;

  private HiddenBox(BufferedImage image, Rectangle box) {
    int side = Math.max(box.width, box.height);
    this.block = Math.max(MIN_BLOCK, (side + BLOCKS - 1) / BLOCKS);
    this.columns = (box.width + block - 1) / block;
    this.rows = (box.height + block - 1) / block;
    this.means = new double[3 * columns * rows];
    int[] counts = new int[columns * rows];
    for (int y = 0; y < box.height; y++) {
      for (int x = 0; x < box.width; x++) {
        int at = y / block * columns + x / block;
        int rgb = image.getRGB(box.x + x, box.y + y);
        counts[at]++;
        for (int c = 0; c < 3; c++) {
          means[3 * at + c] += rgb >> (16 - 8 * c) & 0xFF;
        }
      }
    }
    for (int i = 0; i < means.length; i++) {
      // Rounded here, so that blurring has no more digits than pixelating.
      means[i] = Math.rint(means[i] / counts[i / 3]);
    }
  }

  /**
   * Hides the pixels of a box.
   *
   * @param box inside the image
   */
  static void hide(BufferedImage image, Rectangle box, Hide way) {
    if (way == Hide.NOTHING || box.isEmpty()) {
      return;
    }
    HiddenBox hidden = way == Hide.FILL ? null : new HiddenBox(image, box);
    for (int y = 0; y < box.height; y++) {
      for (int x = 0; x < box.width; x++) {
        int rgb = hidden == null ? 0 : hidden.color(x, y, way == Hide.BLUR);
        image.setRGB(box.x + x, box.y + y, 0xFF000000 | rgb);
      }
    }
  }

  private int color(int x, int y, boolean smooth) {
    double column = smooth ? between((x + 0.5) / block - 0.5, columns) : Math.floorDiv(x, block);
    double row = smooth ? between((y + 0.5) / block - 0.5, rows) : Math.floorDiv(y, block);
    int left = (int) column;
    int top = (int) row;
    int right = Math.min(left + 1, columns - 1);
    int bottom = Math.min(top + 1, rows - 1);
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      double upper = mix(mean(left, top, c), mean(right, top, c), column - left);
      double lower = mix(mean(left, bottom, c), mean(right, bottom, c), column - left);
      rgb = rgb << 8 | (int) Math.rint(mix(upper, lower, row - top));
    }
    return rgb;
  }

  private static double between(double value, int count) {
    return Math.max(0, Math.min(count - 1.0, value));
  }

  private static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  private double mean(int column, int row, int channel) {
    return means[3 * (row * columns + column) + channel];
  }
}
