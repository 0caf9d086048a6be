package ai.irmb.track;

/** A point in an image, in pixels. Immutable. */
record Point(double x, double y) {
  /**
   * {@return the side of the line from one point to another that this point is on: 1 right, -1
   * left, 0 on the line or its extension}
   */
  int side(Point from, Point to) {
    // In an image y grows downwards, so a positive product is on the right.
    return (int) Math.signum((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x));
  }

  /** {@return whether two line segments have a point in common, their ends included} */
  static boolean meet(Point a, Point b, Point c, Point d) {
    // Segments on one line have all points on side 0; their extents decide.
    return overlap(a.x, b.x, c.x, d.x)
        && overlap(a.y, b.y, c.y, d.y)
        && a.side(c, d) * b.side(c, d) <= 0
        && c.side(a, b) * d.side(a, b) <= 0;
  }

  private static boolean overlap(double a, double b, double c, double d) {
    return Math.max(a, b) >= Math.min(c, d) && Math.max(c, d) >= Math.min(a, b);
  }
}
