package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Box;
import ai.irmb.Detections;
import java.util.Arrays;
import java.util.List;

/**
 * A polygon in an image. A box is inside if its anchor is inside the polygon or on its edge. Where
 * a polygon crosses itself, the even-odd rule decides. Immutable and safe for concurrent use.
 *
 * <pre>{@code
 * Zone door = Zone.of("door", 100, 400, 300, 400, 300, 700, 100, 700);
 * Map<String, Integer> perClass = door.inside(detections).counts();
 * }</pre>
 *
 * @param name the name of the zone
 * @param corners x and y of each corner in turn, in pixels of the image; at least three corners.
 *     The last is joined to the first.
 * @param anchor the point of a box that decides
 */
public record Zone(String name, List<Double> corners, Anchor anchor) {
  /**
   * @throws IllegalArgumentException if there are fewer than three corners, a value without its
   *     partner, or a value that is not finite
   */
  public Zone {
    requireNonNull(name, "name");
    requireNonNull(anchor, "anchor");
    corners = List.copyOf(corners);
    if (corners.size() < 6 || corners.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "zone "
              + name
              + ": expected x and y of at least 3 corners, found "
              + corners.size()
              + " values");
    }
    for (double value : corners) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "zone " + name + ": expected finite coordinates, found " + value);
      }
    }
  }

  /**
   * {@return a zone whose anchor is {@link Anchor#BOTTOM_CENTER}}
   *
   * @param corners x and y of each corner in turn, in pixels
   * @throws IllegalArgumentException if they are not those of at least three corners
   */
  public static Zone of(String name, double... corners) {
    return new Zone(name, Arrays.stream(corners).boxed().toList(), Anchor.BOTTOM_CENTER);
  }

  /** {@return this zone with another anchor} */
  public Zone withAnchor(Anchor point) {
    return new Zone(name, corners, point);
  }

  /** {@return whether the anchor of the box is inside the polygon or on its edge} */
  public boolean contains(Box box) {
    Point point = anchor.of(box);
    boolean isInside = false;
    int count = corners.size();
    for (int i = 0; i < count; i += 2) {
      Point from = new Point(corners.get(i), corners.get(i + 1));
      Point to = new Point(corners.get((i + 2) % count), corners.get((i + 3) % count));
      if (Point.meet(from, to, point, point)) {
        return true;
      }
      // The edge crosses the horizontal ray to the right of the point.
      if ((from.y() > point.y()) != (to.y() > point.y())
          && point.side(from, to) == (to.y() > from.y() ? 1 : -1)) {
        isInside = !isInside;
      }
    }
    return isInside;
  }

  /** {@return the detections inside the zone; {@link Detections#counts} counts them by class} */
  public Detections inside(Detections detections) {
    return detections.filter(detection -> contains(detection.box()));
  }
}
