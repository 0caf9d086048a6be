package ai.irmb.draw;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a position for each label inside the image: the one that overlaps the earlier labels least,
 * and among equal ones the most common. Not safe for concurrent use.
 */
final class LabelPlacer {
  private final double width;
  private final double height;
  private final double gap;
  private final List<Rectangle2D> taken = new ArrayList<>();

  /**
   * @param gap free space between labels
   */
  LabelPlacer(double width, double height, double gap) {
    this.width = width;
    this.height = height;
    this.gap = gap;
  }

  /** {@return the position of a label of this size, which is then occupied} */
  Rectangle2D place(Rectangle2D box, double plateWidth, double plateHeight) {
    double right = box.getMaxX() - plateWidth;
    double bottom = box.getMaxY() - plateHeight;
    double middle = box.getCenterX() - plateWidth / 2;
    double[][] corners = {
      {box.getX(), box.getY() - plateHeight},
      {right, box.getY() - plateHeight},
      {box.getX(), box.getY()},
      {right, box.getY()},
      {box.getX(), box.getMaxY()},
      {right, box.getMaxY()},
      {box.getX(), bottom},
      {right, bottom},
      {middle, box.getCenterY() - plateHeight / 2},
    };
    Rectangle2D best = null;
    double leastCovered = Double.POSITIVE_INFINITY;
    for (double[] corner : corners) {
      Rectangle2D plate =
          new Rectangle2D.Double(
              inside(corner[0], width - plateWidth),
              inside(corner[1], height - plateHeight),
              plateWidth,
              plateHeight);
      double covered = covered(plate);
      if (best == null || covered < leastCovered) {
        best = plate;
        leastCovered = covered;
      }
      if (covered == 0) {
        break;
      }
    }
    if (best == null) {
      throw new IllegalStateException("there is always a place");
    }
    taken.add(best);
    return best;
  }

  private static double inside(double value, double max) {
    return Math.max(0, Math.min(value, max));
  }

  private double covered(Rectangle2D plate) {
    double sum = 0;
    for (Rectangle2D other : taken) {
      double w =
          Math.min(plate.getMaxX(), other.getMaxX()) - Math.max(plate.getX(), other.getX()) + gap;
      double h =
          Math.min(plate.getMaxY(), other.getMaxY()) - Math.max(plate.getY(), other.getY()) + gap;
      if (w > 0 && h > 0) {
        sum += w * h;
      }
    }
    return sum;
  }
}
