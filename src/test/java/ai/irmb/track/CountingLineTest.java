package ai.irmb.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.track.CountingLine.Crossing;
import ai.irmb.track.CountingLine.Direction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ways of objects whose crossings are counted by hand. */
@Tag("fast")
class CountingLineTest {
  private static final Direction LEFT = Direction.TO_LEFT;
  private static final Direction RIGHT = Direction.TO_RIGHT;

  /** From (100, 200) to (300, 200): below it is right of it. */
  private final CountingLine line = new CountingLine("door", 100, 200, 300, 200);

  /** A box of 20 x 40 pixels that stands on a point. */
  private static Detection standing(int track, String label, float x, float y) {
    return new Detection(0, label, 0.9f, new Box(x - 10, y - 40, x + 10, y)).withTrackId(track);
  }

  private static List<Crossing> update(CountingLine line, Detection... detections) {
    return line.update(new Detections(1000, 1000, 640, 640, List.of(detections)));
  }

  /** {@return the directions in which a track crosses that moves from point to point} */
  private static List<Direction> walked(CountingLine line, float... points) {
    for (int i = 0; i < points.length; i += 2) {
      update(line, standing(1, "person", points[i], points[i + 1]));
    }
    return line.crossings().stream().map(Crossing::direction).toList();
  }

  @Test
  void countsBothDirections() {
    assertEquals(List.of(RIGHT), walked(line, 200, 150, 200, 250));
    assertEquals(List.of(RIGHT, LEFT), walked(line, 200, 150));
    assertEquals(Map.of("person", 1), line.toRight());
    assertEquals(Map.of("person", 1), line.toLeft());
  }

  @Test
  void aReversedLineExchangesTheDirections() {
    CountingLine reversed = new CountingLine("door", 300, 200, 100, 200);
    assertEquals(List.of(LEFT), walked(reversed, 200, 150, 200, 250));
    // Upwards: right is where x grows.
    CountingLine upwards = new CountingLine("up", 200, 300, 200, 100);
    assertEquals(List.of(RIGHT), walked(upwards, 150, 200, 250, 200));
  }

  @Test
  void theWayMustMeetTheLineBetweenItsEnds() {
    assertEquals(List.of(), walked(line, 301, 150, 301, 250, 99, 250, 99, 150));
  }

  @Test
  void theEndsBelongToTheLine() {
    assertEquals(List.of(RIGHT), walked(line, 300, 150, 300, 250));
    assertEquals(List.of(RIGHT, LEFT), walked(line, 50, 250, 150, 150));
  }

  @Test
  void touchingTheLineIsNoCrossing() {
    assertEquals(List.of(), walked(line, 200, 150, 200, 200, 220, 200, 220, 150));
  }

  @Test
  void stoppingOnTheLineCrossesWhenItIsLeft() {
    assertEquals(List.of(), walked(line, 200, 150, 200, 200, 220, 200));
    assertEquals(List.of(RIGHT), walked(line, 220, 250));
  }

  @Test
  void aPositionBeyondTheEndMeetsNothing() {
    assertEquals(List.of(), walked(line, 400, 150, 400, 200, 400, 250));
  }

  @Test
  void startingOnTheLineIsNoCrossing() {
    assertEquals(List.of(), walked(line, 200, 200, 200, 250));
    // The way around the end does not count the start on the line.
    assertEquals(List.of(), walked(line, 400, 250, 400, 150));
  }

  @Test
  void aVanishedTrackMovesInAStraightLine() {
    assertEquals(List.of(), walked(line, 200, 150));
    assertEquals(List.of(), update(line));
    assertEquals(List.of(), update(line, standing(2, "person", 200, 250)));
    assertEquals(List.of(RIGHT), walked(line, 250, 250));
  }

  @Test
  void countsEachClassAndTrack() {
    update(line, standing(1, "person", 150, 150), standing(2, "dog", 250, 250));
    List<Crossing> now =
        update(line, standing(1, "person", 150, 250), standing(2, "dog", 250, 150));
    assertEquals(List.of(new Crossing(1, "person", RIGHT), new Crossing(2, "dog", LEFT)), now);
    update(line, standing(3, "person", 200, 150));
    update(line, standing(3, "person", 200, 250));
    assertEquals(Map.of("person", 2), line.toRight());
    assertEquals(Map.of("dog", 1), line.toLeft());
  }

  @Test
  void detectionsWithoutTrackAreIgnored() {
    Detection above = new Detection(0, "person", 0.9f, new Box(190, 110, 210, 150));
    Detection below = new Detection(0, "person", 0.9f, new Box(190, 210, 210, 250));
    update(line, above);
    assertEquals(List.of(), update(line, below));
  }

  @Test
  void theAnchorDecides() {
    // The feet cross, the center at 20 pixels above them does not.
    assertEquals(List.of(RIGHT), walked(line, 200, 190, 200, 210));
    assertEquals(List.of(), walked(line.withAnchor(Anchor.CENTER), 200, 190, 200, 210));
  }

  @Test
  void refusesLinesWithoutLength() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new CountingLine("door", 1, 2, 1, 2));
    assertEquals(
        "line door: expected two different, finite ends, found 1.0,2.0 and 1.0,2.0",
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new CountingLine("door", 1, 2, Double.NaN, 2));
  }
}
