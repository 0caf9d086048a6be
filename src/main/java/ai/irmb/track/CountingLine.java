package ai.irmb.track;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detection;
import ai.irmb.Detections;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the tracks that cross a line, in either direction.
 *
 * <p>The line leads from its start to its end. An object crosses it when its anchor moves from one
 * side to the other, and the way between the two positions meets the line between its ends, both
 * included. A position on the line belongs to no side: an object that touches the line and turns
 * back does not cross it, one that stops on it crosses when it leaves on the other side. An object
 * that comes back is counted again, in the other direction. An object that is not detected in some
 * images moves in a straight line meanwhile.
 *
 * <pre>{@code
 * CountingLine door = new CountingLine("door", 100, 400, 300, 400);
 * for (RgbImage image : video) {
 *   door.update(tracker.update(detector.detect(image, options)));
 * }
 * Map<String, Integer> perClass = door.toRight();
 * }</pre>
 *
 * <p>Keeps all crossings, and one position for each track of the video. Use one per video. Not safe
 * for concurrent use.
 */
public final class CountingLine {
  /** The direction of a crossing, as seen from the start of the line towards its end. */
  public enum Direction {
    /** From the right of the line to its left. */
    TO_LEFT,
    /** From the left of the line to its right. */
    TO_RIGHT
  }

  /**
   * A track that crossed the line. Immutable.
   *
   * @param trackId the number of the track
   * @param label the class name
   * @param direction the direction in which it crossed
   */
  public record Crossing(int trackId, String label, Direction direction) {}

  private final String name;
  private final Point start;
  private final Point end;
  private final Anchor anchor;
  private final Map<Integer, Position> last = new HashMap<>();
  private final List<Crossing> crossings = new ArrayList<>();

  /**
   * The last position of a track.
   *
   * @param side the last side that the track was on: 1 right, -1 left, 0 none so far
   * @param met whether the track is on the line's extension, and met the line since that side
   */
  private record Position(Point at, int side, boolean met) {}

  /**
   * A line whose anchor is {@link Anchor#BOTTOM_CENTER}, in pixels of the image.
   *
   * @throws IllegalArgumentException if a value is not finite, or both ends are the same
   */
  public CountingLine(String name, double x1, double y1, double x2, double y2) {
    this(name, new Point(x1, y1), new Point(x2, y2), Anchor.BOTTOM_CENTER);
  }

  private CountingLine(String name, Point start, Point end, Anchor anchor) {
    this.name = requireNonNull(name, "name");
    this.start = start;
    this.end = end;
    this.anchor = requireNonNull(anchor, "anchor");
    double length = Math.hypot(end.x() - start.x(), end.y() - start.y());
    if (!(length > 0 && Double.isFinite(length))) {
      throw new IllegalArgumentException(
          "line "
              + name
              + ": expected two different, finite ends, found "
              + start.x()
              + ","
              + start.y()
              + " and "
              + end.x()
              + ","
              + end.y());
    }
  }

  /** {@return a line between the same ends with another anchor, which has counted nothing} */
  public CountingLine withAnchor(Anchor point) {
    return new CountingLine(name, start, end, point);
  }

  /** {@return the name of the line} */
  public String name() {
    return name;
  }

  /**
   * Counts the tracks that crossed the line since the previous image.
   *
   * @param detections of the next image, with tracks; those without a track are ignored
   * @return the crossings in this image
   */
  public List<Crossing> update(Detections detections) {
    List<Crossing> now = new ArrayList<>();
    for (Detection detection : detections) {
      Integer track = detection.trackId();
      if (track == null) {
        continue;
      }
      Position before = last.get(track);
      Point at = anchor.of(detection.box());
      int from = before == null ? 0 : before.side;
      int side = at.side(start, end);
      boolean met = before != null && (before.met || Point.meet(start, end, before.at, at));
      if (from * side < 0 && met) {
        Direction direction = side > 0 ? Direction.TO_RIGHT : Direction.TO_LEFT;
        now.add(new Crossing(track, detection.label(), direction));
      }
      last.put(track, new Position(at, side == 0 ? from : side, side == 0 && met));
    }
    crossings.addAll(now);
    return List.copyOf(now);
  }

  /** {@return all crossings so far, in order} */
  public List<Crossing> crossings() {
    return List.copyOf(crossings);
  }

  /** {@return the number of crossings to the left, by class name} */
  public Map<String, Integer> toLeft() {
    return counts(Direction.TO_LEFT);
  }

  /** {@return the number of crossings to the right, by class name} */
  public Map<String, Integer> toRight() {
    return counts(Direction.TO_RIGHT);
  }

  private Map<String, Integer> counts(Direction direction) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Crossing crossing : crossings) {
      if (crossing.direction == direction) {
        counts.merge(crossing.label, 1, Integer::sum);
      }
    }
    return Collections.unmodifiableMap(counts);
  }
}
