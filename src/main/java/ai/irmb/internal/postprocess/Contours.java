package ai.irmb.internal.postprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Walks around the pixels of a bitmap, along their sides, with the pixels that are on to the right.
 * Pixels that touch at a corner belong together.
 */
public final class Contours {
  private static final int[] DX = {1, 0, -1, 0};
  private static final int[] DY = {0, 1, 0, -1};

  /** So many corners ahead at most is looked, or an outline made for it would take forever. */
  private static final int FARTHEST = 1000;

  private final BitSet bits;
  private final int width;
  private final int height;
  private final BitSet walked;

  private Contours(BitSet bits, int width, int height) {
    this.bits = bits;
    this.width = width;
    this.height = height;
    this.walked = new BitSet(width * height);
  }

  /**
   * {@return the boundaries, in the order of their uppermost row}
   *
   * <p>Each is closed, x and y of its corners in turn, in units of pixels from the bitmap's upper
   * left corner. Outer ones go clockwise on the screen, those of holes the other way.
   *
   * @param bits row by row; not modified
   * @param width columns
   * @param height rows
   */
  public static List<int[]> of(BitSet bits, int width, int height) {
    return new Contours(bits, width, height).all();
  }

  private List<int[]> all() {
    List<int[]> contours = new ArrayList<>();
    for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(at + 1)) {
      // Every boundary has an upper side somewhere, and is found by the first of them.
      if (!walked.get(at) && !isOn(at % width, at / width - 1)) {
        contours.add(walk(at % width, at / width));
      }
    }
    return contours;
  }

  /** Starts to the right along the upper side of a pixel. */
  private int[] walk(int startX, int startY) {
    int[] corners = new int[16];
    int count = 0;
    int x = startX;
    int y = startY;
    int direction = 0;
    do {
      if (direction == 0) {
        walked.set(y * width + x);
      }
      x += DX[direction];
      y += DY[direction];
      int turned = turn(x, y, direction);
      if (turned != direction) {
        if (count + 2 > corners.length) {
          corners = Arrays.copyOf(corners, 2 * count);
        }
        corners[count++] = x;
        corners[count++] = y;
      }
      direction = turned;
    } while (x != startX || y != startY || direction != 0);
    return Arrays.copyOf(corners, count);
  }

  /** {@return the direction in which the boundary goes on from a corner} */
  private int turn(int x, int y, int direction) {
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

  /** {@return the area inside a closed outline; negative if it goes against the clock} */
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
   * {@return some of the corners of a closed outline, so that none is farther from the new one}
   *
   * <p>One pass: from a corner that stays, the next to stay is the last that is seen within the
   * tolerance of all between, as long as the outline does not turn back.
   *
   * @param corners x and y in turn; not modified
   * @param tolerance at least 0
   */
  public static int[] simplify(int[] corners, double tolerance) {
    int count = corners.length / 2;
    int[] kept = new int[corners.length];
    int keeps = 0;
    for (int from = 0; from < count; ) {
      kept[keeps++] = corners[2 * from];
      kept[keeps++] = corners[2 * from + 1];
      from = lastInSight(corners, from, tolerance);
    }
    return Arrays.copyOf(kept, keeps);
  }

  /** {@return the corner after {@code from} that stays; the count of corners for the first} */
  private static int lastInSight(int[] corners, int from, double tolerance) {
    int count = corners.length / 2;
    double straight = Double.NaN;
    double least = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    double farthest = 0;
    int last = from + 1;
    for (int to = from + 1; to <= Math.min(count, from + FARTHEST); to++) {
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
        boolean isInSight = angle >= least && angle <= most;
        least = Math.max(least, angle - spread);
        most = Math.min(most, angle + spread);
        if (least > most) {
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
