package ai.irmb.internal.postprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Traces the boundaries of a bitmap along pixel edges, with the set pixels to the right. Pixels are
 * connected diagonally too.
 */
public final class Contours {
  private static final int[] DX = {1, 0, -1, 0};
  private static final int[] DY = {0, 1, 0, -1};

  /** Bounds the look-ahead, so that an adversarial outline cannot take quadratic time. */
  private static final int MAX_LOOKAHEAD = 1000;

  private final BitSet bits;
  private final int width;
  private final int height;
  private final BitSet traced;

  private Contours(BitSet bits, int width, int height) {
    this.bits = bits;
    this.width = width;
    this.height = height;
    this.traced = new BitSet(width * height);
  }

  /**
   * {@return the boundaries, ordered by their uppermost row}
   *
   * <p>Each is closed, as x0, y0, x1, y1 … in pixels from the bitmap's upper left corner. Outer
   * boundaries are clockwise on the screen, those of holes counterclockwise.
   *
   * @param bits in row-major order; not modified
   * @param width columns
   * @param height rows
   */
  public static List<int[]> of(BitSet bits, int width, int height) {
    return new Contours(bits, width, height).all();
  }

  private List<int[]> all() {
    List<int[]> contours = new ArrayList<>();
    for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(at + 1)) {
      // Every boundary has an upper edge somewhere; the first one starts the trace.
      if (!traced.get(at) && !isOn(at % width, at / width - 1)) {
        contours.add(traceBoundary(at % width, at / width));
      }
    }
    return contours;
  }

  /** Starts to the right along the upper edge of a pixel. */
  private int[] traceBoundary(int startX, int startY) {
    int[] corners = new int[16];
    int count = 0;
    int x = startX;
    int y = startY;
    int direction = 0;
    do {
      if (direction == 0) {
        traced.set(y * width + x);
      }
      x += DX[direction];
      y += DY[direction];
      int next = nextDirection(x, y, direction);
      if (next != direction) {
        if (count + 2 > corners.length) {
          corners = Arrays.copyOf(corners, 2 * count);
        }
        corners[count++] = x;
        corners[count++] = y;
      }
      direction = next;
    } while (x != startX || y != startY || direction != 0);
    return Arrays.copyOf(corners, count);
  }

  /** {@return the direction in which the boundary continues from a corner} */
  private int nextDirection(int x, int y, int direction) {
    int left = (direction + 3) % 4;
    int right = (direction + 1) % 4;
    if (isOn(ahead(x, DX[direction], DX[left]), ahead(y, DY[direction], DY[left]))) {
      return left;
    }
    return isOn(ahead(x, DX[direction], DX[right]), ahead(y, DY[direction], DY[right]))
        ? direction
        : right;
  }

  /** {@return the pixel next to a corner, ahead and to one side} */
  private static int ahead(int corner, int forward, int aside) {
    return forward + aside > 0 ? corner : corner - 1;
  }

  private boolean isOn(int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height && bits.get(y * width + x);
  }

  /**
   * {@return a boundary moved to the set pixels along it, as x0, y0, x1, y1 … of columns and rows}
   *
   * <p>This is the chain of pixels that OpenCV's {@code findContours} returns, without the pixels
   * inside a straight or diagonal part. One or two pixels have as many corners.
   *
   * @param corners a boundary along pixel edges, with the pixels to the right; not modified
   */
  public static int[] throughCenters(int[] corners) {
    int[] chain = new int[2 * corners.length];
    int count = 0;
    for (int i = 0; i < corners.length; i += 2) {
      int next = (i + 2) % corners.length;
      int dx = Integer.signum(corners[next] - corners[i]);
      int dy = Integer.signum(corners[next + 1] - corners[i + 1]);
      // The pixel to the right of the first edge of this side, then that of the last.
      int x = corners[i] - (dx < 0 || dy > 0 ? 1 : 0);
      int y = corners[i + 1] - (dx < 0 || dy < 0 ? 1 : 0);
      int length =
          Math.abs(corners[next] - corners[i]) + Math.abs(corners[next + 1] - corners[i + 1]) - 1;
      count = addPixel(chain, count, x, y);
      count = addPixel(chain, count, x + length * dx, y + length * dy);
    }
    return withoutStraight(Arrays.copyOf(chain, count));
  }

  /** {@return the new number of values; a pixel that is there already is not repeated} */
  private static int addPixel(int[] chain, int count, int x, int y) {
    if (count > 0 && chain[count - 2] == x && chain[count - 1] == y) {
      return count;
    }
    chain[count] = x;
    chain[count + 1] = y;
    return count + 2;
  }

  /** {@return the corners of a closed chain at which its direction changes} */
  private static int[] withoutStraight(int[] chain) {
    int length = chain.length;
    boolean isClosedTwice =
        length > 2 && chain[0] == chain[length - 2] && chain[1] == chain[length - 1];
    int end = isClosedTwice ? length - 2 : length;
    int[] kept = new int[end];
    int count = 0;
    for (int i = 0; i < end; i += 2) {
      int before = (i + end - 2) % end;
      int after = (i + 2) % end;
      boolean isStraight =
          Integer.signum(chain[i] - chain[before]) == Integer.signum(chain[after] - chain[i])
              && Integer.signum(chain[i + 1] - chain[before + 1])
                  == Integer.signum(chain[after + 1] - chain[i + 1]);
      if (!isStraight || end == 2) {
        count = addPixel(kept, count, chain[i], chain[i + 1]);
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** {@return the area inside a closed outline; negative if it is counterclockwise} */
  public static double signedArea(int[] corners) {
    double twice = 0;
    int last = corners.length - 2;
    for (int i = 0; i < corners.length; i += 2) {
      twice += (double) corners[last] * corners[i + 1] - (double) corners[i] * corners[last + 1];
      last = i;
    }
    return twice / 2;
  }

  /**
   * {@return a simplified outline; no removed corner is farther from it than the tolerance}
   *
   * <p>Scans once: after a kept corner, the next one kept is the last whose straight line is within
   * the tolerance of all corners between, as long as the outline does not reverse.
   *
   * @param corners x0, y0, x1, y1 …; not modified
   * @param tolerance at least 0
   */
  public static int[] simplify(int[] corners, double tolerance) {
    int count = corners.length / 2;
    int[] kept = new int[corners.length];
    int keeps = 0;
    for (int from = 0; from < count; ) {
      kept[keeps++] = corners[2 * from];
      kept[keeps++] = corners[2 * from + 1];
      from = nextKeptCorner(corners, from, tolerance);
    }
    return Arrays.copyOf(kept, keeps);
  }

  /** {@return the next corner to keep; the number of corners for the first one} */
  private static int nextKeptCorner(int[] corners, int from, double tolerance) {
    int count = corners.length / 2;
    double straight = Double.NaN;
    double minAngle = Double.NEGATIVE_INFINITY;
    double maxAngle = Double.POSITIVE_INFINITY;
    double farthest = 0;
    int last = from + 1;
    for (int to = from + 1; to <= Math.min(count, from + MAX_LOOKAHEAD); to++) {
      double dx = corners[2 * (to % count)] - corners[2 * from];
      double dy = corners[2 * (to % count) + 1] - corners[2 * from + 1];
      double distance = Math.hypot(dx, dy);
      if (distance < farthest - tolerance) {
        break;
      }
      farthest = Math.max(farthest, distance);
      if (distance > tolerance) {
        straight = Double.isNaN(straight) ? Math.atan2(dy, dx) : straight;
        double angle = Math.IEEEremainder(Math.atan2(dy, dx) - straight, 2 * Math.PI);
        double spread = Math.asin(tolerance / distance);
        boolean isInSight = angle >= minAngle && angle <= maxAngle;
        minAngle = Math.max(minAngle, angle - spread);
        maxAngle = Math.min(maxAngle, angle + spread);
        if (minAngle > maxAngle) {
          break;
        }
        last = isInSight ? to : last;
      } else {
        last = to;
      }
    }
    return last;
  }
}
