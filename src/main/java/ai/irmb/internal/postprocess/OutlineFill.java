package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * Fills a closed outline with integer corners: the pixels of its edges, drawn 8-connected, and
 * those inside by the even-odd rule, as OpenCV's {@code fillPoly} does. Only the outline's bounding
 * rectangle is stored. Immutable.
 */
final class OutlineFill {
  private final int left;
  private final int top;
  private final int width;
  private final int height;
  private final boolean[] pixels;

  /** Corners that may be outside, of which only the part in the image is filled. */
  private final int[] xs;

  private final int[] ys;

  /**
   * @param xs columns of the corners, at least one; may be outside the image
   * @param ys rows of the corners
   * @param imageWidth in pixels
   * @param imageHeight in pixels
   */
  OutlineFill(int[] xs, int[] ys, int imageWidth, int imageHeight) {
    this.xs = xs;
    this.ys = ys;
    left = Math.max(0, Arrays.stream(xs).min().orElse(0));
    top = Math.max(0, Arrays.stream(ys).min().orElse(0));
    width = Math.max(0, Math.min(imageWidth - 1, Arrays.stream(xs).max().orElse(-1)) + 1 - left);
    height = Math.max(0, Math.min(imageHeight - 1, Arrays.stream(ys).max().orElse(-1)) + 1 - top);
    pixels = new boolean[width * height];
    if (pixels.length > 0) {
      for (int i = 0; i < xs.length; i++) {
        int next = (i + 1) % xs.length;
        ClippedLine line = new ClippedLine(xs[i], ys[i], xs[next], ys[next]);
        if (line.clip(imageWidth - 1, imageHeight - 1)) {
          draw(line);
        }
      }
      fillInside();
    }
  }

  int left() {
    return left;
  }

  int top() {
    return top;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** {@return whether a pixel of the image is filled} */
  boolean contains(int x, int y) {
    return x >= left
        && x < left + width
        && y >= top
        && y < top + height
        && pixels[(y - top) * width + x - left];
  }

  /** Draws from left to right; a point halfway between two pixels stays on the earlier one. */
  private void draw(ClippedLine line) {
    boolean isReversed = line.x2 < line.x1;
    int x = isReversed ? line.x2 : line.x1;
    int y = isReversed ? line.y2 : line.y1;
    int dx = Math.abs(line.x2 - line.x1);
    int dy = isReversed ? line.y1 - line.y2 : line.y2 - line.y1;
    int down = Integer.signum(dy);
    long major = Math.max(dx, Math.abs(dy));
    long minor = Math.min(dx, Math.abs(dy));
    for (int i = 0; i <= major; i++) {
      int across = major == 0 ? 0 : (int) ((2 * minor * i + major - 1) / (2 * major));
      boolean isSteep = major > dx;
      int column = x + (isSteep ? across : i);
      int row = y + down * (isSteep ? i : across);
      pixels[(row - top) * width + column - left] = true;
    }
  }

  private void fillInside() {
    double[] crossings = new double[xs.length];
    for (int y = top; y < top + height; y++) {
      int count = 0;
      for (int i = 0; i < xs.length; i++) {
        int next = (i + 1) % xs.length;
        if (y >= ys[i] != y >= ys[next]) {
          double slope = ((double) xs[next] - xs[i]) / ((double) ys[next] - ys[i]);
          crossings[count++] = xs[i] + (y - (double) ys[i]) * slope;
        }
      }
      Arrays.sort(crossings, 0, count);
      for (int i = 0; i + 1 < count; i += 2) {
        int from = (int) Math.max(left, Math.ceil(crossings[i]));
        int to = (int) Math.min(left + width - 1.0, Math.floor(crossings[i + 1]));
        if (from <= to) {
          int row = (y - top) * width - left;
          Arrays.fill(pixels, row + from, row + to + 1, true);
        }
      }
    }
  }
}
