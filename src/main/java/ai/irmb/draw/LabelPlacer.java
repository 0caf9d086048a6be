package ai.irmb.draw;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a position for each label inside the image: the one that overlaps the earlier labels least,
 * among equal ones the one that covers least of the label's own box, then the most common. Not safe
 * for concurrent use.
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
      {box.getX(), box.getMaxY()},
      {right, box.getMaxY()},
      {box.getMaxX(), box.getY()},
      {box.getX() - plateWidth, box.getY()},
      {box.getX(), box.getY()},
      {right, box.getY()},
      {box.getX(), bottom},
      {right, bottom},
      {middle, box.getCenterY() - plateHeight / 2},
    };
    Rectangle2D best = null;
    double leastCovered = Double.POSITIVE_INFINITY;
    double leastHidden = Double.POSITIVE_INFINITY;
    for (double[] corner : corners) {
      Rectangle2D plate =
          new Rectangle2D.Double(
              inside(corner[0], width - plateWidth),
              inside(corner[1], height - plateHeight),
              plateWidth,
              plateHeight);
      double covered = covered(plate);
      double hidden = overlap(plate, box, 0);
      if (best == null
          || covered < leastCovered
          || (covered == leastCovered && hidden < leastHidden)) {
        best = plate;
        leastCovered = covered;
        leastHidden = hidden;
      }
      if (covered == 0 && hidden == 0) {
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
      sum += overlap(plate, other, gap);
    }
    return sum;
  }

  private static double overlap(Rectangle2D a, Rectangle2D b, double gap) {
    double w = Math.min(a.getMaxX(), b.getMaxX()) - Math.max(a.getX(), b.getX()) + gap;
    double h = Math.min(a.getMaxY(), b.getMaxY()) - Math.max(a.getY(), b.getY()) + gap;
    return w > 0 && h > 0 ? w * h : 0;
  }
}
