package ai.irmb.track;

import ai.irmb.Box;

/** The point of a box that decides where an object is. */
public enum Anchor {
  /** The middle of the lower side: where a person or a vehicle touches the ground. */
  BOTTOM_CENTER(0.5, 1),
  /** The center of the box. */
  CENTER(0.5, 0.5),
  /** The middle of the upper side. */
  TOP_CENTER(0.5, 0);

  private final double x;
  private final double y;

  Anchor(double x, double y) {
    this.x = x;
    this.y = y;
  }

  Point of(Box box) {
    return new Point(
        box.x1() + x * (box.x2() - (double) box.x1()),
        box.y1() + y * (box.y2() - (double) box.y1()));
  }
}
